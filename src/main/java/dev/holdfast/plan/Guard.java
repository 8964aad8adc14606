package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.Lifecycle;
import dev.holdfast.model.Phase;
import dev.holdfast.model.Plan;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decides for each step of a whole plan, before the first write, whether it may begin. Pure. */
public final class Guard {
    /**
     * The number of successive writes without effect after which a difference counts as a bug and is no longer written.
     */
    public static final int NEVER_CONVERGES = 3;

    /** Follows the hash of a step in the approval of a withdrawal that does not wait. */
    private static final String NOW = "-now";

    private static final Duration BUSY = Duration.ofSeconds(15);
    /** A repair waits at most this long for the retry of a failed step that also applies a change. */
    private static final Duration LONG = Duration.ofMinutes(1);

    private final GuardInput input;
    private final Map<ResourceId, ResourceAssessment> assessments;
    private final Plan plan;
    private final PlanLimits limits;
    private final FormerObjects formerObjects;
    private final Map<Step, Verdict> verdicts = new LinkedHashMap<>();

    private Guard(
            GuardInput input, Map<ResourceId, ResourceAssessment> assessments, Plan plan, FormerObjects formerObjects) {
        this.input = input;
        this.assessments = assessments;
        this.plan = plan;
        this.limits = new PlanLimits(input, assessments, plan);
        this.formerObjects = formerObjects;
    }

    /**
     * @return a verdict for every step, in the plan's order; a step that has to wait because of a change is split in
     *     two, of which the first repairs the drift of the resource
     */
    public static Map<Step, Verdict> check(
            GuardInput input, Map<ResourceId, ResourceAssessment> assessments, Plan plan, FormerObjects formerObjects) {
        Guard guard = new Guard(input, assessments, plan, formerObjects);
        plan.steps().forEach(guard::decide);
        return guard.verdicts;
    }

    private void decide(Step step) {
        Verdict whole = verdict(step);
        ResourceAssessment assessment = assessments.get(step.resource());
        RepairStep split =
                assessment == null || !waits(whole) ? null : new RepairStep(step, assessment, plan.revision());
        Step repair = split == null ? null : split.repair();
        Verdict alone = repair == null ? whole : verdict(repair);
        if (split == null || repair == null || waits(alone)) {
            verdicts.put(step, whole);
        } else {
            Step rest = split.rest();
            verdicts.put(repair, alone);
            verdicts.put(rest, verdict(rest));
        }
    }

    /** Whether the step waits so long that the repairs in it must not wait with it. */
    private boolean waits(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Held held -> true;
            case Verdict.Blocked blocked -> true;
            case Verdict.AfterReplacement follows -> true;
            case Verdict.Allowed go -> false;
            case Verdict.RetryAt later ->
                later.reason() == Reason.Backoff
                        && later.at().isAfter(input.now().plus(LONG));
        };
    }

    private Verdict verdict(Step step) {
        ResourceAssessment assessment = assessments.get(step.resource());
        if (assessment == null) {
            throw new IllegalStateException("the plan has a step for " + step.resource() + ", which was not assessed");
        }
        if (isForetold(step, assessment)) {
            boolean asks = input.settings().mode() == StackSettings.Mode.Enforce && limits.hold(step) != null;
            return new Verdict.AfterReplacement(new TreeSet<>(step.after()).first(), asks);
        }
        Verdict former = formerObjects.verdict(step);
        Verdict held = held(step, assessment, former);
        if (held != null) {
            return held;
        }
        if (former != null) {
            return former;
        }
        Verdict blocked = StepDependencies.blocked(step, input, assessments, verdicts);
        if (blocked != null) {
            return blocked;
        }
        if (step.action() == Action.Update && isBusy(assessment)) {
            return new Verdict.RetryAt(Reason.AwaitingEffect, input.now().plus(BUSY));
        }
        Instant retryAt = input.retryAt().get(Attempt.of(step));
        if (retryAt != null && input.now().isBefore(retryAt)) {
            return new Verdict.RetryAt(Reason.Backoff, retryAt);
        }
        Instant notBefore = assessment.history().repairs().notBefore();
        if (notBefore != null && input.now().isBefore(notBefore)) {
            return new Verdict.RetryAt(
                    assessment.history().repairs().contested() ? Reason.Contested : Reason.AwaitingEffect, notBefore);
        }
        return new Verdict.Allowed();
    }

    /** Whether AWS would reject a change because it is still working on the former one. */
    private static boolean isBusy(ResourceAssessment assessment) {
        return assessment.info().stepwise()
                && assessment.presence() instanceof Presence.Present present
                && present.known().phase() != Phase.Steady;
    }

    private static Status differs(Step step, ResourceAssessment assessment) {
        boolean missing = step.action() == Action.Create && assessment.history().completed();
        return missing || assessment.diff().hasDrift() ? Status.Drifted : Status.Pending;
    }

    private boolean isApprovedDeletion(Step step) {
        return step.action() == Action.Delete && input.approved().contains(step.hash());
    }

    /** Only an approval lets a step delete a resource that another controller owns. */
    private static Verdict delegated(Step step, ResourceAssessment assessment, String owner) {
        if (step.action() == Action.Delete) {
            return approval(Reason.Delegated, owner);
        }
        return new Verdict.Held(
                differs(step, assessment), Reason.Delegated, owner + ": Holdfast does not write the resource", false);
    }

    /** @param former the verdict on a create because of a former object, or null */
    private @Nullable Verdict held(Step step, ResourceAssessment assessment, @Nullable Verdict former) {
        if (step.action() == Action.Forget || step.action() == Action.NoOp) {
            return null;
        }
        if (input.settings().mode() == StackSettings.Mode.Observe) {
            return new Verdict.Held(
                    differs(step, assessment),
                    Reason.ModeObserve,
                    "the stack's mode is Observe: nothing is written",
                    false);
        }
        if (input.guarded().forbidden() != null) {
            return new Verdict.Held(
                    Status.Stalled,
                    Reason.GuardrailsForbid,
                    String.valueOf(input.guarded().forbidden()),
                    false);
        }
        PolicyFindings policies = PolicyFindings.of(step, assessment, input);
        if (policies.denied() != null) {
            return new Verdict.Held(Status.Stalled, Reason.PolicyDenied, policies.denied(), false);
        }
        String owner = step.extra() ? null : assessment.owners().delegation();
        if (owner != null && !isApprovedDeletion(step)) {
            return delegated(step, assessment, owner);
        }
        String paused = input.paused() != null
                ? input.paused()
                : input.pausedResources().get(step.resource());
        if (paused != null || assessment.lifecycle().paused()) {
            return new Verdict.Held(
                    Status.Paused, Reason.Paused, paused != null ? paused : "lifecycle.paused is set", false);
        }
        if (step.action() == Action.Replace && assessment.lifecycle().onReplace() == Lifecycle.OnReplace.Never) {
            return new Verdict.Held(
                    Status.Stalled,
                    Reason.ReplaceForbidden,
                    "lifecycle.onReplace is Never, and " + replaced(step) + " can only be changed by a replacement",
                    false);
        }
        if (input.approved().contains(step.hash())) {
            return null;
        }
        if (step.action() == Action.Adopt
                && !assessment.info().versioned()
                && step.changes().stream().anyMatch(Guard::replaces)) {
            return approval(
                    Reason.AdoptWouldReplace,
                    "after the adoption, " + replaced(step) + " can only be changed by a replacement");
        }
        Set<GuardedChange> guarded = GuardedChanges.of(step, assessment);
        guarded.retainAll(input.guarded().requireApproval());
        if (!guarded.isEmpty()) {
            return approval(
                    Reason.GuardrailNeedsApproval,
                    "the guardrails require an approval: "
                            + String.join(", ", guarded.stream().map(Enum::name).toList()));
        }
        if (policies.held() != null) {
            return approval(Reason.PolicyNeedsApproval, policies.held());
        }
        String why = assessment.approved().why(step);
        if (why != null) {
            return approval(
                    step.action() == Action.Restart ? Reason.RestartNeedsApproval : Reason.ChangeNeedsApproval, why);
        }
        if (former instanceof Verdict.Held) {
            return former;
        }
        String nothing = NothingToAdopt.why(step, assessment, assessments.values());
        if (nothing != null) {
            return approval(Reason.NothingToAdopt, nothing);
        }
        if (step.action() != Action.Delete && assessment.history().repairs().ineffective() >= NEVER_CONVERGES) {
            return new Verdict.Held(
                    Status.Stalled,
                    Reason.NeverConverges,
                    (step.action() == Action.Create
                                    ? NEVER_CONVERGES
                                            + " creations in a row were accepted, but no read shows the resource"
                                    : NEVER_CONVERGES + " writes in a row had no effect: " + fields(step))
                            + "; run 'retry' to try again",
                    true);
        }
        if (step.physicalId() != null && assessment.history().stuck().contains(step.physicalId())) {
            return new Verdict.Held(
                    Status.Stalled,
                    Reason.NeverConverges,
                    NEVER_CONVERGES + " deletions in a row had no effect: " + step.physicalId() + " still exists; run"
                            + " 'retry' to try again",
                    true);
        }
        if (step.action() == Action.Create
                && step.risky()
                && input.undecided() != null
                && !assessment.history().completed()) {
            return new Verdict.Held(
                    Status.Unknown,
                    Reason.StateUndecided,
                    "it is not known yet whether the state was lost, and whether this resource held data: "
                            + input.undecided() + "; approve the step to create the resource now",
                    true);
        }
        if (step.action() == Action.Create && step.risky()) {
            return new Verdict.Held(
                    Status.Stalled,
                    Reason.LostStateful,
                    "the resource held data and does not exist any more; approve the step to create it again, empty"
                            + remains(assessment),
                    true);
        }
        if (step.extra() && step.risky()) {
            return approval(
                    Reason.UnexpectedCopy,
                    "the object carries the ownership of " + step.resource() + ", and no recorded replacement"
                            + " explains it");
        }
        if (input.upgraded().contains(step.resource())) {
            return approval(Reason.UpgradeHold, "the operator's version has changed, but the revision has not");
        }
        if (step.action() == Action.Replace && needsApproval(step, assessment)) {
            return approval(
                    Reason.ReplaceNeedsApproval,
                    replaced(step) + " can only be changed by a replacement" + lost(assessment));
        }
        return overLimit(step);
    }

    private static String remains(ResourceAssessment assessment) {
        return assessment.presence() instanceof Presence.Missing missing
                        && !missing.remains().isEmpty()
                ? "; its remains: " + String.join(", ", missing.remains())
                : "";
    }

    /** Whether a step only follows a replacement: until its values are known, nothing differs. */
    public static boolean isForetold(Step step, ResourceAssessment assessment) {
        return isForetold(step.changes(), assessment);
    }

    static boolean isForetold(List<FieldChange> changes, ResourceAssessment assessment) {
        return !changes.isEmpty()
                && changes.stream().allMatch(FieldChange::knownAfterApply)
                && assessment.diff().isEmpty()
                && assessment.diff().changes().stream().noneMatch(FieldChange::knownAfterApply);
    }

    /** The hash of a step before its values were known: an approval of this hash lifts the limits. */
    public static String foretold(Plan plan, Step step) {
        return StepHash.foretold(plan.revision(), step.resource(), step.action(), step.physicalId());
    }

    /**
     * The approval of a withdrawal that waits for a user of the access ({@link Reason#AccessInUse}). An approval of the
     * step that was given because a limit or a rule held the step does not end this wait.
     */
    public static String withdrawnNow(Step step) {
        return step.hash() + NOW;
    }

    /** The hash of the step for which a person gave the approval. */
    public static String approvedStep(String approval) {
        return approval.endsWith(NOW) ? approval.substring(0, approval.length() - NOW.length()) : approval;
    }

    private static boolean replaces(FieldChange change) {
        return change.forcesReplacement() && !change.knownAfterApply();
    }

    private static boolean needsApproval(Step step, ResourceAssessment assessment) {
        Lifecycle.OnReplace said = assessment.lifecycle().onReplace();
        return said == null ? assessment.info().stateful() || step.deleteFirst() : said == Lifecycle.OnReplace.Approve;
    }

    private static Verdict approval(Reason reason, String message) {
        return new Verdict.Held(Status.AwaitingApproval, reason, message, true);
    }

    private @Nullable Verdict overLimit(Step step) {
        PlanLimits.LimitHold hold = limits.hold(step);
        return hold == null ? null : approval(hold.reason(), hold.message());
    }

    /**
     * Whether limits count the step: they count pending changes, and not repairs, the completion of a creation, or the
     * deletion of a replaced object.
     */
    public static boolean counts(Step step, ResourceAssessment assessment) {
        return PlanLimits.counts(step, assessment);
    }

    private static String lost(ResourceAssessment assessment) {
        String holds = assessment.info().holds();
        return holds == null ? "" : ", and the present object is deleted with " + holds;
    }

    private static String replaced(Step step) {
        return step.changes().stream()
                .filter(FieldChange::forcesReplacement)
                .map(FieldChange::words)
                .findFirst()
                .orElse("a field");
    }

    private static String fields(Step step) {
        return String.join(", ", step.changes().stream().map(FieldChange::words).toList());
    }
}
