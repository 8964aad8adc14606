package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import org.jspecify.annotations.Nullable;

/**
 * Work that is retried after a failure: on a resource, or on one object that the resource replaced or that is its copy.
 * Attempts do not wait for each other: a change that AWS refuses stops neither the repair of drift nor a change that a
 * user has approved.
 *
 * @param extra the physical id of the replaced object or the copy, or null
 */
public record Attempt(ResourceId resource, @Nullable String extra, Work work) {
    /** The sort of work, in the order in which a status shows its failure. */
    public enum Work {
        CHANGE,
        /** An update that is a step of its own because it needs an approval. */
        APPROVED,
        /** An update that repairs drift and changes nothing else. */
        REPAIR
    }

    public static Attempt of(Step step) {
        return new Attempt(step.resource(), step.extra() ? step.physicalId() : null, work(step));
    }

    /** Whether the attempt concerns the resource itself. */
    public boolean isOn(ResourceId id) {
        return extra == null && resource.equals(id);
    }

    private static Work work(Step step) {
        boolean approved = step.action() == Action.Update && step.risky() && !step.rollout();
        return approved ? Work.APPROVED : isRepair(step) ? Work.REPAIR : Work.CHANGE;
    }

    private static boolean isRepair(Step step) {
        return step.action() == Action.Update
                && step.changes().stream().anyMatch(FieldChange::isDrift)
                && step.changes().stream().allMatch(c -> c.isDrift() || c.effect() == FieldChange.Effect.Released);
    }
}
