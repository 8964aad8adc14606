package dev.holdfast.alerts;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the alert memory of one stack is kept: an object beside the stack's state, written only over what this process read
 * or wrote last. So of two that think they hold the stack's lease, only one tells.
 */
final class AlertStore {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private final ObjectStore store;
    private final String key;
    private @Nullable String etag;

    AlertStore(ObjectStore store, String stack) {
        this.store = store;
        this.key = "stacks/" + stack + "/alerts.json";
    }

    AlertMemory load() {
        ObjectStore.Stored stored = store.get(key);
        etag = stored == null ? null : stored.etag();
        if (stored == null) {
            return AlertMemory.NONE;
        }
        try {
            return MAPPER.readValue(stored.content(), AlertMemory.class);
        } catch (IOException e) {
            // Another version wrote it in another form: to tell once more is better than never to tell again.
            return AlertMemory.NONE;
        }
    }

    /** @throws ObjectStore.PreconditionFailedException if somebody else wrote it meanwhile */
    void save(AlertMemory memory) {
        try {
            etag = store.putIf(key, MAPPER.writeValueAsBytes(memory), etag);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
