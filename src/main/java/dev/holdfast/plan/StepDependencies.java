package dev.holdfast.plan;

import dev.holdfast.desired.Reference;
import dev.holdfast.desired.References;
import dev.holdfast.model.Action;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the reason why a step has to wait: another resource, another step, or an unknown value. Pure. */
final class StepDependencies {
    private StepDependencies() {}

    /** @param before the verdicts on the steps before this one */
    static Verdict.@Nullable Blocked blocked(
            Step step, GuardInput input, Map<ResourceId, ResourceAssessment> assessments, Map<Step, Verdict> before) {
        ResourceAssessment assessment = Objects.requireNonNull(assessments.get(step.resource()));
        boolean deletes = step.action() == Action.Delete;
        if (assessment.owners().concerns(step)) {
            for (ResourceId mover : assessment.owners().movers()) {
                ResourceAssessment one = assessments.get(mover);
                if (one != null && one.presence() instanceof Presence.Unclear) {
                    return new Verdict.Blocked(
                            Reason.DependencyUnknown,
                            mover,
                            "it is unknown whether another controller writes this resource");
                }
            }
        }
        for (ResourceId on : step.after()) {
            DependencyState state = input.dependencyStates().getOrDefault(on, DependencyState.Gone);
            boolean open = state == DependencyState.Settled
                    || (deletes && state == DependencyState.Gone)
                    || (state == DependencyState.NotReady && usesEarly(assessment, assessments.get(on), on));
            if (!open) {
                return new Verdict.Blocked(reason(state), on, null);
            }
        }
        ResourceId first = SecretRollouts.waitsFor(step, input, assessments, before);
        if (first != null) {
            return new Verdict.Blocked(
                    Reason.DependencyNotReady, first, "rotated secrets are rolled out to one service after the other");
        }
        for (FieldChange change : step.changes()) {
            if (change.knownAfterApply()) {
                return new Verdict.Blocked(
                        Reason.DependencyNotReady,
                        anyReference(assessment, change),
                        change.words() + " is known after apply");
            }
        }
        if (step.action() == Action.Create && !assessment.unresolved().isEmpty()) {
            String field = assessment.unresolved().iterator().next();
            return new Verdict.Blocked(
                    Reason.DependencyNotReady,
                    assessment
                            .references()
                            .getOrDefault(field, Set.of(step.resource()))
                            .iterator()
                            .next(),
                    field + " is known after apply");
        }
        return null;
    }

    /** Whether the resource uses only outputs that the other resource has before it is ready. */
    private static boolean usesEarly(ResourceAssessment assessment, @Nullable ResourceAssessment other, ResourceId on) {
        DesiredResource desired = assessment.desired();
        if (other == null
                || desired == null
                || !(other.presence() instanceof Presence.Present)
                || desired.dependsOn().contains(on)) {
            return false;
        }
        List<Reference> uses = References.in(desired.spec()).stream()
                .filter(reference -> reference.resource().equals(on))
                .toList();
        return !uses.isEmpty()
                && uses.stream()
                        .allMatch(use ->
                                use.output() != null && other.info().early().contains(use.output()));
    }

    private static ResourceId anyReference(ResourceAssessment assessment, FieldChange change) {
        return assessment.references().getOrDefault(change.component(), Set.of()).stream()
                .findFirst()
                .orElse(assessment.id());
    }

    private static Reason reason(DependencyState state) {
        return switch (state) {
            case Stalled -> Reason.DependencyStalled;
            case Unknown -> Reason.DependencyUnknown;
            case NotReady, Gone, Settled -> Reason.DependencyNotReady;
        };
    }
}
