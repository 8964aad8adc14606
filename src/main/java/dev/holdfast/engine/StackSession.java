package dev.holdfast.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.holdfast.aws.Clients;
import dev.holdfast.desired.Reference;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Action;
import dev.holdfast.model.Plan;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Guard;
import dev.holdfast.plan.GuardInput;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Verdict;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.SecretHasher;
import dev.holdfast.state.StackMemory;
import dev.holdfast.state.StackState;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The passes over one stack with one set of settings: what they share from one to the next, and how one goes. A pass is a
 * row of rounds of observe, diff, plan, guard and apply, the first over everything, the next over what was just written, as
 * long as something can be done at once.
 */
final class StackSession {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final EngineContext context;
    private final StackSettings settings;
    private final StackState state;
    private final EventLog events;
    private final UserRequests requests;
    private final Clients clients;
    private final SlowFacets slowFacets = new SlowFacets();
    private final ImageDigests images;
    private final LastObserved sightings = new LastObserved();
    private final RetrySchedule failures;
    private final DriftLedger drift;
    private final Set<ResourceId> again = ConcurrentHashMap.newKeySet();
    private final LostStateCheck lostState;
    private final OrphanSearch orphanSearch;
    private final Assessment decider;
    private final StepExecutor stepper;

    private @Nullable PassSnapshot last;
    private @Nullable String enforced;
    private Duration lookDelay = EngineConstants.LOOK_FIRST;

    StackSession(
            EngineContext context,
            StackSettings settings,
            StackState state,
            SecretHasher hasher,
            EventLog events,
            UserRequests requests) {
        this.context = context;
        this.settings = settings;
        this.state = state;
        this.events = events;
        this.requests = requests;
        StackRef stack = new StackRef(context.installation(), settings.name(), settings.account(), settings.region());
        this.clients = context.clients().apply(settings);
        this.images = new ImageDigests(clients, context.fork());
        this.failures = new RetrySchedule(context.random());
        this.drift = new DriftLedger(remembered(state.memory().drift()));
        Observer observer =
                new Observer(context.catalog(), clients, stack, context.fork(), slowFacets, context.clock());
        this.orphanSearch = new OrphanSearch(events, context.clock());
        ObservationStore looking = new ObservationStore(
                context.catalog(), stack, observer, state, sightings, orphanSearch, context.fork(), context.clock());
        this.lostState = new LostStateCheck(state);
        RecordKeeper bookkeeper = new RecordKeeper(state, drift, failures, events, hasher, context.clock(), again);
        this.decider = new Assessment(
                context,
                settings,
                state,
                hasher,
                stack,
                slowFacets,
                images,
                sightings,
                failures,
                again,
                looking,
                bookkeeper,
                lostState);
        this.stepper = new StepExecutor(
                context,
                sightings,
                slowFacets,
                failures,
                drift,
                events,
                again,
                looking,
                new Applier(observer, state, stack, clients, hasher, context.clock()));
    }

    StackSettings settings() {
        return settings;
    }

    @Nullable
    PassSnapshot lastRound() {
        return last;
    }

    OrphanSearch orphanSearch() {
        return orphanSearch;
    }

    LastObserved sightings() {
        return sightings;
    }

    /** What an output is by the last look; null if it is not known. */
    @Nullable
    JsonNode output(Reference reference) {
        return ResourceBinder.output(context.catalog(), sightings::outputs, reference);
    }

    SlowFacets slowFacets() {
        return slowFacets;
    }

    RetrySchedule failures() {
        return failures;
    }

    List<DriftItem> driftItems() {
        return drift.items();
    }

    StackState state() {
        return state;
    }

    /**
     * @param full look at everything; else only at what is not settled
     * @param applies false: it ends with the first plan
     * @param progress told after each round
     */
    void run(Revision revision, boolean full, boolean applies, Consumer<StackSession> progress) {
        context.accountCheck().verify(clients, settings.account());
        boolean fresh = !revision.sha256().equals(enforced);
        Instant now = context.clock().instant();
        takeRequests(now);
        boolean whole = full || fresh || last == null;
        OrphanSearch.SearchExtent search =
                whole ? orphanSearch.due(fresh || lostState.isOpen()) : OrphanSearch.SearchExtent.NOTHING;
        if (whole) {
            if (fresh) {
                slowFacets.invalidateAll();
            }
            slowFacets.beginPass(now, settings.interval());
            images.beginPass();
        } else {
            slowFacets.beginLook();
            images.beginLook();
        }
        Set<ResourceId> look = whole ? null : unsettled(now);
        Set<GuardInput.BegunStep> begun = new HashSet<>();
        boolean wrote = false;
        @Nullable Plan before = null;
        for (int i = 0; i < EngineConstants.ROUNDS; i++) {
            PassSnapshot round =
                    decider.round(revision, look, i == 0 ? search : OrphanSearch.SearchExtent.NOTHING, begun);
            last = round;
            if (i == 0) {
                slowFacets.beginLook();
            }
            progress.accept(this);
            if (!applies) {
                look = unresolvedBefore(round, before);
                if (look.isEmpty()) {
                    return;
                }
                before = round.plan();
                continue;
            }
            look = stepper.apply(round, revision, begun);
            if (look.isEmpty()) {
                break;
            }
            wrote = true;
        }
        enforced = revision.sha256();
        lookDelay = wrote || whole
                ? EngineConstants.LOOK_FIRST
                : lookDelay.multipliedBy(2).compareTo(EngineConstants.LOOK_MOST) > 0
                        ? EngineConstants.LOOK_MOST
                        : lookDelay.multipliedBy(2);
        remember(revision);
    }

    /** A plan alone: what seems to be new is looked at once more, now that more of what it refers to is known. */
    private static Set<ResourceId> unresolvedBefore(PassSnapshot round, @Nullable Plan before) {
        Set<ResourceId> creates = new HashSet<>();
        if (!round.plan().equals(before)) {
            round.plan().steps().stream()
                    .filter(s -> s.action() == Action.Create)
                    .forEach(s -> creates.add(s.resource()));
        }
        return creates;
    }

    private void takeRequests(Instant now) {
        UserRequests.DrainedRequests taken = requests.take();
        for (ResourceId id : taken.retries()) {
            failures.clearAll(id);
            again.add(id);
            ResourceRecord record = state.record(id);
            if (record != null) {
                state.save(LoopBreaker.reset(record));
            }
        }
        state.update(memory -> {
            Map<String, Instant> approvals = new HashMap<>(memory.approvals());
            approvals.values().removeIf(until -> !now.isBefore(until));
            taken.approvals().forEach(hash -> approvals.put(hash, now.plus(EngineConstants.APPROVAL)));
            Map<String, StackMemory.Pause> pauses = new HashMap<>(memory.pauses());
            pauses.values().removeIf(pause -> !now.isBefore(pause.until()));
            pauses.putAll(taken.pauses());
            pauses.keySet().removeAll(taken.resumes());
            return memory.approvals(approvals).pauses(pauses);
        });
    }

    /** An approval is for one step, once: when that step is no longer planned it is used up. */
    private void remember(Revision revision) {
        PassSnapshot round = last;
        if (round == null) {
            return;
        }
        Set<String> planned = new HashSet<>();
        for (Step step : round.plan().steps()) {
            planned.add(step.hash());
            planned.add(Guard.foretold(round.plan(), step));
        }
        Set<String> overLimit = new HashSet<>(state.memory().overLimit());
        round.verdicts().forEach((step, verdict) -> {
            if (verdict instanceof Verdict.Held held && held.reason() == Reason.LimitExceeded) {
                overLimit.add(step.hash());
            }
        });
        overLimit.retainAll(planned);
        drift.expire(context.clock().instant(), round.targets()::containsKey);
        JsonNode items = MAPPER.valueToTree(drift.items());
        again.removeIf(
                id -> round.plan().steps().stream().noneMatch(s -> s.resource().equals(id)));
        state.update(memory -> {
            Map<String, Instant> approvals = new HashMap<>(memory.approvals());
            approvals.keySet().retainAll(planned);
            StackMemory next = memory.approvals(approvals).overLimit(overLimit);
            if (memory.drift() != null || !items.isEmpty()) {
                next = next.drift(items);
            }
            if (!UpgradeCheck.pending(context.version(), memory, revision)
                    || round.plan().isEmpty()) {
                next = next.passed(context.version(), revision.sha256());
            }
            return next.equals(memory) ? memory : next.lastEvent(events.last());
        });
    }

    private static List<DriftItem> remembered(@Nullable JsonNode items) {
        if (items == null) {
            return List.of();
        }
        try {
            return Arrays.asList(MAPPER.treeToValue(items, DriftItem[].class));
        } catch (JsonProcessingException e) {
            // The report is for reading: one that an older version wrote in another form starts afresh.
            return List.of();
        }
    }

    /** What a light pass looks at. */
    private Set<ResourceId> unsettled(Instant now) {
        Set<ResourceId> open = new HashSet<>(again);
        PassSnapshot round = last;
        if (round != null) {
            round.assessed().forEach((id, one) -> {
                if (restless(one.subject())) {
                    open.add(id);
                }
            });
            round.verdicts().forEach((step, verdict) -> {
                boolean due = verdict instanceof Verdict.RetryAt later && !now.isBefore(later.at());
                if (verdict instanceof Verdict.Allowed || due) {
                    open.add(step.resource());
                }
            });
        }
        return open;
    }

    private static boolean restless(ResourceAssessment subject) {
        return switch (subject.presence()) {
            case Presence.Present p -> subject.isDesired() && !LastObserved.settled(p.known());
            case Presence.Deleting g -> true;
            case Presence.Unclear u -> true;
            case Presence.Missing a -> false;
            case Presence.NameTaken t -> false;
        };
    }

    /** When to look at what is not settled; far away when all is. */
    Instant nextLook(Instant now) {
        PassSnapshot round = last;
        Instant next = Instant.MAX;
        if (round == null) {
            return next;
        }
        for (Assessor.Assessed one : round.assessed().values()) {
            if (restless(one.subject())) {
                next = now.plus(lookDelay);
            }
        }
        for (Verdict verdict : round.verdicts().values()) {
            Instant at = verdict instanceof Verdict.RetryAt later
                    ? later.at()
                    : verdict instanceof Verdict.Allowed ? now.plus(lookDelay) : Instant.MAX;
            next = at.isBefore(next) ? at : next;
        }
        return next;
    }
}
