package dev.holdfast.kind;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The kinds that this installation knows, by name. */
public final class KindCatalog {
    private final Map<String, Kind<?>> kinds = new TreeMap<>();

    /** @throws IllegalArgumentException if two kinds have one name */
    public KindCatalog(Collection<? extends Kind<?>> all) {
        for (Kind<?> kind : all) {
            String name = kind.info().name();
            if (kinds.put(name, kind) != null) {
                throw new IllegalArgumentException("two kinds are named " + name);
            }
        }
    }

    public @Nullable Kind<?> find(String name) {
        return kinds.get(name);
    }

    /** @throws IllegalArgumentException if no kind has that name */
    public Kind<?> get(String name) {
        Kind<?> kind = kinds.get(name);
        if (kind == null) {
            throw new IllegalArgumentException("no kind is named " + name);
        }
        return kind;
    }

    /** All kinds by name. */
    public Map<String, Kind<?>> all() {
        return Collections.unmodifiableMap(kinds);
    }
}
