package dev.holdfast.store;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Sends each call to another store. A subclass overrides the calls that it checks or watches. */
public abstract class ForwardingStore implements ObjectStore {
    private final ObjectStore behind;

    protected ForwardingStore(ObjectStore behind) {
        this.behind = behind;
    }

    @Override
    public @Nullable Stored get(String key) {
        return behind.get(key);
    }

    @Override
    public String put(String key, byte[] content) {
        return behind.put(key, content);
    }

    @Override
    public String putIf(String key, byte[] content, @Nullable String etag) {
        return behind.putIf(key, content, etag);
    }

    @Override
    public void delete(String key) {
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
