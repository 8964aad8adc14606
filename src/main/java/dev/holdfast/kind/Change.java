package dev.holdfast.kind;

import dev.holdfast.kind.wire.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkPojo;

/**
 * What is to be changed: both sides, and which fields the differ found different. Only those may be written.
 *
 * @param changed names of the top-level components that differ
 * @param staleTags tag keys that we put on once and that are no longer desired
 * @param paths JSON pointers to the single differences; empty: everything within a changed field that differs is meant
 * @param again the user asked for the rollout to be tried again though nothing differs
 * @param group what changes at the same time of the resources that have to change together ({@link KindInfo#together}), this
 *     one included, in the order of their ids; those in it know no group; empty: it changes alone
 */
public record Change<S extends Record>(
        Desired<S> desired,
        Observed<S> observed,
        Set<String> changed,
        Set<String> staleTags,
        Set<String> paths,
        boolean again,
        List<Change<S>> group) {
    /** Where everything that differs within a changed field is meant: nothing in it is ignored or not known yet. */
    public Change(Desired<S> desired, Observed<S> observed, Set<String> changed, Set<String> staleTags, boolean again) {
        this(desired, observed, changed, staleTags, Set.of(), again, List.of());
    }

    /** The same, as one of those that change together. */
    public Change<S> in(List<Change<S>> all) {
        return new Change<>(desired, observed, changed, staleTags, paths, again, all);
    }

    /**
     * Every change of the group that touches the field, for the one call that carries all of them; empty where another one of
     * the group sends that call, or where the field does not change.
     */
    public List<Change<S>> together(Getter<S, ?> field) {
        if (!touches(field)) {
            return List.of();
        }
        List<Change<S>> all = group.stream().filter(c -> c.touches(field)).toList();
        boolean leads = all.isEmpty() || all.getFirst().desired().id().equals(desired.id());
        return !leads ? List.of() : all.isEmpty() ? List.of(this) : all;
    }

    /** Whether any of these fields differs: {@code change.touches(Spec::description)}. */
    @SafeVarargs
    public final boolean touches(Getter<S, ?>... fields) {
        for (Getter<S, ?> field : fields) {
            if (changed.contains(Components.nameOf(field))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a call about another component may also say the desired value of this one: not if the differ passed over it,
     * because it is ignored or not known yet, while AWS has another value.
     */
    boolean maySend(String component) {
        SpecModel.Field field = SpecModel.of(spec().getClass()).field(component).orElseThrow();
        return changed.contains(component) || Objects.equals(field.read(spec()), field.read(observed.spec()));
    }

    /**
     * Lays what changes over a shape that is to replace the whole of it; what the spec does not say of it survives.
     *
     * @param there the shape as it is now
     * @param copy of it, to be sent
     */
    public <B extends SdkPojo> B over(SdkPojo there, B copy) {
        return Wire.fill(copy, there, spec(), changed::contains, false);
    }

    public S spec() {
        return desired.spec();
    }

    public String physicalId() {
        return observed.physicalId();
    }

    public <C extends SdkClient> C client(Class<C> type) {
        return desired.clients().client(type);
    }

    /**
     * The elements of a collection that are to change. What the differ passed over is left out: ignored elements, and those
     * that may be what an unresolved reference will turn out to be.
     *
     * @param field its elements have distinct keys
     */
    public <E extends Keyed> Delta<E> delta(Getter<S, ? extends @Nullable Collection<E>> field) {
        return delta(field, Keyed::key);
    }

    /** The same of strings that have no order. */
    public Delta<String> deltaOfStrings(Getter<S, ? extends @Nullable Collection<String>> field) {
        return delta(field, Function.identity());
    }

    private <E> Delta<E> delta(Getter<S, ? extends @Nullable Collection<E>> field, Function<E, String> key) {
        String name = Components.nameOf(field);
        Map<String, E> want = byKey(field.apply(desired.spec()), key);
        Map<String, E> have = byKey(field.apply(observed.spec()), key);
        List<E> added = new ArrayList<>();
        List<E> altered = new ArrayList<>();
        want.forEach((k, element) -> {
            E there = have.get(k);
            if (!element.equals(there) && meant(name, k)) {
                (there == null ? added : altered).add(element);
            }
        });
        List<E> removed = have.entrySet().stream()
                .filter(e -> !want.containsKey(e.getKey()) && meant(name, e.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        return new Delta<>(List.copyOf(added), List.copyOf(altered), removed);
    }

    private static <E> Map<String, E> byKey(@Nullable Collection<E> elements, Function<E, String> key) {
        Map<String, E> byKey = new LinkedHashMap<>();
        if (elements != null) {
            elements.forEach(e -> byKey.put(key.apply(e), e));
        }
        return byKey;
    }

    /** A field's value for a call that writes more than what differs: desired where it differs, else as observed. */
    public <T> @Nullable T merged(Getter<S, T> field) {
        return field.apply(touches(field) ? desired.spec() : observed.spec());
    }

    /** Of a map whose keys are declared: the entries that are desired and not observed with that value. */
    public Map<String, String> differing(Getter<S, Map<String, String>> field) {
        Map<String, String> there = orEmpty(field.apply(observed.spec()));
        String name = Components.nameOf(field);
        return orEmpty(field.apply(desired.spec())).entrySet().stream()
                .filter(e -> !e.getValue().equals(there.get(e.getKey())) && meant(name, e.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private boolean meant(String field, String key) {
        if (paths.isEmpty()) {
            return changed.contains(field);
        }
        String pointer = "/" + field + "/" + key.replace("~", "~0").replace("/", "~1");
        return paths.stream().anyMatch(p -> p.equals(pointer) || p.startsWith(pointer + "/"));
    }

    /** Tags to be put: desired and not observed with that value. */
    public Map<String, String> tagsToPut(Getter<S, Map<String, String>> tags) {
        return differing(tags);
    }

    /** Tag keys to be taken off: ours once, observed, and no longer desired. */
    public Set<String> tagsToRemove(Getter<S, Map<String, String>> tags) {
        Map<String, String> observedTags = orEmpty(tags.apply(observed.spec()));
        return staleTags.stream().filter(observedTags::containsKey).collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> tags) {
        return tags == null ? Map.of() : tags;
    }
}
