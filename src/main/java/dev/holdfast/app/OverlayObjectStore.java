package dev.holdfast.app;

import dev.holdfast.store.ObjectStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Reads from another store and keeps all writes in memory, so that a plan leaves no trace in the state. */
final class OverlayObjectStore implements ObjectStore {
    private final @Nullable ObjectStore below;
    private final Map<String, Stored> written = new ConcurrentHashMap<>();

    /** @param below null: there is nothing to read yet */
    OverlayObjectStore(@Nullable ObjectStore below) {
        this.below = below;
    }

    @Override
    public @Nullable Stored get(String key) {
        Stored mine = written.get(key);
        return mine != null || below == null ? mine : below.get(key);
    }

    @Override
    public String put(String key, byte[] content) {
        String etag = "overlay-" + written.size();
        written.put(key, new Stored(content, etag));
        return etag;
    }

    @Override
    public String putIf(String key, byte[] content, @Nullable String etag) {
        return put(key, content);
    }

    @Override
    public void delete(String key) {
        written.remove(key);
    }

    @Override
    public List<String> list(String prefix) {
        return below == null ? List.of() : below.list(prefix);
    }

    @Override
    public String location() {
        return below == null ? "" : below.location();
    }
}
