package dev.holdfast.engine;

import dev.holdfast.aws.Fork;
import dev.holdfast.model.Action;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Attempt;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.GuardInput;
import dev.holdfast.plan.Owners;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Begins every step that may begin, each on a thread of its own, and returns at once; their outcomes are merged as they
 * arrive. Used by one thread.
 */
final class StepDispatcher {
    private final SessionContext context;
    private final StepExecutor executor;
    private final MergeQueue queue;
    private final StepsInFlight steps;
    private final Fork fork;
    private final Set<GuardInput.BegunStep> begun = new HashSet<>();
    /** The resources of which this pass has begun steps, and those of the steps that it found in flight. */
    private final Set<ResourceId> touched = new HashSet<>();

    private final Map<ResourceId, Integer> timesBegun = new HashMap<>();
    /** The resources whose steps this pass no longer begins. */
    private final Set<ResourceId> usedUp = new HashSet<>();
    /** The resources whose last step was not needed. */
    private final Set<ResourceId> contradicted = new HashSet<>();

    private List<FinishedStep> finished = new ArrayList<>();
    private @Nullable String refusal;
    /** When the first pass of the revision began. */
    private Instant takenAt = Instant.MIN;

    /** @param missedRead whether a read of the resource was discarded while the step was in flight */
    record FinishedStep(StepWork work, StepOutcome outcome, boolean missedRead) {}

    StepDispatcher(SessionContext context, StepExecutor executor, MergeQueue queue, StepsInFlight steps) {
        this.context = context;
        this.executor = executor;
        this.queue = queue;
        this.steps = steps;
        // Writes have threads of their own, so that reads do not wait behind them.
        this.fork = context.engine().fork().another();
    }

    /**
     * @param fresh whether the pass is the first one of its revision
     * @param last the last assessment; null before the first
     */
    void beginPass(boolean fresh, @Nullable Assessment last) {
        if (fresh) {
            takenAt = context.now();
        }
        if (fresh || last == null || !isPartlyRead(last)) {
            begun.removeIf(b -> !steps.isWriting(b.resource()));
        }
        touched.removeIf(id -> !steps.isWriting(id));
        timesBegun.clear();
        usedUp.clear();
        refusal = null;
    }

    /**
     * Forgets the resources that are no longer managed.
     *
     * @param idle whether no read is under way, so that the results of all later reads are newer than all past steps
     */
    void retain(Set<ResourceId> managed, boolean idle) {
        contradicted.retainAll(managed);
        if (idle) {
            steps.retain(managed);
        }
    }

    StackPlanner.StepsSoFar stepsSoFar(Set<ResourceId> managed, ObservationStore observed) {
        return new StackPlanner.StepsSoFar(begun, steps.unread(managed, observed));
    }

    /** The resources of which this pass has begun steps, and those of the steps in flight. */
    Set<ResourceId> begun() {
        return Set.copyOf(touched);
    }

    /**
     * Whether a change of the revision may not be planned yet because its resource could not be read. The limits then
     * count it together with the changes that were begun before, for a day at most.
     */
    private boolean isPartlyRead(Assessment last) {
        return !last.undecided().isEmpty() && context.now().isBefore(takenAt.plus(EngineConstants.DAILY));
    }

    /** The reason why writes are no longer allowed, or null. */
    @Nullable
    String refusal() {
        return refusal;
    }

    List<FinishedStep> takeFinished() {
        List<FinishedStep> taken = finished;
        finished = new ArrayList<>();
        return taken;
    }

    /**
     * @param begun resources of steps that have just begun
     * @param stale resources that have to be read before their steps may begin
     */
    record Dispatched(Set<ResourceId> begun, Set<ResourceId> stale) {}

    /**
     * Begins the steps that may begin now. A step relies only on a read that is fresh and began after the resource's
     * last step had ended.
     */
    Dispatched dispatch(Assessment assessment, ObservationStore observed) {
        Set<ResourceId> stale = new HashSet<>();
        Set<String> heldGroups = new HashSet<>();
        Map<ResourceId, StepWork> first = new LinkedHashMap<>();
        Instant horizon = context.now().minus(EngineConstants.READ_IS_FRESH);
        for (Step step : assessment.allowed()) {
            ResourceId id = step.resource();
            if (steps.isWriting(id) || first.containsKey(id)) {
                continue;
            }
            StepWork work = StepWork.of(step, assessment);
            LastObserved last = observed.get(id);
            boolean unread = last == null || !steps.isAfterLastStep(id, last.begun());
            boolean old =
                    last != null && !confirmsItself(step) && last.begunAt().isBefore(horizon);
            if (!unread && old) {
                stale.add(id);
            }
            Set<ResourceId> movers = last == null ? Set.of() : notReadSince(last.at(), work, observed);
            stale.addAll(movers);
            old |= !movers.isEmpty();
            String group = group(work);
            if (group != null && (unread || old || steps.isWriting(group))) {
                heldGroups.add(group);
            } else if (!unread && !old) {
                first.put(id, work);
            }
        }
        List<StepWork> ready = first.values().stream()
                .filter(w -> !heldGroups.contains(String.valueOf(group(w))))
                .toList();
        return new Dispatched(begin(ready, assessment.plan().revision()), stale);
    }

    /**
     * The resources that show whether another controller may write the step's fields, and that were read before the
     * difference was seen. The controller may have become active between the two reads.
     */
    private static Set<ResourceId> notReadSince(Instant seen, StepWork work, ObservationStore observed) {
        Owners owners = work.assessment().owners();
        return !owners.concerns(work.step())
                ? Set.of()
                : owners.movers().stream()
                        .filter(mover -> {
                            LastObserved last = observed.get(mover);
                            return last != null && last.begunAt().isBefore(seen);
                        })
                        .collect(Collectors.toSet());
    }

    /** The group of a change. Changes of one group begin together or wait together. */
    private static @Nullable String group(StepWork work) {
        return work.step().action() == Action.Update || ExchangeExecutor.isOne(work)
                ? work.target().group()
                : null;
    }

    /** Whether a point read precedes the write anyway. */
    private static boolean confirmsItself(Step step) {
        return step.action() == Action.Create || step.action() == Action.Forget || step.action() == Action.Delete;
    }

    private Set<ResourceId> begin(List<StepWork> all, String revision) {
        Set<ResourceId> now = new HashSet<>();
        Map<String, List<StepWork>> units = new LinkedHashMap<>();
        for (StepWork work : all) {
            String group = group(work);
            units.computeIfAbsent(group == null ? work.id().toString() : "group " + group, g -> new ArrayList<>())
                    .add(work);
        }
        for (List<StepWork> unit : units.values()) {
            StepWork one = unit.getFirst();
            String kind = one.id().kind();
            boolean often =
                    unit.stream().anyMatch(w -> timesBegun.getOrDefault(w.id(), 0) >= EngineConstants.STEPS_PER_PASS);
            if (often) {
                unit.forEach(this::usedUp);
            } else if (steps.ofKind(kind) == 0
                    || steps.ofKind(kind) + unit.size() <= EngineConstants.IN_FLIGHT_PER_KIND) {
                beginUnit(
                        unit.stream().sorted(Comparator.comparing(StepWork::id)).toList(), revision);
                unit.forEach(w -> now.add(w.id()));
            }
        }
        return now;
    }

    private void usedUp(StepWork work) {
        if (usedUp.add(work.id())) {
            context.events()
                    .add(
                            work.id(),
                            Event.Severity.Warning,
                            "StepsUsedUp",
                            "this pass has begun " + EngineConstants.STEPS_PER_PASS
                                    + " steps of the resource, and begins no more; the next pass continues");
        }
    }

    /** @param unit one step, or the changes of all resources that have to change together */
    private void beginUnit(List<StepWork> unit, String revision) {
        String group = group(unit.getFirst());
        for (StepWork work : unit) {
            steps.began(work.id(), group);
            timesBegun.merge(work.id(), 1, Integer::sum);
            touched.add(work.id());
            if (Guard.counts(work.step(), work.assessment())) {
                begun.add(GuardInput.BegunStep.of(work.step()));
            }
        }
        List<StepWork> together = group == null ? List.of() : unit;
        StepOutcome lost = new StepOutcome.Failed(
                new Fault(Fault.Category.UNKNOWN, "Lost", "the step ended without a result", "", null));
        queue.begin(
                fork,
                () -> {
                    List<StepOutcome> outcomes = outcomes(unit, together, revision);
                    return () -> ended(unit, outcomes, group);
                },
                () -> ended(unit, Collections.nCopies(unit.size(), lost), group));
    }

    private List<StepOutcome> outcomes(List<StepWork> unit, List<StepWork> group, String revision) {
        if (unit.stream().anyMatch(ExchangeExecutor::isOne)) {
            StepOutcome outcome =
                    context.engine().traces().step(unit.getFirst().step(), () -> executor.exchange(unit, revision));
            return Collections.nCopies(unit.size(), outcome);
        }
        return unit.size() == 1
                ? List.of(execute(unit.getFirst(), group, revision))
                : fork.all(unit, work -> execute(work, group, revision));
    }

    private StepOutcome execute(StepWork work, List<StepWork> group, String revision) {
        return context.engine().traces().step(work.step(), () -> executor.execute(work, group, revision));
    }

    private void ended(List<StepWork> unit, List<StepOutcome> outcomes, @Nullable String group) {
        for (int i = 0; i < unit.size(); i++) {
            StepWork work = unit.get(i);
            boolean missedRead = steps.ended(work.id(), group);
            if (outcomes.get(i) instanceof StepOutcome.NotAllowed refused) {
                refusal = refused.message();
            }
            finished.add(new FinishedStep(work, outcomes.get(i), missedRead));
        }
    }

    /** A deletion may remove the cause of a rejection, for example the only permitted policy of a target. */
    private static void retryWithout(Step step, RetrySchedule retries) {
        if (step.action() == Action.Delete || step.action() == Action.Forget) {
            retries.rejected(step.resource().kind());
        }
    }

    /** Reports a finished step, and schedules the retry of a failed one. */
    void report(FinishedStep done, RetrySchedule retries) {
        Step step = done.work().step();
        EventLog events = context.events();
        switch (done.outcome()) {
            case StepOutcome.Applied a -> {
                contradicted.remove(step.resource());
                retries.clear(Attempt.of(step));
                retryWithout(step, retries);
                events.add(step.resource(), Event.Severity.Info, requested(step.action()), words(step));
                alertRecreated(done.work());
            }
            case StepOutcome.Gone g -> {
                retries.clear(Attempt.of(step));
                retryWithout(step, retries);
            }
            case StepOutcome.Failed f -> {
                Instant now = context.now();
                retries.add(
                        Attempt.of(step),
                        f.fault(),
                        now,
                        String.valueOf(done.work().target().resolved()));
                // A failed restart has used up its approval: its step waits again and shows no failure.
                events.add(
                        step.resource(),
                        step.action() == Action.Restart ? Event.Severity.Alert : Event.Severity.Warning,
                        step.action() + "Failed",
                        (f.fault().operation() + " " + f.fault().code()).strip() + ": "
                                + f.fault().message());
            }
            case StepOutcome.Unread unread -> {
                retries.unread(Attempt.of(step), unread.fault(), context.now());
                events.add(
                        step.resource(),
                        Event.Severity.Warning,
                        "ReadFailed",
                        "a read failed, so it is unknown whether " + step.action() + " is needed: "
                                + unread.fault().operation() + " "
                                + unread.fault().code() + ": "
                                + unread.fault().message());
            }
            case StepOutcome.Contradicted c -> {
                if (contradicted.add(step.resource())) {
                    events.add(
                            step.resource(),
                            Event.Severity.Info,
                            step.action() + "NotNeeded",
                            c.found().isEmpty()
                                    ? "a list still shows the object, but a read of the object does not; no call was"
                                            + " sent"
                                    : "a list does not show the object yet, but a read of the object does; no call"
                                            + " was sent");
                }
            }
            case StepOutcome.UnderWay u -> {}
            case StepOutcome.GivenUp g -> {}
            case StepOutcome.NotAllowed r -> {}
        }
    }

    private void alertRecreated(StepWork work) {
        if (work.step().action() == Action.Create
                && work.assessment().info().stateful()
                && work.assessment().history().completed()) {
            context.events()
                    .add(
                            work.id(),
                            Event.Severity.Alert,
                            "RecreatedEmpty",
                            "the resource held data and was deleted; it was created again, empty");
        }
    }

    private static String requested(Action action) {
        return switch (action) {
            case Create -> "CreateRequested";
            case Update -> "UpdateRequested";
            case Replace -> "ReplaceRequested";
            case Restart -> "RestartRequested";
            case Delete -> "DeleteRequested";
            case Adopt -> "Adopted";
            case Forget -> "Forgotten";
            case NoOp -> "Released";
        };
    }

    private static String words(Step step) {
        String fields = step.changes().stream()
                .filter(c -> step.action() == Action.NoOp || c.effect() != FieldChange.Effect.Released)
                .map(FieldChange::words)
                .collect(Collectors.joining(", "));
        return Stream.of(step.reason(), fields).filter(s -> !s.isEmpty()).collect(Collectors.joining(": "));
    }
}
