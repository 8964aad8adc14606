package dev.holdfast.engine;

import dev.holdfast.desired.GuardedSource;
import dev.holdfast.desired.Problem;
import dev.holdfast.desired.Publication;
import dev.holdfast.model.Event;
import dev.holdfast.model.Guardrails.GuardrailsState;
import dev.holdfast.model.Plan;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.RevisionAuthor;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Step;
import dev.holdfast.plan.DependencyState;
import dev.holdfast.plan.FormerObjects;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.GuardInput;
import dev.holdfast.plan.Planner;
import dev.holdfast.plan.PolicyFindings;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.StackMemory;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plans the steps of a whole stack, and decides for each step whether it may begin. Writes nothing to AWS. */
final class StackPlanner {
    private final SessionContext context;
    private final RetrySchedule retries;
    private final ApprovalBook approvals;
    private Set<String> warned = Set.of();
    /** The hashes of the withdrawals that wait for a user of the access. */
    private Set<String> waiting = Set.of();

    private final RememberedPolicies policies = new RememberedPolicies();
    private @Nullable GuardedRevision checked;
    private List<Problem> problems = List.of();

    /** The input of the guardrails' checks of a revision, which are made once and not in each plan. */
    private record GuardedRevision(
            GuardrailsState guardrails,
            Revision revision,
            @Nullable Publication published) {
        boolean isSame(@Nullable GuardedRevision other) {
            return other != null
                    && guardrails == other.guardrails
                    && revision == other.revision
                    && Objects.equals(published, other.published);
        }
    }

    StackPlanner(SessionContext context, RetrySchedule retries) {
        this.context = context;
        this.retries = retries;
        this.approvals = new ApprovalBook(context);
    }

    /**
     * The steps before a plan.
     *
     * @param begun the steps of this pass that the limits count
     * @param unread the resources that a step is writing, or that no read has shown since their last step
     */
    record StepsSoFar(Set<GuardInput.BegunStep> begun, Set<ResourceId> unread) {}

    /** @param suspects stateful resources that may have held data before the state was lost */
    Assessment plan(
            Revision revision,
            Map<ResourceId, ManagedResource<?>> managed,
            Map<ResourceId, ResourceAssessment> resources,
            Set<ResourceId> suspects,
            StepsSoFar steps) {
        // While it is unknown whether the state was lost, every stateful resource may have existed.
        Set<ResourceId> uncertain = context.state().memory().undecided() == null ? suspects : resources.keySet();
        Planner planner = new Planner(
                context.stack().stack(), revision.sha256(), context.settings().prune(), resources, uncertain);
        Traces traces = context.engine().traces();
        Plan plan = traces.in("plan", planner::plan);
        approvals.planned(plan, resources);
        Set<ResourceId> retained = planner.retained();
        Map<ResourceId, DependencyState> states =
                new StatusRules(resources, retries, retained, steps.unread()).dependencyStates(plan);
        GuardInput input = input(
                revision,
                resources.keySet(),
                states,
                new CountedSteps(Set.copyOf(steps.begun()), planner.unreadDeletions()));
        FormerObjects formerObjects = new FormerObjects(plan, resources);
        Map<Step, Verdict> verdicts = traces.in("guard", () -> Guard.check(input, resources, plan, formerObjects));
        reportWithdrawals(verdicts);
        Map<ResourceId, String> advice = formerObjects.advice();
        Map<String, List<String>> warnings =
                withAdvice(warnings(verdicts.keySet(), resources, input), verdicts.keySet(), advice);
        Plan guarded = new Plan(plan.stack(), plan.revision(), List.copyOf(verdicts.keySet()), warnings);
        return new Assessment(
                managed, resources, guarded, verdicts, retained, steps.unread(), planner.unused(states), advice);
    }

    /** The warnings, with the advice about the resources of the steps. */
    private static Map<String, List<String>> withAdvice(
            Map<String, List<String>> warnings, Set<Step> steps, Map<ResourceId, String> advice) {
        Map<String, List<String>> all = new HashMap<>(warnings);
        for (Step step : steps) {
            String given = step.extra() ? null : advice.get(step.resource());
            if (given != null) {
                all.merge(
                        step.hash(),
                        List.of(given),
                        (a, b) -> Stream.concat(a.stream(), b.stream()).toList());
            }
        }
        return all;
    }

    /** The warnings of the policies. An event reports each warning once, however many passes the step takes. */
    private Map<String, List<String>> warnings(
            Set<Step> steps, Map<ResourceId, ResourceAssessment> resources, GuardInput input) {
        Map<String, List<String>> all = new HashMap<>();
        for (Step step : steps) {
            ResourceAssessment one = resources.get(step.resource());
            List<String> warnings = one == null
                    ? List.of()
                    : PolicyFindings.of(step, one, input).warnings();
            if (!warnings.isEmpty()) {
                all.put(step.hash(), warnings);
                if (!warned.contains(step.hash())) {
                    context.events()
                            .add(step.resource(), Event.Severity.Warning, "PolicyWarning", String.join("; ", warnings));
                }
            }
        }
        warned = Set.copyOf(all.keySet());
        return all;
    }

    /** An event reports once that a withdrawal waits, however many passes the wait takes. */
    private void reportWithdrawals(Map<Step, Verdict> verdicts) {
        Set<String> now = new HashSet<>();
        verdicts.forEach((step, verdict) -> {
            if (verdict instanceof Verdict.Blocked blocked && blocked.isAccessInUse()) {
                now.add(step.hash());
                if (!waiting.contains(step.hash())) {
                    context.events()
                            .add(
                                    step.resource(),
                                    Event.Severity.Info,
                                    "WithdrawalWaits",
                                    "the withdrawal of access waits for " + blocked.on() + ": " + blocked.message());
                }
            }
        });
        waiting = Set.copyOf(now);
    }

    /** The steps that the limits count beside those of the plan. */
    private record CountedSteps(Set<GuardInput.BegunStep> begun, Set<ResourceId> unreadDeletions) {}

    private GuardInput input(
            Revision revision,
            Set<ResourceId> managed,
            Map<ResourceId, DependencyState> dependencyStates,
            CountedSteps counted) {
        StackMemory memory = context.state().memory();
        GuardrailsState guardrails = context.engine().guardrails().get();
        Instant now = context.now();
        Map<ResourceId, String> paused = new HashMap<>();
        memory.pauses().forEach((what, pause) -> {
            if (!what.equals("*") && now.isBefore(pause.until())) {
                paused.put(ResourceId.parse(what), pause.reason());
            }
        });
        StackMemory.Pause whole = memory.pauses().get("*");
        return new GuardInput(
                context.settings(),
                now,
                whole != null && now.isBefore(whole.until()) ? whole.reason() : null,
                paused,
                approvals.valid(),
                heldByUpgrade(memory, revision, managed),
                dependencyStates,
                retries.retryAt(),
                counted.begun(),
                counted.unreadDeletions(),
                memory.undecided(),
                limits(memory, guardrails),
                memory.overLimit(),
                guarded(revision, guardrails));
    }

    private GuardInput.GuardedInput guarded(Revision revision, GuardrailsState guardrails) {
        Publication published =
                PublishedBy.publication(revision, context.state().revision());
        List<Problem> problems = problems(new GuardedRevision(guardrails, revision, published));
        return new GuardInput.GuardedInput(
                problems.isEmpty() ? null : problems.getFirst().toString(),
                guardrails instanceof GuardrailsState.ActiveGuardrails active
                        ? active.guardrails().requireApproval()
                        : Set.of(),
                policies.ofPlan(
                        guardrails instanceof GuardrailsState.ActiveGuardrails active
                                ? active.guardrails().policies()
                                : PolicySet.NONE),
                published == null
                        ? RevisionAuthor.UNKNOWN
                        : new RevisionAuthor(
                                published.head().author(), published.head().message()));
    }

    /**
     * The limits of the last wholly enforced revision, capped by the guardrails' ceilings. A revision may lower its own
     * limits.
     */
    private StackSettings.Limits limits(StackMemory memory, GuardrailsState guardrails) {
        StackSettings.Limits own = context.settings().limits();
        if (guardrails instanceof GuardrailsState.ActiveGuardrails active
                && active.guardrails().ceilings() != null) {
            own = own.stricter(active.guardrails().ceilings());
        }
        return memory.limits() == null ? own : own.stricter(memory.limits());
    }

    /** Whether the operator's version changed since the last complete pass, and the revision did not. */
    private boolean isUpgraded(StackMemory memory, Revision revision) {
        return memory.version() != null
                && !memory.version().equals(context.engine().version())
                && revision.sha256().equals(memory.revision());
    }

    /**
     * Keeps the results of a pass for the next one.
     *
     * @param begun the resources of which the pass has begun steps
     */
    void remember(
            Assessment assessment,
            Revision revision,
            DriftLedger drift,
            ResourceNotices notices,
            Set<ResourceId> begun) {
        Instant now = context.now();
        drift.expire(now, assessment.managed()::containsKey);
        approvals.endPass(assessment, revision, begun);
        context.state().update(memory -> {
            Map<String, StackMemory.Pause> pauses = new HashMap<>(memory.pauses());
            pauses.values().removeIf(pause -> !now.isBefore(pause.until()));
            StackMemory next = drift.rememberIn(notices.rememberIn(
                            approvals.rememberIn(memory).pauses(pauses).unread(assessment.undecided())))
                    .upgraded(stillHeld(memory, assessment, revision));
            if (assessment.isEnforced()) {
                next = next.limits(context.settings().limits());
            }
            if (!isUpgraded(memory, revision) || assessment.plan().isEmpty()) {
                next = next.passed(context.engine().version(), revision.sha256());
            }
            return next.equals(memory)
                    ? memory
                    : next.lastEvent(context.events().last());
        });
    }

    private Set<ResourceId> heldByUpgrade(StackMemory memory, Revision revision, Set<ResourceId> managed) {
        if (isUpgraded(memory, revision)) {
            return managed;
        }
        return revision.sha256().equals(memory.revision()) ? memory.upgraded() : Set.of();
    }

    /**
     * The resources whose steps wait although the operator's version has passed: none of its reads has shown yet that
     * it needs no change there.
     */
    private Set<ResourceId> stillHeld(StackMemory memory, Assessment assessment, Revision revision) {
        if (isUpgraded(memory, revision)) {
            return assessment.plan().isEmpty() ? assessment.undecided() : Set.of();
        }
        if (!revision.sha256().equals(memory.revision())) {
            return Set.of();
        }
        Set<ResourceId> held = new HashSet<>(assessment.undecided());
        assessment.plan().steps().forEach(step -> held.add(step.resource()));
        held.retainAll(memory.upgraded());
        return held;
    }

    private List<Problem> problems(GuardedRevision asked) {
        if (!asked.isSame(checked)) {
            problems = GuardedSource.problems(
                    asked.guardrails(),
                    asked.revision(),
                    asked.published(),
                    context.engine().catalog());
            checked = asked;
        }
        return problems;
    }
}
