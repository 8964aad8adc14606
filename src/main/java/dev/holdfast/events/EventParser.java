package dev.holdfast.events;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.holdfast.model.ChangeAuthor;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Parses messages of EventBridge. Every text gives a result: an event, no event of interest, or the reason of a
 * failure.
 *
 * @see <a href="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html">CloudTrail's
 *     records</a>
 */
final class EventParser {
    /** EventBridge limits an event to 256 KB, so that a text of 1 MB is no event. */
    private static final int MOST_CHARS = 1_000_000;

    private static final int MOST_TEXTS = 5_000;
    private static final int LONGEST_TEXT = 2_048;
    /** Lambda appends a date and a version to the names of its calls. */
    private static final Pattern VERSION = Pattern.compile("\\d{8}(v\\d+)?$|\\d{4}_\\d{2}_\\d{2}$");

    private static final String RECORD = "AWS API Call via CloudTrail";
    private static final String SERVICE_RECORD = "AWS Service Event via CloudTrail";
    private static final String CONSOLE = "AWS Console Action via CloudTrail";

    /** The services whose event source differs from the prefix of their IAM actions. */
    private static final Map<String, String> SERVICES =
            Map.of("monitoring", "cloudwatch", "autoscaling", "application-autoscaling", "tagging", "tag");

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(200)
                            .maxStringLength(MOST_CHARS)
                            .build())
                    .build())
            .build();

    private final AuthorReader authors;

    EventParser(AuthorReader authors) {
        this.authors = authors;
    }

    /** The result for a message. */
    sealed interface ParsedMessage {
        record Changed(ChangeEvent event) implements ParsedMessage {}

        /** A notice that a service sends about its own work. */
        record Told(ServiceNotice notice) implements ParsedMessage {}

        /** A well-formed message of no interest: a read, or a call that failed. */
        record Ignored() implements ParsedMessage {}

        record UnreadableMessage(String why) implements ParsedMessage {}
    }

    ParsedMessage read(String body) {
        if (body.length() > MOST_CHARS) {
            return new ParsedMessage.UnreadableMessage("it has " + body.length() + " characters");
        }
        try {
            return read(JSON.readTree(body));
        } catch (JsonProcessingException e) {
            return new ParsedMessage.UnreadableMessage(
                    "it is no JSON: " + e.getClass().getSimpleName());
        }
    }

    private ParsedMessage read(JsonNode envelope) {
        String type = text(envelope, "detail-type");
        JsonNode detail = envelope.path("detail");
        if (!detail.isObject() || type.isEmpty()) {
            return new ParsedMessage.UnreadableMessage("it has no detail-type or no detail");
        }
        return switch (type) {
            case RECORD, SERVICE_RECORD, CONSOLE -> record(detail);
            default -> {
                ServiceNotice notice = ServiceNotice.of(type, envelope, detail);
                yield notice == null ? new ParsedMessage.Ignored() : new ParsedMessage.Told(notice);
            }
        };
    }

    private ParsedMessage record(JsonNode detail) {
        String source = text(detail, "eventSource");
        String name = VERSION.matcher(text(detail, "eventName")).replaceAll("");
        String account = text(detail, "recipientAccountId");
        String id = text(detail, "eventID");
        if (source.isEmpty() || name.isEmpty() || account.isEmpty() || id.isEmpty()) {
            return new ParsedMessage.UnreadableMessage(
                    "it lacks eventSource, eventName, recipientAccountId or eventID");
        }
        Instant at;
        try {
            at = Instant.parse(text(detail, "eventTime"));
        } catch (DateTimeException e) {
            return new ParsedMessage.UnreadableMessage("its eventTime is no time");
        }
        if (detail.path("readOnly").asBoolean(false)
                || !text(detail, "errorCode").isEmpty()) {
            return new ParsedMessage.Ignored();
        }
        int dot = source.indexOf('.');
        String prefix = dot < 0 ? source : source.substring(0, dot);
        String service = SERVICES.getOrDefault(prefix, prefix);
        ChangeAuthor by = authors.read(detail, service + ":" + name, at, id);
        return new ParsedMessage.Changed(new ChangeEvent(
                account,
                service,
                name,
                at,
                text(detail, "requestID"),
                text(detail, "userAgent").contains("app/holdfast"),
                by,
                texts(detail)));
    }

    static String text(JsonNode object, String member) {
        JsonNode value = object.path(member);
        return value.isTextual() ? value.textValue() : "";
    }

    /** The texts in the parameters and the answer. */
    static Set<String> texts(JsonNode detail) {
        Set<String> texts = new HashSet<>();
        Deque<JsonNode> open = new ArrayDeque<>();
        open.add(detail.path("requestParameters"));
        open.add(detail.path("responseElements"));
        open.add(detail.path("resources"));
        while (!open.isEmpty() && texts.size() < MOST_TEXTS) {
            JsonNode node = open.removeLast();
            if (node.isContainerNode()) {
                node.forEach(open::add);
            } else if (node.isTextual() && node.textValue().length() <= LONGEST_TEXT) {
                ResourceNames.parts(node.textValue(), texts);
            }
        }
        return Set.copyOf(texts);
    }
}
