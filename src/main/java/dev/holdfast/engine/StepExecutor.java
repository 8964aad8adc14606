package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Action;
import dev.holdfast.model.Event;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Attempt;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.GuardInput;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Carries out the steps of a round that may go, side by side. */
final class StepExecutor {
    private final EngineContext context;
    private final LastObserved sightings;
    private final SlowFacets slowFacets;
    private final RetrySchedule failures;
    private final DriftLedger drift;
    private final EventLog events;
    private final Set<ResourceId> again;
    private final ObservationStore looking;
    private final Applier applier;

    StepExecutor(
            EngineContext context,
            LastObserved sightings,
            SlowFacets slowFacets,
            RetrySchedule failures,
            DriftLedger drift,
            EventLog events,
            Set<ResourceId> again,
            ObservationStore looking,
            Applier applier) {
        this.context = context;
        this.sightings = sightings;
        this.slowFacets = slowFacets;
        this.failures = failures;
        this.drift = drift;
        this.events = events;
        this.again = again;
        this.looking = looking;
        this.applier = applier;
    }

    /**
     * Applies what may go and was seen in this round.
     *
     * @param begun takes in what limits count
     * @return what has to be looked at next, empty when nothing can be done at once
     */
    Set<ResourceId> apply(PassSnapshot round, Revision revision, Set<GuardInput.BegunStep> begun) {
        Set<ResourceId> next = ConcurrentHashMap.newKeySet();
        Map<ResourceId, Step> first = new HashMap<>();
        for (Step step : round.open()) {
            boolean confirmedAnyway =
                    step.action() == Action.Create || step.action() == Action.Forget || step.action() == Action.Delete;
            if (step.action() == Action.NoOp) {
                continue;
            }
            if (confirmedAnyway || sightings.seenIn(step.resource(), round.number())) {
                first.putIfAbsent(step.resource(), step);
            } else {
                next.add(step.resource());
            }
        }
        for (Step step : first.values()) {
            Assessor.Assessed one = round.assessed().get(step.resource());
            if (one != null && Guard.counts(step, one.subject())) {
                begun.add(GuardInput.BegunStep.of(step));
            }
        }
        Map<ResourceId, List<Applier.StepWork>> groups = groups(first.values(), round);
        context.fork().all(first.values(), step -> {
            if (applyOne(step, groups.getOrDefault(step.resource(), List.of()), round, revision)) {
                next.add(step.resource());
            }
            return true;
        });
        return next;
    }

    /** @return whether to look at it again at once */
    private boolean applyOne(Step step, List<Applier.StepWork> group, PassSnapshot round, Revision revision) {
        drift.state(step.resource(), DriftItem.DriftState.Repairing);
        ManagedResource<?> target = round.target(step.resource());
        Applier.StepWork work = work(step, round);
        Applier.StepOutcome outcome = context.traces().step(step, () -> applier.apply(work, group, revision.sha256()));
        if (step.physicalId() != null) {
            slowFacets.invalidate(step.physicalId());
        }
        return switch (outcome) {
            case Applier.StepOutcome.Applied a -> {
                failures.clear(Attempt.of(step));
                again.remove(step.resource());
                events.add(step.resource(), Event.Severity.Info, requested(step.action()), words(step));
                alertRecreated(step, work.subject());
                yield true;
            }
            case Applier.StepOutcome.Gone g -> {
                failures.clear(Attempt.of(step));
                yield true;
            }
            case Applier.StepOutcome.GivenUp g -> true;
            case Applier.StepOutcome.UnderWay u -> false;
            case Applier.StepOutcome.Contradicted c -> {
                looking.confirmed(target, c.found(), round.number());
                yield !c.found().isEmpty() || step.action() == Action.Delete;
            }
            case Applier.StepOutcome.Failed f -> {
                failures.add(Attempt.of(step), f.fault(), context.clock().instant(), String.valueOf(target.resolved()));
                events.add(
                        step.resource(),
                        Event.Severity.Warning,
                        step.action() + "Failed",
                        f.fault().operation() + " " + f.fault().code() + ": "
                                + f.fault().message());
                yield false;
            }
        };
    }

    private void alertRecreated(Step step, ResourceAssessment subject) {
        if (step.action() == Action.Create
                && subject.info().stateful()
                && subject.memory().applied()) {
            events.add(
                    step.resource(),
                    Event.Severity.Alert,
                    "RecreatedEmpty",
                    "it held data and was gone; it was made anew, empty");
        }
    }

    private static Applier.StepWork work(Step step, PassSnapshot round) {
        Assessor.Assessed assessed = Objects.requireNonNull(round.assessed().get(step.resource()));
        Known<?> known = switch (assessed.subject().presence()) {
            case Presence.Present p -> p.known();
            case Presence.Deleting g -> g.known();
            case Presence.NameTaken t -> t.known();
            case Presence.Missing a -> null;
            case Presence.Unclear u -> null;
        };
        return new Applier.StepWork(step, round.target(step.resource()), assessed.subject(), known);
    }

    /** For each update of a resource that may have to change together with others: all of them, by id. */
    private static Map<ResourceId, List<Applier.StepWork>> groups(Collection<Step> steps, PassSnapshot round) {
        Map<String, List<Applier.StepWork>> byGroup = new TreeMap<>();
        steps.stream()
                .filter(step -> step.action() == Action.Update)
                .sorted(Comparator.comparing(Step::resource))
                .map(step -> work(step, round))
                .forEach(work -> {
                    String group = work.target().group();
                    if (group != null) {
                        byGroup.computeIfAbsent(group, g -> new ArrayList<>()).add(work);
                    }
                });
        Map<ResourceId, List<Applier.StepWork>> groups = new HashMap<>();
        byGroup.values()
                .forEach(all -> all.forEach(work -> groups.put(work.target().id(), all)));
        return groups;
    }

    private static String requested(Action action) {
        return switch (action) {
            case Create -> "CreateRequested";
            case Update -> "UpdateRequested";
            case Replace -> "ReplaceRequested";
            case Delete -> "DeleteRequested";
            case Adopt -> "Adopted";
            case Forget -> "Forgotten";
            case NoOp -> "Released";
        };
    }

    private static String words(Step step) {
        String fields = String.join(
                ", ",
                step.changes().stream()
                        .filter(c -> c.effect() != FieldChange.Effect.Released)
                        .map(FieldChange::path)
                        .toList());
        return step.reason() + (fields.isEmpty() ? "" : ": " + fields);
    }
}
