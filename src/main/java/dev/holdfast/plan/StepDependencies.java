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
        if (assessment.diff().withdraws(step.changes())
                && Withdrawals.concern(assessment.info().spec())) {
            return withdrawal(step, input, assessments, before);
        }
        for (ResourceId on : step.after()) {
            DependencyState state = input.dependencyStates().getOrDefault(on, DependencyState.Gone);
            boolean open = state == DependencyState.Settled
                    || (deletes && state == DependencyState.Gone)
                    || (state == DependencyState.NotReady && usesEarly(assessment, assessments.get(on), on));
            if (!open) {
                return new Verdict.Blocked(reason(state), on, null);
            }
            if (deletes && stillNames(assessments.get(on))) {
                return new Verdict.Blocked(Reason.DependencyNotReady, on, "it withdraws access first");
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

    /**
     * A withdrawal waits for the additions to the same component: AWS would otherwise permit neither the old nor the new
     * tasks. Unless a person approved it, it also waits for the steps of all resources that may use the access, and for
     * those that only follow another step.
     */
    private static Verdict.@Nullable Blocked withdrawal(
            Step step, GuardInput input, Map<ResourceId, ResourceAssessment> assessments, Map<Step, Verdict> before) {
        for (Step other : before.keySet()) {
            if (other.resource().equals(step.resource()) && adds(other, step)) {
                return new Verdict.Blocked(Reason.DependencyNotReady, other.resource(), "it grants access first");
            }
        }
        return input.approved().contains(Guard.withdrawnNow(step)) ? null : inUse(step, input, assessments, before);
    }

    private static Verdict.@Nullable Blocked inUse(
            Step step, GuardInput input, Map<ResourceId, ResourceAssessment> assessments, Map<Step, Verdict> before) {
        for (Step other : before.keySet()) {
            ResourceAssessment one = Objects.requireNonNull(assessments.get(other.resource()));
            if (step.after().contains(other.resource())
                    && !other.extra()
                    && other.action() != Action.NoOp
                    && !ApprovedWork.isApart(other, one)
                    && !one.diff().withdraws(other.changes())) {
                return inUse(step, other.resource());
            }
        }
        for (ResourceId on : step.after()) {
            DependencyState state = input.dependencyStates().getOrDefault(on, DependencyState.Gone);
            if (state != DependencyState.Settled && state != DependencyState.Gone) {
                return inUse(step, on);
            }
        }
        return null;
    }

    private static Verdict.Blocked inUse(Step step, ResourceId user) {
        return new Verdict.Blocked(
                Reason.AccessInUse,
                user,
                "it may still use access that is no longer desired; an approval of the step " + step.hash()
                        + " withdraws the access now");
    }

    /** Whether the other step applies a change to a component from which the step withdraws access. */
    private static boolean adds(Step other, Step step) {
        return !other.extra()
                && other.changes().stream()
                        .filter(c -> !c.isDrift() && c.effect() != FieldChange.Effect.Released)
                        .anyMatch(c -> step.changes().stream()
                                .anyMatch(last -> last.component().equals(c.component()) && !step.equals(other)));
    }

    /** Whether the observed resource may still refer to resources that its documents no longer name. */
    private static boolean stillNames(@Nullable ResourceAssessment dependent) {
        return dependent != null && !dependent.diff().withdrawn().isEmpty();
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
