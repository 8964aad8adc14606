package dev.holdfast.kind;

import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.JsonPointers;
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
 * The change of one resource: its desired and observed sides, and the fields that the differ found different. Only
 * those fields may be written.
 *
 * @param changed names of the top-level components that differ
 * @param staleTags keys of tags that Holdfast added earlier and that are no longer desired
 * @param paths JSON pointers to the single differences; empty: the change covers every difference within the changed
 *     fields
 * @param again the user requested that the rollout is tried again although no field differs
 * @param group the changes of all resources that may have to change in one call ({@link KindInfo#together}), this
 *     change included, in the order of their ids; a change inside the list has an empty group; empty: the resource
 *     changes alone
 */
public record Change<S extends Record>(
        Desired<S> desired,
        Observed<S> observed,
        Set<String> changed,
        Set<String> staleTags,
        Set<String> paths,
        boolean again,
        List<Change<S>> group) {
    /**
     * A change that covers every difference within its changed fields: no part of them is ignored or still unresolved.
     */
    public Change(Desired<S> desired, Observed<S> observed, Set<String> changed, Set<String> staleTags, boolean again) {
        this(desired, observed, changed, staleTags, Set.of(), again, List.of());
    }

    /** This change as a member of a group of changes that belong together. */
    public Change<S> in(List<Change<S>> all) {
        return new Change<>(desired, observed, changed, staleTags, paths, again, all);
    }

    /**
     * Every change of the group that touches the field, for the one call that carries all of them. Empty if another
     * change of the group sends that call, or if the field does not change.
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
     * Whether a call for another component may also carry the desired value of this component. It may not if the differ
     * skipped this component (because it is ignored or unresolved) and the observed value differs.
     */
    boolean maySend(String component) {
        SpecModel.Field field = SpecModel.of(spec().getClass()).field(component).orElseThrow();
        return changed.contains(component) || Objects.equals(field.read(spec()), field.read(observed.spec()));
    }

    /**
     * Writes the changed fields over a shape that a call sends as a whole. Members that the spec does not describe keep
     * their values.
     *
     * @param there the shape as it was read from AWS
     * @param copy a copy of that shape, which is changed and sent
     */
    public <B extends SdkPojo> B over(SdkPojo there, B copy) {
        return Wire.fill(copy, there, spec(), changed::contains, false);
    }

    /**
     * Sets the members of all these components in a request if one of the components changes, because AWS requires them
     * together: the desired values of those that change, and the observed values of the others.
     */
    @SafeVarargs
    public final void sendTogether(SdkPojo request, Getter<S, ?>... fields) {
        if (touches(fields)) {
            Set<String> names = Components.namesOf(fields);
            Wire.fill(request, observed.spec(), name -> names.contains(name) && !changed.contains(name), true);
            Wire.fill(request, spec(), name -> names.contains(name) && changed.contains(name), true);
        }
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
     * The elements of a collection that have to change. The result omits elements that the differ skipped: ignored
     * elements, and observed elements that may match a reference that is still unresolved.
     *
     * @param field a collection whose elements have distinct keys
     */
    public <E extends Keyed> Delta<E> delta(Getter<S, ? extends @Nullable Collection<E>> field) {
        return delta(field, Keyed::key);
    }

    /** The strings of an unordered collection that have to change; see {@link #delta(Getter)}. */
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
            if (!element.equals(there) && isToBeWritten(name, k)) {
                (there == null ? added : altered).add(element);
            }
        });
        List<E> removed = have.entrySet().stream()
                .filter(e -> !want.containsKey(e.getKey()) && isToBeWritten(name, e.getKey()))
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

    /**
     * A field's value for a call that also writes fields that do not differ: the desired value if the field differs,
     * else the observed value.
     */
    public <T> @Nullable T merged(Getter<S, T> field) {
        return field.apply(touches(field) ? desired.spec() : observed.spec());
    }

    /** The entries of a map ({@link DeclaredKeys}) that are desired and not observed with that value. */
    public Map<String, String> differing(Getter<S, Map<String, String>> field) {
        Map<String, String> there = orEmpty(field.apply(observed.spec()));
        String name = Components.nameOf(field);
        return orEmpty(field.apply(desired.spec())).entrySet().stream()
                .filter(e -> !e.getValue().equals(there.get(e.getKey())) && isToBeWritten(name, e.getKey()))
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private boolean isToBeWritten(String field, String key) {
        if (paths.isEmpty()) {
            return changed.contains(field);
        }
        String pointer = "/" + field + "/" + JsonPointers.escaped(key);
        return paths.stream().anyMatch(path -> JsonPointers.covers(pointer, path));
    }

    /** The tags that have to be added or changed: they are desired and not observed with that value. */
    public Map<String, String> tagsToPut(Getter<S, Map<String, String>> tags) {
        return differing(tags);
    }

    /**
     * The keys of tags that have to be removed: Holdfast added them, they are observed, and they are no longer desired.
     */
    public Set<String> tagsToRemove(Getter<S, Map<String, String>> tags) {
        Map<String, String> observedTags = orEmpty(tags.apply(observed.spec()));
        return staleTags.stream().filter(observedTags::containsKey).collect(Collectors.toUnmodifiableSet());
    }

    private static Map<String, String> orEmpty(@Nullable Map<String, String> tags) {
        return tags == null ? Map.of() : tags;
    }
}
