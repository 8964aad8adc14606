package dev.holdfast.plan;

import dev.holdfast.model.FieldChange;
import java.util.List;
import java.util.Set;
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
                .allMatch(c -> c.cause() == FieldChange.Cause.Drift);
    }

    public boolean hasDrift() {
        return changes.stream()
                .anyMatch(c -> c.effect() != FieldChange.Effect.Released && c.cause() == FieldChange.Cause.Drift);
    }
}
