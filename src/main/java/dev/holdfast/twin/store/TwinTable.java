package dev.holdfast.twin.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values of one type in a twin, by id, in the order of their creation. It has two views: the twin's own rules see all
 * values; a caller sees a value only {@link Delay#VISIBLE} after its creation. Resources that are shapes of the SDK
 * belong in a {@link ResourceStore}.
 */
public final class TwinTable<V> {
    private record Row<V>(V value, Instant createdAt) {}

    private final TwinContext context;
    private final Map<String, Row<V>> rows = new LinkedHashMap<>();

    public TwinTable(TwinContext context) {
        this.context = context;
    }

    /** Creates a value, or replaces it and keeps its time of creation. */
    public void put(String id, V value) {
        Row<V> old = rows.get(id);
        rows.put(id, new Row<>(value, old == null ? context.now() : old.createdAt()));
    }

    public @Nullable V remove(String id) {
        Row<V> old = rows.remove(id);
        return old == null ? null : old.value();
    }

    /** The value, visible or not. */
    public @Nullable V get(@Nullable String id) {
        Row<V> row = rows.get(id);
        return row == null ? null : row.value();
    }

    /** The value if callers see it. */
    public @Nullable V visible(@Nullable String id) {
        Row<V> row = rows.get(id);
        return row == null || !context.passed(Delay.VISIBLE, row.createdAt()) ? null : row.value();
    }

    public List<V> all() {
        List<V> values = new ArrayList<>();
        rows.values().forEach(r -> values.add(r.value()));
        return values;
    }

    public List<V> visible() {
        List<V> values = new ArrayList<>();
        for (Row<V> row : rows.values()) {
            if (context.passed(Delay.VISIBLE, row.createdAt())) {
                values.add(row.value());
            }
        }
        return values;
    }

    public @Nullable Instant createdAt(String id) {
        Row<V> row = rows.get(id);
        return row == null ? null : row.createdAt();
    }
}
