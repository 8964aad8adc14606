package dev.holdfast.engine;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.WriteRefusedException;
import dev.holdfast.desired.Reference;
import dev.holdfast.model.Action;
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
 * The passes over one stack with one set of settings, and the data that they share. One thread merges the results of
 * reads and steps as they arrive, plans again, and begins every step that may begin. A slow read or step delays no
 * other one.
 */
final class StackSession {
    /** The longest wait for a result before the clock is read again. */
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
    private final SessionMemories memories;
    private final LookSchedule looks = new LookSchedule();
    /** Resources for which a user requested a retry. */
    private final Set<ResourceId> retryRequested = new HashSet<>();

    private final Set<ResourceId> toLook = new HashSet<>();
    private @Nullable Assessment assessment;
    private @Nullable AssessmentCache cache;
    private @Nullable String enforced;
    /** Whether no step may begin before the full observation under way has ended and was planned. */
    private boolean wholePlanFirst = true;

    private boolean planNeeded;
    /** Whether the last plan was made in this pass, and no request has arrived since. */
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
        this.drift = DriftLedger.of(context);
        this.keeper = new RecordKeeper(context, drift, retries, new ChangeWitnesses());
        this.hints = new HintHandler(inbox.hints(), keeper, observation);
        this.failures = new FailureWatch(context, keeper, observation.slowFacets());
        this.planner = new StackPlanner(context, retries);
        this.partial = new PartialAnswers(observation, inFlight, keeper::authorOf);
        this.memories = new SessionMemories(keeper, observation, dispatcher, failures, partial);
    }

    SessionContext context() {
        return context;
    }

    /** The last assessment with its plan; null before the first. */
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

    /** The value of an output by the last read; null if it is not known. */
    @Nullable
    JsonNode output(Reference reference) {
        return ResourceBinder.output(context.catalog(), observation.store()::outputs, reference);
    }

    /** Whether reads or steps have not ended yet. */
    boolean isBusy() {
        return !inFlight.isEmpty() || !observation.isIdle();
    }

    /**
     * Makes one pass. It ends when no read or step is in flight and no step can begin, or earlier when the next full
     * pass is due. Steps in flight then belong to the next pass.
     *
     * @param full whether all resources are read, or only unsettled ones
     * @param nextFullIsDue whether the next full pass is due; it is called often
     * @param planned called after each plan
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
        dispatcher.beginPass(fresh, assessment);
        Instant now = context.now();
        if (fresh) {
            observation.observer().renamed(RenamedResources.applied(revision, context));
        }
        if (full || fresh || assessment == null) {
            wholePlanFirst |= fresh || assessment == null || observation.mustEnd();
            if (!observation.isFullOpen() || fresh) {
                observation.beginFull(revision, fresh);
            }
            looks.lookedAtAll(now);
        } else {
            look(now);
        }
    }

    /** Does all work that can be done without waiting. */
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
            looks.planned(now, assessment.nextRetry(), assessment.restless());
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

    /** The first plan, and the first plan of a new revision, requires a full observation that has ended. */
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
                looks.wrote(now, work.id());
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
            inFlight.changed(work.id());
        }
    }

    private void beginLooks() {
        toLook.addAll(hints.read(inFlight::isWriting));
        Set<ResourceId> ids = new HashSet<>(toLook);
        ids.removeIf(inFlight::isWriting);
        toLook.clear();
        toLook.addAll(observation.beginLook(ids));
    }

    /** Has the unsettled resources read that are due. */
    private void look(Instant now) {
        observation.digests().retry();
        timedLook = due(now);
        looks.looked(now, timedLook);
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
        memories.retain(managed.keySet());
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
            keep(resource, one, children, revision);
            ResourceRecord record = context.state().record(id);
            if (record != resource.record() || observation.store().isUnrecorded(id)) {
                // The plan has to use the new record: a failed rollout, an effective repair, a resource in sync.
                ManagedResource<?> now = resource.withRecord(record);
                managed.put(id, now);
                resources.put(id, assessor.assess(now));
            }
        }
        Assessment planned = planner.plan(
                revision,
                managed,
                Delegations.marked(resources),
                observation.suspects(),
                dispatcher.stepsSoFar(managed.keySet(), observation.store()));
        keeper.unusedNow(planned.unused());
        return planned;
    }

    /** If the state rejects a record, only that resource is unknown, until a read is recorded. */
    private void keep(
            ManagedResource<?> resource, ResourceAssessment one, Map<String, FieldChange> children, Revision revision) {
        try {
            keeper.keep(resource, one, children, revision.sha256());
        } catch (WriteRefusedException e) {
            throw e;
        } catch (RuntimeException e) {
            observation.unrecorded(resource.id(), keeper.notices().unrecorded(resource.id(), e));
        }
    }

    private void finish(Revision revision) {
        Assessment last = assessment;
        if (last != null && !wholePlanFirst) {
            enforced = revision.sha256();
            retryRequested.removeIf(id ->
                    last.plan().steps().stream().noneMatch(s -> s.resource().equals(id)));
            planner.remember(last, revision, drift, keeper.notices(), dispatcher.begun());
        }
        String refusal = dispatcher.refusal();
        if (refusal != null) {
            throw new WriteRefusedException(refusal);
        }
    }

    /** Reads all resources and plans, without writing. */
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
            // Resources that seem to be new are read once more, because more of their references are known now.
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

    /** The resources that a light pass reads. */
    private Set<ResourceId> due(Instant now) {
        Set<ResourceId> due = new HashSet<>(retryRequested);
        due.addAll(looks.due(now));
        if (assessment != null) {
            due.addAll(assessment.dueAgain(now));
        }
        return due;
    }

    /** Waits until every step has ended. */
    void drain() {
        while (!inFlight.isEmpty()) {
            queue.mergeWithin(TICK);
            dispatcher.takeFinished().forEach(done -> finished(done, context.now()));
        }
    }

    /** Waits at most this long until every read and step has ended. @return whether all have ended */
    boolean awaitTasks(Duration most) {
        return queue.awaitTasks(most);
    }

    /** The time of the next light pass: now while work is in flight, {@link Instant#MAX} if all is settled. */
    Instant nextLook() {
        return isBusy() ? Instant.MIN : looks.next();
    }
}
