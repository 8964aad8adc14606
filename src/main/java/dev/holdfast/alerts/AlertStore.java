package dev.holdfast.alerts;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.holdfast.state.StoredJson;
import dev.holdfast.store.CompleteRecord;
import dev.holdfast.store.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Stores the alert memory of one stack, or of the installation, in an object next to the state. A write succeeds only
 * over the version that this process read or wrote last. So if two processes both believe that they hold the lease,
 * only one of them sends alerts.
 */
final class AlertStore {
    private static final int MOST_UNANSWERED = 10;

    private final ObjectStore store;
    private final String key;
    private @Nullable String etag;
    /** The contents whose writes have had no answer since the last success: any of them may have taken effect. */
    private final Deque<byte[]> unanswered = new ArrayDeque<>();

    /** @param stack null: the memory of the installation as a whole */
    AlertStore(ObjectStore store, @Nullable String stack) {
        this.store = store;
        this.key = stack == null ? "alerts.json" : "stacks/" + stack + "/alerts.json";
    }

    /** @param unreadable the location of an object that is not an alert memory, or null */
    record LoadedMemory(AlertMemory memory, @Nullable String unreadable) {}

    LoadedMemory load() {
        ObjectStore.Stored stored = store.get(key);
        etag = stored == null ? null : stored.etag();
        unanswered.clear();
        if (stored == null) {
            return new LoadedMemory(AlertMemory.NONE, null);
        }
        try {
            return new LoadedMemory(
                    CompleteRecord.of(StoredJson.MAPPER.readValue(stored.content(), AlertMemory.class)), null);
        } catch (IOException e) {
            // Another version of Holdfast wrote another format: a repeated alert is better than a lost alert.
            return new LoadedMemory(AlertMemory.NONE, store.location(key));
        }
    }

    /** @throws ObjectStore.PreconditionFailedException if another process wrote the memory meanwhile */
    void save(AlertMemory memory) {
        byte[] content = bytes(memory);
        unanswered.addLast(content);
        if (unanswered.size() > MOST_UNANSWERED) {
            unanswered.removeFirst();
        }
        try {
            etag = store.putIf(key, content, etag);
        } catch (ObjectStore.PreconditionFailedException e) {
            ObjectStore.Stored stored = store.get(key);
            if (stored == null || unanswered.stream().noneMatch(c -> Arrays.equals(c, stored.content()))) {
                throw e;
            }
            etag = Arrays.equals(content, stored.content()) ? stored.etag() : store.putIf(key, content, stored.etag());
        }
        unanswered.clear();
    }

    private static byte[] bytes(AlertMemory memory) {
        try {
            return StoredJson.MAPPER.writeValueAsBytes(memory);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
