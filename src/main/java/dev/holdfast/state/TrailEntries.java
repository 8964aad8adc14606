package dev.holdfast.state;

import dev.holdfast.store.ObjectStore;
import dev.holdfast.store.ObjectStore.PreconditionFailedException;
import dev.holdfast.store.ObjectStore.Stored;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The entries of a trail. Each entry is one object, which is created once and never changed. */
final class TrailEntries<T> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ObjectStore store;
    private final String prefix;
    private final Class<T> type;

    TrailEntries(ObjectStore store, String prefix, Class<T> type) {
        this.store = store;
        this.prefix = prefix;
        this.type = type;
    }

    /** The name of an entry; names sort by time. */
    static String name(Instant at, UUID id) {
        return TIME.format(at) + "-" + id;
    }

    /** @throws PreconditionFailedException if the entry exists already */
    void create(String entry, T content) {
        store.putIf(key(entry), StackState.bytes(content), null);
    }

    /** The entries after the given one, oldest first. */
    List<T> after(String entry, int most) {
        List<T> entries = new ArrayList<>();
        for (String key : store.list(prefix)) {
            if (key.compareTo(key(entry)) > 0 && entries.size() < most) {
                Stored stored = store.get(key);
                if (stored != null) {
                    entries.add(StackState.parse(store, key, stored, type));
                }
            }
        }
        return entries;
    }

    private String key(String entry) {
        return prefix + entry + ".json";
    }
}
