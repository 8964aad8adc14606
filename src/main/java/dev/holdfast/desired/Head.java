package dev.holdfast.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A commit to a stack, which made a revision the desired one.
 *
 * @param revision the SHA-256 of the revision's canonical form
 * @param previous the revision before this one, null for the first
 * @param number the number of the commit, from 1
 * @param commit the commit in the version control system, if known
 * @param signature null: the head is not signed
 */
public record Head(
        String revision,
        @Nullable String previous,
        long number,
        String author,
        String message,
        @Nullable String commit,
        Instant time,
        @Nullable HeadSignature signature) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    Head signed(@Nullable HeadSignature by) {
        return new Head(revision, previous, number, author, message, commit, time, by);
    }

    byte[] write() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("revision", revision);
        fields.put("previous", previous);
        fields.put("number", number);
        fields.put("author", author);
        fields.put("message", message);
        fields.put("commit", commit);
        fields.put("time", time.toString());
        if (signature != null) {
            fields.put("signature", Map.of("key", signature.key(), "value", signature.value()));
        }
        try {
            return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(fields);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are always written", e);
        }
    }

    /** @return null if the content is not a head */
    static @Nullable Head read(byte[] content) {
        try {
            JsonNode json = MAPPER.readTree(content);
            String revision = json.path("revision").asText("");
            String time = json.path("time").asText("");
            if (!revision.matches("[0-9a-f]{64}") || time.isEmpty()) {
                return null;
            }
            return new Head(
                    revision,
                    json.path("previous").textValue(),
                    json.path("number").asLong(1),
                    json.path("author").asText(""),
                    json.path("message").asText(""),
                    json.path("commit").textValue(),
                    Instant.parse(time),
                    signature(json.path("signature")));
        } catch (IOException | DateTimeException e) {
            return null;
        }
    }

    private static @Nullable HeadSignature signature(JsonNode json) {
        return json.isObject()
                ? new HeadSignature(
                        json.path("key").asText(""), json.path("value").asText(""))
                : null;
    }
}
