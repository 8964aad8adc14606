package dev.holdfast.state;

import dev.holdfast.aws.CallContext;
import dev.holdfast.aws.WriteRefusedException;
import dev.holdfast.store.ObjectStore;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A store that refuses a write if the pass that sends it may no longer write. Calls to AWS, and so writes to a state in
 * S3, have this check already. Without this class, a pass that has lost its lease could still write to a state in a
 * directory.
 */
public record GatedStore(ObjectStore behind) implements ObjectStore {
    private static void admit(String operation) {
        if (CallContext.CURRENT.isBound() && !CallContext.CURRENT.get().mayWrite()) {
            throw new WriteRefusedException("state:" + operation);
        }
    }

    @Override
    public @Nullable Stored get(String key) {
        return behind.get(key);
    }

    @Override
    public String put(String key, byte[] content) {
        admit("Put");
        return behind.put(key, content);
    }

    @Override
    public String putIf(String key, byte[] content, @Nullable String etag) {
        admit("Put");
        return behind.putIf(key, content, etag);
    }

    @Override
    public void delete(String key) {
        admit("Delete");
        behind.delete(key);
    }

    @Override
    public List<String> list(String prefix) {
        return behind.list(prefix);
    }

    @Override
    public SortedMap<String, String> etags(String prefix) {
        return behind.etags(prefix);
    }

    @Override
    public String location() {
        return behind.location();
    }

    @Override
    public String location(String key) {
        return behind.location(key);
    }
}
