package dev.holdfast.plan;

import dev.holdfast.model.FieldChange;
import dev.holdfast.model.JsonPointers;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The differences of one resource.
 *
 * @param changes in the order of the spec's components
 * @param changed top-level components that have to be written
 * @param staleTags tag keys of ours that are no longer desired
 * @param withdrawn JSON pointers to the changes that only withdraw access that an earlier revision desired
 */
public record Diff(List<FieldChange> changes, Set<String> changed, Set<String> staleTags, Set<String> withdrawn) {
    /** A difference that withdraws nothing. */
    public Diff(List<FieldChange> changes, Set<String> changed, Set<String> staleTags) {
        this(changes, changed, staleTags, Set.of());
    }

    public static final Diff NONE = new Diff(List.of(), Set.of(), Set.of());

    /** Whether nothing has to be written. The difference may still contain released fields. */
    public boolean isEmpty() {
        return changed.isEmpty();
    }

    /** The changes that undo drift without a replacement. */
    public List<FieldChange> repairs() {
        return changes.stream()
                .filter(c -> c.cause() == FieldChange.Cause.Drift && c.effect() == FieldChange.Effect.Update)
                .toList();
    }

    /** The part of the difference that a step writes. */
    public Diff only(List<FieldChange> written) {
        Set<String> components = written.stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released)
                .map(FieldChange::component)
                .filter(changed::contains)
                .collect(Collectors.toUnmodifiableSet());
        Set<String> stale = staleTags.stream()
                .filter(key -> written.stream()
                        .anyMatch(c -> c.desired() == null
                                && c.path().equals("/" + c.component() + "/" + JsonPointers.escaped(key))))
                .collect(Collectors.toUnmodifiableSet());
        return new Diff(List.copyOf(written), components, stale, withdrawn);
    }

    /** Whether these changes, which are part of this difference, only withdraw access. */
    public boolean withdraws(List<FieldChange> part) {
        return part.stream().anyMatch(this::withdraws)
                && part.stream().allMatch(c -> withdraws(c) || c.effect() == FieldChange.Effect.Released);
    }

    /** Whether this change only withdraws access. */
    public boolean withdraws(FieldChange change) {
        return withdrawn.contains(change.path());
    }

    /** The changes that withdraw access, or all others. */
    public List<FieldChange> withdrawals(boolean withdrawing) {
        return changes.stream().filter(c -> withdraws(c) == withdrawing).toList();
    }

    /** JSON pointers to the values that have to be written. */
    public Set<String> paths() {
        return changes.stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released)
                .map(FieldChange::path)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Turns drift of these components into pending changes, because AWS rolled back their rollout. */
    public Diff pending(Set<String> components) {
        return new Diff(
                changes.stream()
                        .map(c -> components.contains(c.component()) && c.isDrift()
                                ? c.because(FieldChange.Cause.PendingChange)
                                : c)
                        .toList(),
                changed,
                staleTags,
                withdrawn);
    }

    public boolean replaces() {
        return changes.stream().anyMatch(FieldChange::forcesReplacement);
    }

    /** Whether no desired value has changed since it was applied. */
    public boolean onlyDrift() {
        return changes.stream()
                .filter(c -> c.effect() != FieldChange.Effect.Released)
                .allMatch(FieldChange::isDrift);
    }

    public boolean hasDrift() {
        return changes.stream().anyMatch(FieldChange::isDrift);
    }

    /** The difference without some changes. A component still has to be written if one of its changes remains. */
    public Diff without(Predicate<FieldChange> left) {
        List<FieldChange> rest = changes.stream().filter(left.negate()).toList();
        Set<String> gone =
                changes.stream().filter(left).map(FieldChange::component).collect(Collectors.toSet());
        rest.forEach(c -> gone.remove(c.component()));
        return new Diff(
                rest,
                changed.stream().filter(c -> !gone.contains(c)).collect(Collectors.toUnmodifiableSet()),
                staleTags,
                withdrawn);
    }
}
