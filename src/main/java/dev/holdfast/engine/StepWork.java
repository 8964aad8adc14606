package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A step and the resource on which it acts.
 *
 * @param known the observed resource; null for a Create
 */
record StepWork(
        Step step,
        ManagedResource<?> target,
        ResourceAssessment assessment,
        @Nullable Known<?> known) {
    static StepWork of(Step step, Assessment plan) {
        ResourceAssessment assessment = Objects.requireNonNull(plan.resources().get(step.resource()));
        Known<?> known = switch (assessment.presence()) {
            case Presence.Present p -> p.known();
            case Presence.Deleting d -> d.known();
            case Presence.NameTaken t -> t.known();
            case Presence.Missing m -> null;
            case Presence.Unclear u -> null;
        };
        ManagedResource<?> target = Objects.requireNonNull(plan.managed().get(step.resource()));
        return step.action() == Action.Update
                ? update(step, target, assessment, known)
                : new StepWork(step, target, assessment, known);
    }

    /**
     * The work of an update, which writes only the fields of its step: a repair does not write a held change, and only a
     * withdrawal withdraws access.
     */
    private static StepWork update(
            Step step, ManagedResource<?> target, ResourceAssessment assessment, @Nullable Known<?> known) {
        Diff diff = assessment.diff();
        Set<String> held = diff.withdrawals(false).stream()
                .filter(c -> !step.changes().contains(c) && c.cause() != FieldChange.Cause.Drift)
                .map(FieldChange::component)
                .collect(Collectors.toSet());
        ManagedResource<?> writing = target.asApplied(held);
        return new StepWork(
                step,
                known == null || step.changes().stream().anyMatch(diff::withdraws)
                        ? writing
                        : writing.beforeWithdrawal(known),
                assessment.writing(diff.only(step.changes())),
                known);
    }

    /** The components that the step changes. */
    Set<String> components() {
        return step.changes().stream().map(FieldChange::component).collect(Collectors.toSet());
    }

    ResourceId id() {
        return step.resource();
    }
}
