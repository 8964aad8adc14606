package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Diff;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A step, and the resource that it acts on.
 *
 * @param known what was observed of the resource; null for a Create
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
        return new StepWork(step, Objects.requireNonNull(plan.managed().get(step.resource())), assessment, known);
    }

    ResourceId id() {
        return step.resource();
    }

    /** What the step writes: no more than the plan showed. */
    Diff diff() {
        return assessment.diff().of(step);
    }
}
