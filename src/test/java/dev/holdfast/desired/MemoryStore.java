package dev.holdfast.desired;

import dev.holdfast.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store in memory. A test can script an action that happens just before a conditional write. */
final class MemoryStore implements ObjectStore {
    final Map<String, Stored> objects = new TreeMap<>();
    /** The keys that were written without a condition. */
    final List<String> unconditional = new ArrayList<>();

    int reads;
    Runnable beforePutIf = () -> {};

    private int version;

    @Override
    public @Nullable Stored get(String key) {
        reads++;
        return objects.get(key);
    }

    @Override
    public String put(String key, byte[] content) {
        unconditional.add(key);
        return write(key, content);
    }

    private String write(String key, byte[] content) {
        String etag = "v" + ++version;
        objects.put(key, new Stored(content.clone(), etag));
        return etag;
    }

    @Override
    public String putIf(String key, byte[] content, @Nullable String etag) {
        Runnable first = beforePutIf;
        beforePutIf = () -> {};
        first.run();
        Stored stored = objects.get(key);
        if (!java.util.Objects.equals(etag, stored == null ? null : stored.etag())) {
            throw new PreconditionFailedException(key);
        }
        return write(key, content);
    }

    @Override
    public void delete(String key) {
        objects.remove(key);
    }

    @Override
    public List<String> list(String prefix) {
        return objects.keySet().stream().filter(k -> k.startsWith(prefix)).toList();
    }

    @Override
    public String location() {
        return "memory:";
    }
}
