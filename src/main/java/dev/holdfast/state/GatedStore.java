package dev.holdfast.state;

import dev.holdfast.aws.CallContext;
import dev.holdfast.aws.WriteRefusedException;
import dev.holdfast.store.ForwardingStore;
import dev.holdfast.store.ObjectStore;
import org.jspecify.annotations.Nullable;

/**
 * A store that refuses a write if the pass that sends it may no longer write. Calls to AWS, and so writes to a state in
 * S3, have this check already. Without this class, a pass that has lost its lease could still write to a state in a
 * directory.
 */
public final class GatedStore extends ForwardingStore {
    public GatedStore(ObjectStore behind) {
        super(behind);
    }

    private static void admit(String operation) {
        if (CallContext.CURRENT.isBound() && !CallContext.CURRENT.get().mayWrite()) {
            throw new WriteRefusedException("state:" + operation);
        }
    }

    @Override
    public String put(String key, byte[] content) {
        admit("Put");
        return super.put(key, content);
    }

    @Override
    public String putIf(String key, byte[] content, @Nullable String etag) {
        admit("Put");
        return super.putIf(key, content, etag);
    }

    @Override
    public void delete(String key) {
        admit("Delete");
        super.delete(key);
    }
}
