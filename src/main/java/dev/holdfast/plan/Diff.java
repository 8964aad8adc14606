package dev.holdfast.plan;

import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Step;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * How one resource differs.
 *
 * @param changes in the order of the spec's components
 * @param changed top-level components that are to be written
 * @param staleTags tag keys of ours that are no longer desired
 */
public record Diff(List<FieldChange> changes, Set<String> changed, Set<String> staleTags) {
    public static final Diff NONE = new Diff(List.of(), Set.of(), Set.of());

    /** Nothing to write; there may be released fields to tell of. */
    public boolean isEmpty() {
        return changed.isEmpty();
    }

    /** JSON pointers to the values that are to be written. */
    public Set<String> paths() {
        return changes.stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released)
                .map(FieldChange::path)
                .collect(Collectors.toUnmodifiableSet());
    }

    public boolean replaces() {
        return changes.stream().anyMatch(c -> c.effect() == FieldChange.Effect.Replace);
    }

    /** Nothing that is desired has changed since it was applied. */
    public boolean onlyDrift() {
        return changes.stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released)
                .allMatch(FieldChange::isDrift);
    }

    public boolean hasDrift() {
        return changes.stream().anyMatch(FieldChange::isDrift);
    }

    /** The drift in components of which no desired value has changed. */
    public List<FieldChange> repairs() {
        Set<String> desiredAnew = changes.stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released && !c.isDrift())
                .map(FieldChange::component)
                .collect(Collectors.toSet());
        return changes.stream()
                .filter(c -> c.isDrift() && !desiredAnew.contains(c.component()))
                .toList();
    }

    /** The part that a step writes. */
    public Diff of(Step step) {
        Set<String> components =
                step.changes().stream().map(FieldChange::component).collect(Collectors.toSet());
        return without(c -> !components.contains(c.component()));
    }

    /** A component is still to be written if one of its changes remains. */
    public Diff without(Predicate<FieldChange> left) {
        List<FieldChange> rest = changes.stream().filter(left.negate()).toList();
        Set<String> gone =
                changes.stream().filter(left).map(FieldChange::component).collect(Collectors.toSet());
        rest.forEach(c -> gone.remove(c.component()));
        return new Diff(
                rest,
                changed.stream().filter(c -> !gone.contains(c)).collect(Collectors.toUnmodifiableSet()),
                staleTags);
    }
}
