package dev.holdfast.plan;

import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.Plan;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Step;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Counts the pending changes of a plan against the limits of its stack. If one limit is exceeded, no change of the plan
 * begins, whether the limit counts it or not. Other work continues: repairs of drift, the completion of a partly
 * created resource, and the deletion of a replaced object. Pure.
 */
final class PlanLimits {
    private final GuardInput input;
    private final Map<ResourceId, ResourceAssessment> assessments;
    private final Plan plan;
    private final Set<GuardInput.BegunStep> counted;
    private final Set<ResourceId> forbidden = new HashSet<>();
    private final @Nullable String exceeded;

    PlanLimits(GuardInput input, Map<ResourceId, ResourceAssessment> assessments, Plan plan) {
        this.input = input;
        this.assessments = assessments;
        this.plan = plan;
        this.counted = new HashSet<>(input.begun());
        for (Step step : plan.steps()) {
            if (isForbidden(step)) {
                forbidden.add(step.resource());
            }
            if (counts(step)) {
                counted.add(GuardInput.BegunStep.of(step));
            }
        }
        // A person who copies our objects must not stop our changes: the deletion of a copy waits for its own approval.
        List<Step> own = plan.steps().stream().filter(step -> !step.extra()).toList();
        this.exceeded = own.stream()
                .map(this::exceededBy)
                .filter(java.util.Objects::nonNull)
                .findFirst()
                .or(() -> own.stream()
                        .map(this::exceededWithUnread)
                        .filter(java.util.Objects::nonNull)
                        .findFirst())
                .orElse(null);
    }

    /** @return null if the limits permit the step */
    @Nullable
    LimitHold hold(Step step) {
        if (isApproved(step)) {
            return null;
        }
        String own = exceededBy(step);
        if (own != null) {
            return new LimitHold(Reason.LimitExceeded, own);
        }
        return exceeded != null && isChange(step)
                ? new LimitHold(Reason.PlanOverLimit, "the whole plan waits: " + exceeded)
                : null;
    }

    record LimitHold(Reason reason, String message) {}

    /**
     * Whether an approval lifts the limits for the step. It may come from the time before all values of the step were
     * known.
     */
    private boolean isApproved(Step step) {
        return input.approved().contains(step.hash()) || input.approved().contains(Guard.foretold(plan, step));
    }

    private @Nullable String exceededBy(Step step) {
        if (!counts(step) || isApproved(step)) {
            return null;
        }
        StepLimit limit = limit(step);
        GuardInput.BegunStep mine = GuardInput.BegunStep.of(step);
        long all = counted.stream().filter(mine::alike).count();
        boolean heldBefore =
                input.overLimit().contains(step.hash()) || input.overLimit().contains(Guard.foretold(plan, step));
        return all > limit.most() || heldBefore
                ? "the plan had more " + limit.counts() + " than limits." + limit.name() + " allows, which is "
                        + limit.most() + raised(limit)
                : null;
    }

    /** Without the unread resources, a failed read would divide one large deletion into several permitted ones. */
    private @Nullable String exceededWithUnread(Step step) {
        if (step.action() != Action.Delete || !counts(step) || isApproved(step)) {
            return null;
        }
        StepLimit limit = limit(step);
        GuardInput.BegunStep mine = GuardInput.BegunStep.of(step);
        long known = counted.stream().filter(mine::alike).count();
        int unread = input.unreadDeletions().size();
        return unread > 0 && known + unread > limit.most()
                ? unread + (unread == 1 ? " resource that is" : " resources that are")
                        + " no longer desired cannot be read, and limits.maxDeletes allows " + limit.most()
                        + " deletions in all; the plan continues when they are read"
                : null;
    }

    private String raised(StepLimit limit) {
        return limit.most() < limit.wanted()
                ? "; the limit of this revision, " + limit.wanted() + ", applies to the revisions after it"
                : "";
    }

    /** @param wanted the limit in the revision to enforce */
    private record StepLimit(String name, String counts, int most, int wanted) {}

    private StepLimit limit(Step step) {
        StackSettings.Limits limits = input.limits();
        StackSettings.Limits wanted = input.settings().limits();
        if (step.rollout()) {
            return new StepLimit("maxRollouts", "rollouts", limits.maxRollouts(), wanted.maxRollouts());
        }
        return switch (step.action()) {
            case Delete -> new StepLimit("maxDeletes", "deletions", limits.maxDeletes(), wanted.maxDeletes());
            case Replace -> new StepLimit("maxReplaces", "replacements", limits.maxReplaces(), wanted.maxReplaces());
            case Update, Create, Adopt, Restart, Forget, NoOp ->
                new StepLimit("maxUpdates", "updates", limits.maxUpdates(), wanted.maxUpdates());
        };
    }

    private boolean counts(Step step) {
        ResourceAssessment assessment = assessments.get(step.resource());
        return assessment != null && counts(step, assessment) && !forbidden.contains(step.resource());
    }

    /** Whether the step is a replacement that no approval can permit, or only follows such a replacement. */
    private boolean isForbidden(Step step) {
        ResourceAssessment assessment = assessments.get(step.resource());
        return assessment != null
                && step.action() == Action.Replace
                && (assessment.lifecycle().onReplace() == Lifecycle.OnReplace.Never
                        || Guard.isForetold(step, assessment)
                                && step.after().stream().anyMatch(forbidden::contains));
    }

    /** Whether a limit counts the step. */
    static boolean counts(Step step, ResourceAssessment assessment) {
        return switch (step.action()) {
            case Delete -> step.risky();
            case Replace -> step.risky() && appliesChange(step);
            case Update ->
                assessment.history().completed()
                        && step.changes().stream().anyMatch(c -> isChange(c) && !isTag(c, assessment));
            case Create, Adopt, Restart, Forget, NoOp -> false;
        };
    }

    /** Whether the step applies a value that the documents did not desire before. */
    private boolean isChange(Step step) {
        ResourceAssessment assessment = assessments.get(step.resource());
        return assessment != null
                && switch (step.action()) {
                    case Create -> !assessment.history().completed();
                    case Adopt -> true;
                    case Update ->
                        assessment.history().completed()
                                && !assessment.history().again()
                                && appliesChange(step);
                    case Replace -> appliesChange(step);
                    case Delete -> step.risky();
                    case Restart, Forget, NoOp -> false;
                };
    }

    private static boolean appliesChange(Step step) {
        return step.changes().stream().anyMatch(PlanLimits::isChange);
    }

    private static boolean isChange(FieldChange change) {
        return change.effect() != FieldChange.Effect.Released && change.cause() != FieldChange.Cause.Drift;
    }

    private static boolean isTag(FieldChange change, ResourceAssessment assessment) {
        return SpecModel.of(assessment.info().spec())
                .field(change.component())
                .map(f -> f.has(TagMap.class))
                .orElse(false);
    }
}
