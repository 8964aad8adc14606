package dev.holdfast.engine;

import dev.holdfast.store.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An object store in memory, which counts its writes. */
public class MemoryStore implements ObjectStore {
    private final Map<String, Stored> objects = new ConcurrentSkipListMap<>();
    private final AtomicLong writes = new AtomicLong();
    private volatile Consumer<String> beforePut = key -> {};

    @Override
    public synchronized @Nullable Stored get(String key) {
        Stored stored = objects.get(key);
        if (stored != null && stored.content().length > LARGEST) {
            throw new TooLargeException(key);
        }
        return stored;
    }

    @Override
    public synchronized String put(String key, byte[] content) {
        beforePut.accept(key);
        String etag = Long.toString(writes.incrementAndGet());
        objects.put(key, new Stored(content.clone(), etag));
        return etag;
    }

    @Override
    public synchronized String putIf(String key, byte[] content, @Nullable String etag) {
        Stored stored = objects.get(key);
        if (stored == null ? etag != null : !stored.etag().equals(etag)) {
            throw new PreconditionFailedException(key);
        }
        return put(key, content);
    }

    @Override
    public synchronized void delete(String key) {
        writes.incrementAndGet();
        objects.remove(key);
    }

    @Override
    public synchronized List<String> list(String prefix) {
        return objects.keySet().stream().filter(k -> k.startsWith(prefix)).toList();
    }

    @Override
    public String location() {
        return "memory/";
    }

    /** From now on each write of a key with this end fails. */
    public void refuse(String end, Supplier<RuntimeException> failure) {
        beforePut = key -> {
            if (key.endsWith(end)) {
                throw failure.get();
            }
        };
    }

    /** From now on no write fails. */
    public void refuseNothing() {
        beforePut = key -> {};
    }

    public long writes() {
        return writes.get();
    }

    public void clear() {
        objects.clear();
    }

    /** All stored objects, as text. */
    public String text() {
        StringBuilder text = new StringBuilder();
        objects.forEach((key, stored) -> text.append(key)
                .append('\n')
                .append(new String(stored.content(), StandardCharsets.UTF_8))
                .append('\n'));
        return text.toString();
    }
}
