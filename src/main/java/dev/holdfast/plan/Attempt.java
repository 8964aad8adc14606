package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import org.jspecify.annotations.Nullable;

/**
 * Work that is retried after a failure: on a resource, or on one object that the resource replaced or that is its copy.
 * Attempts do not wait for each other: a change that AWS refuses does not stop the repair of drift.
 *
 * @param extra the physical id of the replaced object or the copy, or null
 * @param repair whether the step repairs drift and changes nothing else
 */
public record Attempt(ResourceId resource, @Nullable String extra, boolean repair) {
    public static Attempt of(Step step) {
        return new Attempt(step.resource(), step.extra() ? step.physicalId() : null, isRepair(step));
    }

    /** Whether the attempt concerns the resource itself. */
    public boolean isOn(ResourceId id) {
        return extra == null && resource.equals(id);
    }

    private static boolean isRepair(Step step) {
        return step.action() == Action.Update
                && step.changes().stream().anyMatch(FieldChange::isDrift)
                && step.changes().stream().allMatch(c -> c.isDrift() || c.effect() == FieldChange.Effect.Released);
    }
}
