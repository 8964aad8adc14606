package dev.holdfast.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.DeclaredKeys;
import dev.holdfast.kind.DeleteOnly;
import dev.holdfast.kind.Environment;
import dev.holdfast.kind.Exclusions;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.InitialOnly;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.Sensitive;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.WriteOnly;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.FieldChange.Cause;
import dev.holdfast.model.FieldChange.Effect;
import dev.holdfast.model.JsonPointers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Compares an observed spec with the desired one, for every kind, by the annotations of its record. Pure. */
public final class Differ<S extends Record> {
    /** The text that replaces a value that must not be shown. */
    public static final JsonNode MASKED = TextNode.valueOf("(sensitive)");

    private final DiffInput<S> input;
    private final Tolerance tolerance;
    private final List<FieldChange> changes = new ArrayList<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final Set<String> staleTags = new TreeSet<>();

    private Differ(DiffInput<S> input) {
        this.input = input;
        this.tolerance = new Tolerance(input.bounds());
    }

    public static <S extends Record> Diff diff(DiffInput<S> input) {
        Differ<S> differ = new Differ<>(input);
        differ.compare();
        return new Diff(List.copyOf(differ.changes), Set.copyOf(differ.changed), Set.copyOf(differ.staleTags));
    }

    /** The changes that would be planned if the resources that these components of the spec refer to were replaced. */
    public static <S extends Record> List<FieldChange> following(DiffInput<S> input, Set<String> components) {
        Differ<S> differ = new Differ<>(input);
        for (Field field : SpecModel.of(input.desired().spec().getClass()).fields()) {
            if (components.contains(field.name())) {
                differ.unresolved(field, differ.top(field));
            }
        }
        return List.copyOf(differ.changes);
    }

    private FieldPosition top(Field field) {
        return new FieldPosition(
                field.name(),
                "/" + field.name(),
                field.name(),
                immutable(field, field.read(input.observed())),
                false,
                !input.desired().partial().containsKey(field.name()));
    }

    private void compare() {
        S desired = input.desired().spec();
        Set<String> newer = NewerVersions.keep(desired, input.observed());
        for (Field field : SpecModel.of(desired.getClass()).fields()) {
            FieldPosition place = top(field);
            if (newer.contains(field.name())) {
                continue;
            } else if (input.desired().unresolved().contains(field.name())) {
                unresolved(field, place);
                lastApplied(field, place);
            } else {
                owned(field, place, desired, input.observed(), input.applied());
            }
        }
        displaced(desired, input.observed(), input.applied(), this::top);
    }

    private static boolean immutable(Field field, @Nullable Object observed) {
        Immutable immutable = field.get(Immutable.class);
        return (immutable != null && !(immutable.onceSet() && observed == null)) || field.has(PhysicalName.class);
    }

    private static boolean neverCompared(Field field) {
        return field.has(InitialOnly.class) || field.has(DeleteOnly.class);
    }

    private void unresolved(Field field, FieldPosition place) {
        if (neverCompared(field) || ignored(place.path())) {
            return;
        }
        Object observed = field.read(input.observed());
        changes.add(new FieldChange(
                place.path(),
                place.words(),
                field.name(),
                null,
                shown(field, place, observed),
                Cause.PendingChange,
                effect(place),
                true));
    }

    private void lastApplied(Field field, FieldPosition place) {
        List<?> last = Withdrawals.lastApplied(input, field);
        if (last != null && !ignored(place.path())) {
            collection(field, place.incomplete(), last, SpecValues.list(field.read(input.observed())), last);
        }
    }

    private void owned(Field field, FieldPosition place, Record to, Record from, @Nullable Record before) {
        Object desired = field.read(to);
        Object observed = field.read(from);
        Object applied = before == null ? null : field.read(before);
        if ((desired == null && !place.complete()) || neverCompared(field) || ignored(place.path())) {
            return;
        }
        if (field.has(WriteOnly.class) || field.has(Sensitive.class)) {
            hashed(place, desired, applied);
        } else if (desired == null && applied != null) {
            noLongerOwned(field, place, to, observed);
        } else if (desired != null) {
            values(field, place, desired, observed, applied);
        }
    }

    private void noLongerOwned(Field field, FieldPosition place, Record to, @Nullable Object observed) {
        boolean versioned = input.versioned() && place.immutable() && observed != null;
        boolean excluded = Exclusions.of(field, to.getClass()).stream().anyMatch(by -> SpecValues.isThere(by.read(to)));
        if (versioned || (excluded && SpecValues.isThere(observed))) {
            add(place, null, shown(field, place, observed), Cause.PendingChange);
        } else if (!excluded && !field.has(PhysicalName.class)) {
            release(place, shown(field, place, observed));
        }
    }

    /**
     * Shows the values that the documents never owned, and that AWS removes because a desired field takes their place:
     * where an address was in place of an alias, the address.
     */
    private void displaced(Record to, Record from, @Nullable Record before, Function<Field, FieldPosition> position) {
        for (Field field : SpecModel.of(to.getClass()).fields()) {
            boolean foreign = field.read(to) == null && (before == null || field.read(before) == null);
            if (foreign && SpecValues.isThere(field.read(from)) && !neverCompared(field)) {
                displaced(field, to, from, position);
            }
        }
    }

    private void displaced(Field field, Record to, Record from, Function<Field, FieldPosition> position) {
        FieldPosition place = position.apply(field);
        if (!place.complete() || ignored(place.path())) {
            return;
        }
        Exclusions.of(field, to.getClass()).stream()
                .filter(by -> SpecValues.isThere(by.read(to)) && !SpecValues.isThere(by.read(from)))
                .flatMap(by -> changesOf(position.apply(by)))
                .findFirst()
                .ifPresent(by -> changes.add(
                        place.change(null, shown(field, place, field.read(from)), by.cause(), by.effect())));
    }

    private Stream<FieldChange> changesOf(FieldPosition place) {
        return changes.stream().filter(change -> JsonPointers.covers(place.path(), change.path()));
    }

    private void release(FieldPosition place, @Nullable JsonNode observed) {
        changes.add(place.change(null, observed, Cause.PendingChange, Effect.Released));
    }

    /**
     * AWS never returns the value. Only the record shows which value was applied. Without a record, or if the key of its
     * hash is lost, nothing is known.
     */
    private void hashed(FieldPosition place, @Nullable Object desired, @Nullable Object applied) {
        if (desired == null || input.applied() == null) {
            return;
        }
        String now = input.hasher().apply(desired.toString());
        boolean unknown = applied != null && SecretHash.areOfDifferentKeys(now, applied.toString());
        if (!unknown && (applied == null || !SecretHash.same(now, applied.toString()))) {
            add(place, MASKED, MASKED, Cause.PendingChange);
        }
    }

    private void values(
            Field field, FieldPosition place, Object desired, @Nullable Object observed, @Nullable Object applied) {
        if (field.has(TagMap.class)) {
            tags(place, SpecValues.map(desired), SpecValues.map(observed), SpecValues.map(applied));
        } else if (field.has(DeclaredKeys.class)) {
            declaredKeys(place, SpecValues.map(desired), SpecValues.map(observed), SpecValues.map(applied));
        } else if (field.has(PolicyDocument.class)) {
            policy(field, place, (JsonNode) desired, (JsonNode) observed, (JsonNode) applied);
        } else if (field.isMap()) {
            wholeMap(
                    field,
                    place,
                    SpecValues.map(desired),
                    SpecValues.map(observed),
                    applied == null ? null : SpecValues.map(applied));
        } else if (field.isCollection()) {
            collection(
                    field,
                    place,
                    SpecValues.list(desired),
                    SpecValues.list(observed),
                    applied == null ? null : SpecValues.list(applied));
        } else if (desired instanceof Record record) {
            record(place, record, (Record) observed, (Record) applied);
        } else if (!tolerance.accepts(field, desired, observed)) {
            Object wanted = tolerance.nearest(field, desired, observed);
            FieldPosition shownAs = place.masked(field.has(Environment.class) && !input.showEnvironment());
            if (!SpecValues.same(wanted, observed)) {
                add(shownAs, Specs.json(wanted), mask(shownAs, observed), cause(SpecValues.same(desired, applied)));
            }
        }
    }

    private void tags(FieldPosition place, Map<String, ?> desired, Map<String, ?> observed, Map<String, ?> applied) {
        desired.forEach((key, value) -> leaf(place.at(key), value, observed.get(key), applied.get(key)));
        for (String key : applied.keySet()) {
            if (!desired.containsKey(key)
                    && observed.containsKey(key)
                    && !key.startsWith("aws:")
                    && !ignored(place.at(key).path())) {
                staleTags.add(key);
                add(place.at(key), null, Specs.json(observed.get(key)), Cause.PendingChange);
            }
        }
    }

    /** A key that is no longer desired is released: its value stays in AWS. */
    private void declaredKeys(
            FieldPosition place, Map<String, ?> desired, Map<String, ?> observed, Map<String, ?> applied) {
        desired.forEach((key, value) -> leaf(place.at(key), value, observed.get(key), applied.get(key)));
        for (String key : applied.keySet()) {
            if (place.complete()
                    && !desired.containsKey(key)
                    && !ignored(place.at(key).path())) {
                Object there = observed.get(key);
                release(place.at(key), there == null ? null : Specs.json(there));
            }
        }
    }

    private void leaf(FieldPosition place, Object desired, @Nullable Object observed, @Nullable Object applied) {
        if (!ignored(place.path()) && !SpecValues.same(desired, observed)) {
            add(
                    place,
                    Specs.json(desired),
                    observed == null ? null : Specs.json(observed),
                    cause(SpecValues.same(desired, applied)));
        }
    }

    private void policy(
            Field field, FieldPosition place, JsonNode known, @Nullable JsonNode observed, @Nullable JsonNode applied) {
        OmittedElements omitted = OmittedElements.of(input, field, place);
        JsonNode desired = omitted.policy(known, observed, applied);
        if (!SpecValues.isPolicy(observed, desired)) {
            boolean unchanged =
                    applied != null && SpecValues.isPolicy(applied, omitted.policy(known, applied, applied));
            add(place, desired, observed, cause(unchanged));
        }
    }

    private void wholeMap(
            Field field,
            FieldPosition outer,
            Map<String, ?> desired,
            Map<String, ?> observed,
            @Nullable Map<String, ?> applied) {
        FieldPosition place = outer.masked(field.has(Environment.class) && !input.showEnvironment());
        Set<String> keys = new TreeSet<>(desired.keySet());
        keys.addAll(observed.keySet());
        for (String key : keys) {
            Object want = desired.get(key);
            Object have = observed.get(key);
            FieldPosition at = place.at(key);
            if (!ignored(at.path()) && !SpecValues.same(want, have)) {
                add(
                        at,
                        want == null ? null : Specs.json(want),
                        mask(at, have),
                        cause(applied != null && SpecValues.same(want, applied.get(key))));
            }
        }
    }

    private void record(FieldPosition place, Record desired, @Nullable Record observed, @Nullable Record applied) {
        if (observed == null) {
            add(place, Specs.json(desired), null, cause(desired.equals(applied)));
            return;
        }
        for (Field field : SpecModel.of(desired.getClass()).fields()) {
            owned(field, within(place, field), desired, observed, applied);
        }
        displaced(desired, observed, applied, field -> within(place, field));
    }

    private static FieldPosition within(FieldPosition place, Field field) {
        return place.at(field.name()).immutable(field.has(Immutable.class));
    }

    private void collection(
            Field field, FieldPosition outer, List<?> desired, List<?> observed, @Nullable List<?> applied) {
        FieldPosition place = outer.masked(field.has(Environment.class) && !input.showEnvironment());
        if (field.ordered()) {
            ordered(place, desired, observed, applied);
            return;
        }
        Map<String, Object> want = SpecValues.byKey(field, desired);
        Map<String, Object> have = SpecValues.byKey(field, observed);
        Map<String, Object> had = applied == null ? Map.of() : SpecValues.byKey(field, applied);
        want.forEach((key, value) -> element(place.element(key, value), value, have.get(key), had.get(key)));
        OmittedElements omitted = OmittedElements.of(input, field, place);
        have.forEach((key, value) -> {
            if (!want.containsKey(key)
                    && !ignored(place.at(key).path())
                    && (place.complete() || omitted.isForeign(field, key, value))) {
                // If the collection was not owned before, the element is removed because the documents own it now.
                boolean unchanged = applied != null && !had.containsKey(key);
                add(place.element(key, value), null, mask(place, value), cause(unchanged));
            }
        });
    }

    private void element(FieldPosition place, Object desired, @Nullable Object observed, @Nullable Object applied) {
        if (ignored(place.path())) {
            return;
        }
        if (observed == null) {
            add(place, Specs.json(desired), null, cause(SpecValues.same(desired, applied)));
        } else if (desired instanceof Record record) {
            record(place, record, (Record) observed, (Record) applied);
        } else if (!SpecValues.same(desired, observed)) {
            add(place, Specs.json(desired), mask(place, observed), cause(SpecValues.same(desired, applied)));
        }
    }

    private void ordered(FieldPosition place, List<?> desired, List<?> observed, @Nullable List<?> applied) {
        if (desired.size() == observed.size()) {
            for (int i = 0; i < desired.size(); i++) {
                Object was = applied != null && applied.size() == desired.size() ? applied.get(i) : null;
                element(place.at(Integer.toString(i)), desired.get(i), observed.get(i), was);
            }
        } else {
            add(
                    place,
                    Specs.json(desired),
                    observed.isEmpty() ? null : mask(place, observed),
                    cause(desired.equals(applied)));
        }
    }

    private Cause cause(boolean desiredUnchanged) {
        return input.applied() == null ? Cause.Unrecorded : desiredUnchanged ? Cause.Drift : Cause.PendingChange;
    }

    private static Effect effect(FieldPosition place) {
        return place.immutable() ? Effect.Replace : Effect.Update;
    }

    private void add(FieldPosition place, @Nullable JsonNode desired, @Nullable JsonNode observed, Cause cause) {
        changed.add(place.component());
        changes.add(place.change(desired, observed, cause, effect(place)));
    }

    private @Nullable JsonNode shown(Field field, FieldPosition place, @Nullable Object value) {
        boolean secret = field.has(WriteOnly.class)
                || field.has(Sensitive.class)
                || (field.has(Environment.class) && !input.showEnvironment());
        return mask(place.masked(secret), value);
    }

    private @Nullable JsonNode mask(FieldPosition place, @Nullable Object value) {
        return value == null ? null : place.masked() ? MASKED : Masks.hideEnvironment(value, input.showEnvironment());
    }

    /** Whether a path is ignored. A pointer covers all paths below it. */
    private boolean ignored(String path) {
        return input.ignore().stream().anyMatch(pointer -> JsonPointers.covers(pointer, path));
    }
}
