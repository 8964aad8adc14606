package dev.holdfast.engine;

import dev.holdfast.aws.ImageName;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Action;
import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.GuardInput;
import dev.holdfast.plan.Planner;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.SecretHasher;
import dev.holdfast.state.StackMemory;
import dev.holdfast.state.StackState;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes a round: looks, assesses, plans, and says of each step whether it may go. Writes nothing to AWS. */
final class Assessment {
    private final EngineContext context;
    private final StackSettings settings;
    private final StackState state;
    private final SecretHasher hasher;
    private final StackRef stack;
    private final SlowFacets slowFacets;
    private final ImageDigests images;
    private final LastObserved sightings;
    private final RetrySchedule failures;
    private final Set<ResourceId> again;
    private final ObservationStore looking;
    private final RecordKeeper bookkeeper;
    private final LostStateCheck lostState;

    private long rounds;

    Assessment(
            EngineContext context,
            StackSettings settings,
            StackState state,
            SecretHasher hasher,
            StackRef stack,
            SlowFacets slowFacets,
            ImageDigests images,
            LastObserved sightings,
            RetrySchedule failures,
            Set<ResourceId> again,
            ObservationStore looking,
            RecordKeeper bookkeeper,
            LostStateCheck lostState) {
        this.context = context;
        this.settings = settings;
        this.state = state;
        this.hasher = hasher;
        this.stack = stack;
        this.slowFacets = slowFacets;
        this.images = images;
        this.sightings = sightings;
        this.failures = failures;
        this.again = again;
        this.looking = looking;
        this.bookkeeper = bookkeeper;
        this.lostState = lostState;
    }

    /**
     * @param look what to look at; null: everything
     * @param search of which kinds all that is ours is searched for
     * @param begun by earlier rounds of this pass, as far as limits count it
     */
    PassSnapshot round(
            Revision revision,
            @Nullable Set<ResourceId> look,
            OrphanSearch.SearchExtent search,
            Set<GuardInput.BegunStep> begun) {
        long number = ++rounds;
        ResourceBinder resolver =
                new ResourceBinder(context.catalog(), stack, settings.tags(), sightings::outputs, images::of);
        Map<ResourceId, ManagedResource<?>> before = looking.targets(resolver, revision);
        readAfresh(before, look);
        Set<ResourceId> seen =
                context.traces().in("observe", () -> looking.look(resolver, before, look, search, number));
        Map<ResourceId, ManagedResource<?>> targets = looking.targets(resolver, revision);
        if (search.whole()) {
            lostState.swept(targets.values(), sightings::presence);
        }
        lostState.seen(targets.values(), sightings::presence);
        // After the look: where an image is may be an output of a repository that was seen just now.
        if (images.read(imagesOf(targets))) {
            targets = looking.targets(resolver, revision);
        }
        Map<ResourceId, Assessor.Assessed> assessed = subjects(targets).all();
        targets.forEach((id, target) -> failures.desiredNow(id, String.valueOf(target.resolved())));
        long recorded = state.changes();
        for (ResourceId id : seen) {
            ManagedResource<?> target = targets.get(id);
            Assessor.Assessed one = assessed.get(id);
            if (target != null && one != null) {
                bookkeeper.seen(target, one, revision.sha256());
            }
        }
        if (state.changes() != recorded) {
            // What was just recorded counts for what is planned: a failed rollout, a repair seen, a resource in sync.
            targets = looking.targets(resolver, revision);
            assessed = subjects(targets).all();
        }
        return decide(revision, number, seen, targets, assessed, begun);
    }

    private static Set<ImageName> imagesOf(Map<ResourceId, ManagedResource<?>> targets) {
        return targets.values().stream()
                .flatMap(t -> t.images().wanted().stream())
                .collect(Collectors.toSet());
    }

    /** Of what is not there yet, or not known to be complete, nothing that was read earlier counts: not that it was missing either. */
    private void readAfresh(Map<ResourceId, ManagedResource<?>> targets, @Nullable Set<ResourceId> look) {
        for (ManagedResource<?> target : targets.values()) {
            ResourceRecord record = target.record();
            if (record == null || record.physicalId() == null || (look != null && !look.contains(target.id()))) {
                continue;
            }
            if (look != null || !record.completed() || !(sightings.presence(target.id()) instanceof Presence.Present)) {
                slowFacets.invalidate(record.physicalId());
            }
        }
    }

    private Assessor subjects(Map<ResourceId, ManagedResource<?>> targets) {
        Instant now = context.clock().instant();
        return new Assessor(
                targets,
                sightings::presence,
                hasher,
                settings.showEnvironment(),
                (record, gone, diff) -> LoopBreaker.judge(record, gone, diff, now),
                again);
    }

    private PassSnapshot decide(
            Revision revision,
            long number,
            Set<ResourceId> seen,
            Map<ResourceId, ManagedResource<?>> targets,
            Map<ResourceId, Assessor.Assessed> assessed,
            Set<GuardInput.BegunStep> begun) {
        Map<ResourceId, ResourceAssessment> subjects = new HashMap<>();
        assessed.forEach((id, one) -> subjects.put(id, one.subject()));
        Planner planner =
                new Planner(stack.stack(), revision.sha256(), settings.prune(), subjects, lostState.suspects());
        Plan plan = context.traces().in("plan", planner::plan);
        carryOver(plan, subjects);
        Set<ResourceId> retained = planner.retained();
        StatusRules statuses = new StatusRules(assessed, failures, retained);
        StackMemory memory = state.memory();
        Instant now = context.clock().instant();
        Map<ResourceId, String> pausedResources = new HashMap<>();
        memory.pauses().forEach((what, pause) -> {
            if (!what.equals("*") && now.isBefore(pause.until())) {
                pausedResources.put(ResourceId.parse(what), pause.reason());
            }
        });
        StackMemory.Pause whole = memory.pauses().get("*");
        GuardInput input = new GuardInput(
                settings,
                now,
                whole != null && now.isBefore(whole.until()) ? whole.reason() : null,
                pausedResources,
                approved(memory, now),
                UpgradeCheck.pending(context.version(), memory, revision),
                statuses.standings(plan),
                failures.retryAt(),
                Set.copyOf(begun),
                memory.overLimit());
        Map<Step, Verdict> verdicts = context.traces().in("guard", () -> Guard.check(input, subjects, plan));
        return new PassSnapshot(number, seen, targets, assessed, plan, verdicts, retained);
    }

    /** What was approved before all of its values were known stays so once they are, as far as limits go. */
    private void carryOver(Plan plan, Map<ResourceId, ResourceAssessment> subjects) {
        Set<ResourceId> replaced = plan.steps().stream()
                .filter(s -> s.action() == Action.Replace)
                .map(Step::resource)
                .collect(Collectors.toSet());
        state.update(memory -> {
            Map<String, Instant> approvals = new HashMap<>(memory.approvals());
            for (Step step : plan.steps()) {
                Instant until = memory.approvals().get(step.hash());
                ResourceAssessment subject = subjects.get(step.resource());
                boolean grows = subject != null
                        && subject.references().values().stream()
                                .flatMap(Set::stream)
                                .anyMatch(replaced::contains);
                if (until != null && grows) {
                    approvals.putIfAbsent(Guard.foretold(plan, step), until);
                }
            }
            return memory.approvals(approvals);
        });
    }

    private static Set<String> approved(StackMemory memory, Instant now) {
        Set<String> approved = new HashSet<>();
        memory.approvals().forEach((hash, until) -> {
            if (now.isBefore(until)) {
                approved.add(hash);
            }
        });
        return approved;
    }
}
