package dev.holdfast.composites;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All composites by name. */
public final class Composites {
    public static final Composites ALL = new Composites(List.of(
            new NetworkComposite(),
            new IngressComposite(),
            new ServiceComposite(),
            new DatabaseComposite(),
            new CacheComposite(),
            new CdnComposite()));
    public static final Composites NONE = new Composites(List.of());

    private final Map<String, Composite<?>> composites = new TreeMap<>();

    private Composites(Collection<Composite<?>> all) {
        all.forEach(c -> composites.put(c.info().name(), c));
    }

    public @Nullable Composite<?> find(String name) {
        return composites.get(name);
    }

    /** These names and the names of the composites. */
    public Set<String> namesWith(Set<String> kinds) {
        Set<String> names = new TreeSet<>(kinds);
        names.addAll(composites.keySet());
        return names;
    }

    /** All composites by name. */
    public Map<String, Composite<?>> all() {
        return Collections.unmodifiableMap(composites);
    }
}
