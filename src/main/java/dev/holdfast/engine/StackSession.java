package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.WriteRefusedException;
import dev.holdfast.desired.Reference;
import dev.holdfast.model.Action;
import dev.holdfast.model.Event;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Step;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Everything that changes from pass to pass over one stack with one set of settings, and the pass itself. One thread merges
 * the results of reads and steps as they arrive, plans anew, and begins every step that may begin. Neither a slow read nor a
 * slow step holds up another one.
 */
final class StackSession {
    /** How long it waits for a result at most before it looks at the clock again. */
    private static final Duration TICK = Duration.ofMillis(50);

    private final SessionContext context;
    private final RequestHandler requests;
    private final HintHandler hints;
    private final MergeQueue queue = new MergeQueue();
    private final StepsInFlight inFlight = new StepsInFlight();
    private final ObservationStage observation;
    private final StepDispatcher dispatcher;
    private final RetrySchedule retries;
    private final DriftLedger drift;
    private final RecordKeeper keeper;
    private final FailureWatch failures;
    private final StackPlanner planner;
    private final ShownSpecs shownSpecs = new ShownSpecs();
    private final PartialAnswers partial;
    private final LookSchedule looks = new LookSchedule();
    /** Resources for which another try was requested, by a person or after a rollout that failed for a passing cause. */
    private final Set<ResourceId> retryRequested = new HashSet<>();

    private final Set<ResourceId> toLook = new HashSet<>();
    private @Nullable Assessment assessment;
    private @Nullable AssessmentCache cache;
    private @Nullable String enforced;
    /** Whether nothing may begin before the full observation that is under way has ended and a plan was made of it. */
    private boolean wholePlanFirst = true;

    private boolean planNeeded;
    /** Whether the last plan was made in this pass, and nobody requested anything since. */
    private boolean planIsCurrent;

    private Set<ResourceId> timedLook = Set.of();

    StackSession(SessionContext context, StackInbox inbox) {
        this.context = context;
        this.requests = new RequestHandler(
                context.state(),
                context.events(),
                inbox.requests(),
                context.clock(),
                ApproverRule.of(context.engine()));
        this.observation = new ObservationStage(context, queue, inFlight);
        this.dispatcher =
                new StepDispatcher(context, new StepExecutor(context, observation.observer()), queue, inFlight);
        this.retries = new RetrySchedule(context.engine().random());
        this.drift = new DriftLedger(context.state().memory().drift());
        if (drift.unreadable() != null) {
            context.events()
                    .add(
                            null,
                            Event.Severity.Warning,
                            "DriftReportUnreadable",
                            "the drift report that the state kept cannot be read, and starts afresh: what was repaired"
                                    + " before is no longer shown, and drift that is there is reported as new ("
                                    + drift.unreadable() + ")");
        }
        this.keeper = new RecordKeeper(context, drift, retries, new ChangeWitnesses());
        this.hints = new HintHandler(inbox.hints(), keeper, observation);
        this.failures = new FailureWatch(context, keeper, observation.slowFacets());
        this.planner = new StackPlanner(context, retries);
        this.partial = new PartialAnswers(observation, inFlight, keeper::authorOf);
    }

    SessionContext context() {
        return context;
    }

    /** What the last plan was made of; null before the first. */
    @Nullable
    Assessment assessment() {
        return assessment;
    }

    ObservationStage observation() {
        return observation;
    }

    RetrySchedule retries() {
        return retries;
    }

    ShownSpecs shownSpecs() {
        return shownSpecs;
    }

    List<DriftItem> driftItems() {
        return drift.items();
    }

    /** What an output is by the last read; null if it is not known. */
    @Nullable
    JsonNode output(Reference reference) {
        return ResourceBinder.output(context.catalog(), observation.store()::outputs, reference);
    }

    /** Whether reads or steps have not ended yet. */
    boolean isBusy() {
        return !inFlight.isEmpty() || !observation.isIdle();
    }

    /**
     * One pass: it ends when nothing is in flight and nothing can be done at once, or earlier when the next full pass is due.
     * The steps that are in flight then belong to the next pass.
     *
     * @param full read everything; else only what is not settled
     * @param nextFullIsDue asked often
     * @param planned told after each plan
     * @throws WriteRefusedException if the lease was lost
     */
    void pass(Revision revision, boolean full, BooleanSupplier nextFullIsDue, Runnable planned) {
        begin(revision, full);
        while (true) {
            queue.mergeAll();
            advance(revision, planned);
            if (toLook.isEmpty() && !planNeeded && !isBusy()) {
                break;
            }
            if (nextFullIsDue.getAsBoolean() && !observation.isFullOpen() && !wholePlanFirst) {
                break;
            }
            if (isBusy()) {
                queue.mergeWithin(TICK);
            }
        }
        finish(revision);
    }

    private void begin(Revision revision, boolean full) {
        context.engine()
                .accountCheck()
                .verify(context.clients(), context.settings().account());
        boolean fresh = !revision.sha256().equals(enforced);
        planIsCurrent = false;
        takeRequests();
        dispatcher.beginPass();
        Instant now = context.now();
        if (full || fresh || assessment == null) {
            wholePlanFirst |= fresh || assessment == null || observation.mustEnd();
            if (!observation.isFullOpen() || fresh) {
                observation.beginFull(revision, fresh);
            }
            looks.looked(now, true);
        } else {
            look(now);
        }
    }

    /** Does everything that can be done at this moment without waiting. */
    private void advance(Revision revision, Runnable planned) {
        Instant now = context.now();
        dispatcher.takeFinished().forEach(done -> finished(done, now));
        if (requests.any(assessment)) {
            takeRequests();
            planIsCurrent = false;
            planNeeded = true;
        }
        planNeeded |= observation.takeChanged();
        if (planNeeded && mayPlan(revision)) {
            planNeeded = false;
            assessment = assess(revision);
            wholePlanFirst = false;
            planIsCurrent = true;
            looks.planned(now, assessment.nextRetry(), assessment.anyRestless());
            planned.run();
        }
        Assessment current = assessment;
        if (current != null && planIsCurrent && dispatcher.refusal() == null) {
            StepDispatcher.Dispatched dispatched = dispatcher.dispatch(current, observation.store());
            dispatched.begun().forEach(id -> drift.state(id, DriftItem.DriftState.Repairing));
            toLook.addAll(dispatched.stale());
            if (looks.isDue(now) && !observation.isReading(timedLook)) {
                look(now);
            }
        }
        beginLooks();
    }

    /** The first plan, and the first of a new revision, is made of everything that was read, or not at all. */
    private boolean mayPlan(Revision revision) {
        if (!wholePlanFirst) {
            return true;
        }
        if (observation.isFullOpen()) {
            return false;
        }
        observation.bind(revision);
        return !observation.digests().areOpen();
    }

    private void finished(StepDispatcher.FinishedStep done, Instant now) {
        StepWork work = done.work();
        dispatcher.report(done, retries);
        String physicalId = work.step().physicalId();
        if (physicalId != null) {
            boolean parts = work.step().action() == Action.Update && done.outcome() instanceof StepOutcome.Applied;
            observation
                    .invalidation()
                    .wrote(work.target(), physicalId, parts ? Optional.of(work.components()) : Optional.empty());
        }
        boolean again = switch (done.outcome()) {
            case StepOutcome.Applied a -> {
                retryRequested.remove(work.id());
                looks.wrote(now);
                yield true;
            }
            case StepOutcome.Gone g -> true;
            case StepOutcome.GivenUp g -> true;
            case StepOutcome.Contradicted c -> {
                observation.confirmed(work.target(), c.found());
                yield !c.found().isEmpty() || work.step().action() == Action.Delete;
            }
            case StepOutcome.UnderWay u -> done.missedRead();
            case StepOutcome.Unread u -> done.missedRead();
            case StepOutcome.Failed f -> {
                Assessment last = assessment;
                toLook.addAll(
                        failures.failed(last == null ? null : last.resources().get(work.id()), f.fault()));
                yield done.missedRead();
            }
            case StepOutcome.NotAllowed r -> false;
        };
        if (again) {
            toLook.add(work.id());
        }
    }

    private void beginLooks() {
        toLook.addAll(hints.read(inFlight::isWriting));
        Set<ResourceId> ids = new HashSet<>(toLook);
        ids.removeIf(inFlight::isWriting);
        toLook.clear();
        toLook.addAll(observation.beginLook(ids));
    }

    /** A look at what is not settled. */
    private void look(Instant now) {
        looks.looked(now, false);
        observation.digests().retry();
        timedLook = unsettled(now);
        planNeeded |= timedLook.isEmpty();
        toLook.addAll(timedLook);
    }

    private Assessment assess(Revision revision) {
        Map<ResourceId, ManagedResource<?>> managed = observation.bind(revision);
        if (cache == null || !cache.isOf(revision)) {
            cache = new AssessmentCache(context.catalog(), revision);
        }
        Assessor assessor = new Assessor(context, cache, managed, observation.store(), retryRequested);
        Map<ResourceId, ResourceAssessment> resources = Delegations.marked(assessor.all());
        retries.desiredNow(managed);
        keeper.managedNow(managed.keySet());
        resources.replaceAll((id, one) -> partial.isFailedRead(one, context.now())
                ? assessor.assess(Objects.requireNonNull(managed.get(id)))
                : one);
        for (ResourceId id : observation.takeRead()) {
            ManagedResource<?> resource = managed.get(id);
            ResourceAssessment one = resources.get(id);
            if (resource == null || one == null || inFlight.isWriting(id)) {
                continue;
            }
            toLook.addAll(failures.seen(one));
            Map<String, FieldChange> children = UndeclaredChildren.of(resource, managed.values(), observation.store());
            boolean again = keep(resource, one, children, revision);
            if (again) {
                retryRequested.add(id);
            }
            ResourceRecord record = context.state().record(id);
            if (again || record != resource.record() || observation.store().isUnrecorded(id)) {
                // What was just recorded counts for the plan: a failed rollout, a repair that shows, a resource in
                // sync.
                ManagedResource<?> now = resource.withRecord(record);
                managed.put(id, now);
                resources.put(id, assessor.assess(now));
            }
        }
        return planner.plan(
                revision, managed, Delegations.marked(resources), observation.suspects(), dispatcher.begun());
    }

    /** A record that the state refuses concerns that resource alone: it is unknown until a further read could be recorded. */
    private boolean keep(
            ManagedResource<?> resource, ResourceAssessment one, Map<String, FieldChange> children, Revision revision) {
        try {
            return keeper.keep(resource, one, children, revision.sha256());
        } catch (WriteRefusedException e) {
            throw e;
        } catch (RuntimeException e) {
            observation.unrecorded(resource.id(), keeper.notices().unrecorded(resource.id(), e));
            return false;
        }
    }

    private void finish(Revision revision) {
        Assessment last = assessment;
        if (last != null && !wholePlanFirst) {
            enforced = revision.sha256();
            retryRequested.removeIf(id ->
                    last.plan().steps().stream().noneMatch(s -> s.resource().equals(id)));
            planner.remember(last, revision, drift, keeper.notices().delegated());
        }
        String refusal = dispatcher.refusal();
        if (refusal != null) {
            throw new WriteRefusedException(refusal);
        }
    }

    /** Reads everything and plans, and writes nothing. */
    void plan(Revision revision, Runnable planned) {
        begin(revision, true);
        Set<Step> before = Set.of();
        while (true) {
            observation.takeChanged();
            while (isBusy() || !mayPlan(revision)) {
                queue.mergeWithin(TICK);
            }
            Assessment now = assess(revision);
            assessment = now;
            planNeeded = false;
            wholePlanFirst = false;
            planned.run();
            Set<Step> steps = Set.copyOf(now.plan().steps());
            Set<ResourceId> again = new HashSet<>();
            // What seems to be new is read once more, now that more of what it refers to is known.
            now.plan().steps().stream().filter(s -> s.action() == Action.Create).forEach(s -> again.add(s.resource()));
            again.addAll(partial.open());
            if ((steps.equals(before) && partial.open().isEmpty()) || again.isEmpty()) {
                break;
            }
            before = steps;
            observation.beginLook(again);
        }
    }

    private void takeRequests() {
        for (ResourceId id : requests.carryOut(assessment, inFlight::isWriting)) {
            retries.clearAll(id);
            retryRequested.add(id);
            toLook.add(id);
        }
    }

    /** What a light look reads. */
    private Set<ResourceId> unsettled(Instant now) {
        Set<ResourceId> open = new HashSet<>(retryRequested);
        if (assessment != null) {
            open.addAll(assessment.unsettled(now));
        }
        return open;
    }

    /** Waits until every step has ended. */
    void drain() {
        while (!inFlight.isEmpty()) {
            queue.mergeWithin(TICK);
            dispatcher.takeFinished().forEach(done -> finished(done, context.now()));
        }
    }

    /** Waits until every read and step has ended, but no longer than this. @return whether they have ended */
    boolean awaitTasks(Duration most) {
        return queue.awaitTasks(most);
    }

    /** When to look at what is not settled; at once while something is in flight; far away when all is settled. */
    Instant nextLook() {
        return isBusy() ? Instant.MIN : looks.next();
    }
}
