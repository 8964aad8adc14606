package dev.holdfast.plan;

import dev.holdfast.kind.RollsOut;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Splits a step that repairs drift and applies a change, so that the repair does not wait for the change. Pure. */
record RepairStep(Step step, ResourceAssessment assessment, String revision) {
    /** @return null if the step contains no repair, or only repairs */
    @Nullable
    Step repair() {
        List<FieldChange> repairs = repairs();
        boolean splits = (step.action() == Action.Update || step.action() == Action.Replace)
                && !repairs.isEmpty()
                && step.changes().stream()
                        .anyMatch(c -> c.effect() != FieldChange.Effect.Released && !repairs.contains(c));
        boolean rollout = startsRollout(repairs);
        return splits ? part(Action.Update, repairs, Set.of(), rollout, rollout, "repairs drift") : null;
    }

    /** The repairs of the step, without those that need an approval of their own. */
    private List<FieldChange> repairs() {
        return assessment.diff().repairs().stream()
                .filter(c -> step.changes().contains(c)
                        && !assessment.approved().concerns(c)
                        && !assessment.diff().withdraws(c))
                .toList();
    }

    /** The step without the repair. Its hash is the same as without the drift, so that an approval stays valid. */
    Step rest() {
        List<FieldChange> repairs = repairs();
        List<FieldChange> rest =
                step.changes().stream().filter(c -> !repairs.contains(c)).toList();
        if (step.action() == Action.Replace) {
            return part(Action.Replace, rest, step.after(), step.risky(), step.rollout(), step.reason());
        }
        boolean rollout = assessment.history().again() || startsRollout(rest);
        return part(
                Action.Update,
                rest,
                step.after(),
                rollout,
                rollout,
                assessment.history().again() ? step.reason() : "applies a change");
    }

    private boolean startsRollout(List<FieldChange> changes) {
        SpecModel model = SpecModel.of(assessment.info().spec());
        return changes.stream()
                .anyMatch(c -> model.field(c.component())
                        .map(f -> f.has(RollsOut.class))
                        .orElse(false));
    }

    private Step part(
            Action action,
            List<FieldChange> changes,
            Set<ResourceId> after,
            boolean risky,
            boolean rollout,
            String reason) {
        return new Step(
                step.resource(),
                action,
                step.physicalId(),
                changes,
                after,
                action == Action.Replace && step.deleteFirst(),
                risky,
                rollout,
                false,
                reason,
                StepHash.of(revision, step.resource(), action, step.physicalId(), changes, reason));
    }
}
