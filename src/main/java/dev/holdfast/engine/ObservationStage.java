package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.RequestChain;
import dev.holdfast.engine.Observer.KindRead;
import dev.holdfast.engine.Observer.KindRegion;
import dev.holdfast.engine.OrphanSearch.SearchExtent;
import dev.holdfast.engine.RotatedReads.PassBudget;
import dev.holdfast.engine.SlowFacets.ReadAges;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.plan.Presence;
import dev.holdfast.state.ResourceRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads all or some resources of a stack, each kind separately, and keeps the results. The methods begin reads and
 * return at once; the results are merged one by one. Used by one thread.
 */
final class ObservationStage {
    private final SessionContext context;
    private final MergeQueue queue;
    private final StepsInFlight steps;
    private final ObservationStore store = new ObservationStore();
    private final SlowFacets slowFacets = new SlowFacets();
    private final FacetInvalidation invalidation = new FacetInvalidation(slowFacets);
    private final Observer observer;
    private final DigestReads digests;
    private final ResourceBinder binder;
    private final OrphanSearch orphanSearch;
    private final LostStateCheck lostState;
    private final UnexpectedReads unexpected;

    private final Set<ReadBatch> open = new HashSet<>();
    /** The position of each resource's last open read in the order of reads and writes. */
    private final Map<ResourceId, Long> openReads = new HashMap<>();

    private Map<ResourceId, ManagedResource<?>> managed = Map.of();
    private final Set<ResourceId> read = new HashSet<>();
    private boolean changed;

    ObservationStage(SessionContext context, MergeQueue queue, StepsInFlight steps) {
        this.context = context;
        this.queue = queue;
        this.steps = steps;
        this.observer = new Observer(context, slowFacets);
        this.digests = new DigestReads(context, queue, () -> changed = true);
        this.binder = new ResourceBinder(
                context.catalog(), context.stack(), context.settings().tags(), store::outputs, digests::of);
        this.orphanSearch = new OrphanSearch(context.events(), context.clock());
        this.lostState = new LostStateCheck(context.state(), context.events());
        this.unexpected = new UnexpectedReads(context.events());
    }

    Observer observer() {
        return observer;
    }

    ObservationStore store() {
        return store;
    }

    SlowFacets slowFacets() {
        return slowFacets;
    }

    FacetInvalidation invalidation() {
        return invalidation;
    }

    OrphanSearch orphanSearch() {
        return orphanSearch;
    }

    DigestReads digests() {
        return digests;
    }

    Set<ResourceId> suspects() {
        return lostState.suspects();
    }

    /** Whether nothing may be planned before the full observation that is under way has ended. */
    boolean mustEnd() {
        return lostState.isOpen();
    }

    boolean isIdle() {
        return open.isEmpty() && !digests.areOpen();
    }

    boolean isFullOpen() {
        return open.stream().anyMatch(b -> b.full);
    }

    /** The resources that were read since the last call. */
    Set<ResourceId> takeRead() {
        Set<ResourceId> taken = Set.copyOf(read);
        read.clear();
        return taken;
    }

    /** Whether a new plan is needed: a read showed a change, or all reads that were begun together have ended. */
    boolean takeChanged() {
        boolean was = changed;
        changed = false;
        return was;
    }

    /** All resources that are desired, recorded or found to be ours, bound with the outputs that are known now. */
    Map<ResourceId, ManagedResource<?>> bind(Revision revision) {
        Map<ResourceId, ManagedResource<?>> bound = binder.bindAll(revision, context.state());
        store.orphans().removeIf(bound::containsKey);
        store.orphans().forEach(id -> bound.put(id, orphan(id)));
        managed = bound;
        lostState.seen(bound.values(), store::presence);
        digests.begin(bound.values());
        return bound;
    }

    private ManagedResource<?> orphan(ResourceId id) {
        return binder.undesired(context.catalog().get(id.kind()), id, null);
    }

    /** @param fresh whether the revision differs from the last enforced revision */
    void beginFull(Revision revision, boolean fresh) {
        Instant now = context.now();
        if (fresh) {
            slowFacets.invalidateAll();
        }
        digests.beginPass();
        bind(revision);
        Duration interval = context.settings().interval();
        PassBudget budget = new PassBudget();
        orphanSearch.beginPass(interval, budget);
        slowFacets.beginPass(
                now,
                interval,
                new ReadAges(
                        context.coverage().slowFacetAge(now), context.coverage().indexAge(now)),
                budget);
        // The orphan search has few large reads and chooses first; many small reads fill the rest.
        SearchExtent search =
                orphanSearch.due(fresh || lostState.isOpen(), observer.searchable(managed.values()), budget);
        slowFacets.choose(budget);
        if (search.whole()) {
            slowFacets.allInTurn();
        }
        begin(managed.values(), true, search);
    }

    /**
     * Reads these resources, except those that are being read and those that no longer belong to the stack.
     *
     * @param ids resources to which no step is writing
     * @return the resources that wait for a read of their kind; they are then read together, so that batches grow while
     *     a quota delays reads
     */
    Set<ResourceId> beginLook(Set<ResourceId> ids) {
        Map<KindRegion, Long> looks = open.stream()
                .filter(b -> !b.full)
                .flatMap(b -> b.unread.stream())
                .collect(Collectors.groupingBy(KindRead::region, Collectors.counting()));
        Set<ResourceId> waiting = new HashSet<>();
        List<ManagedResource<?>> some = new ArrayList<>();
        for (ResourceId id : ids) {
            Long begun = openReads.get(id);
            if (begun != null && steps.isAfterLastStep(id, begun)) {
                continue;
            }
            ManagedResource<?> resource = managed.get(id);
            if (resource != null
                    && looks.getOrDefault(observer.region(resource), 0L) >= EngineConstants.LOOKS_PER_KIND) {
                waiting.add(id);
                continue;
            }
            ResourceRecord record = context.state().record(id);
            if (resource != null
                    && (resource.desired() != null
                            || record != null
                            || store.orphans().contains(id))) {
                some.add(resource.withRecord(record));
            } else {
                changed = true;
            }
        }
        if (!some.isEmpty()) {
            begin(some, false, SearchExtent.NOTHING);
        }
        return waiting;
    }

    /** Whether a read of one of these resources is under way. */
    boolean isReading(Set<ResourceId> ids) {
        return ids.stream().anyMatch(openReads::containsKey);
    }

    /** The components that the named call may have changed; empty: any component. */
    Optional<Set<String>> changedBy(ResourceId id, String event) {
        ManagedResource<?> resource = managed.get(id);
        return Optional.ofNullable(resource == null ? null : resource.kind().changedBy(event));
    }

    /**
     * Reads these resources from the owning services, because a list may show the former state for minutes.
     *
     * @param changed the components that have to be read again; empty: all components
     */
    void beginPointReads(Map<ResourceId, Optional<Set<String>>> changed) {
        List<ManagedResource<?>> some = new ArrayList<>();
        changed.forEach((id, components) -> {
            ManagedResource<?> resource = managed.get(id);
            if (resource != null) {
                ManagedResource<?> recorded =
                        resource.withRecord(context.state().record(id));
                some.add(recorded);
                invalidation.changed(recorded, components);
            }
        });
        if (!some.isEmpty()) {
            begin(some, batch(false, SearchExtent.NOTHING), observer.pointReads(some));
        }
    }

    private void begin(Collection<ManagedResource<?>> resources, boolean full, SearchExtent search) {
        for (ManagedResource<?> resource : resources) {
            if (full) {
                invalidation.pass(resource, store.presence(resource.id()) instanceof Presence.Present);
            } else {
                invalidation.look(resource);
            }
        }
        begin(resources, batch(full, search), observer.reads(resources, search));
    }

    private ReadBatch batch(boolean full, SearchExtent search) {
        return new ReadBatch(
                full,
                search,
                context.now(),
                steps.next(),
                context.engine().traces().begin("observe"));
    }

    private void begin(Collection<ManagedResource<?>> resources, ReadBatch batch, List<KindRead> reads) {
        SharedReads shared = new SharedReads(context.engine().fork(), batch.full ? slowFacets.tags() : null);
        batch.unread.addAll(reads);
        open.add(batch);
        resources.forEach(r -> openReads.put(r.id(), batch.begun));
        observer.readTagsAhead(reads, shared);
        for (KindRead one : reads) {
            Map<ResourceId, PresenceRules.PastReads> histories =
                    one.wanted().stream().collect(Collectors.toMap(ManagedResource::id, r -> store.history(r.id())));
            queue.begin(
                    context.engine().fork(),
                    () -> {
                        KindReading reading = observer.read(one, shared, histories);
                        int requests = RequestChain.made();
                        return () -> {
                            if (batch.full) {
                                orphanSearch.countRequests(batch.search, one.region(), requests);
                            }
                            merge(batch, one, reading);
                        };
                    },
                    () -> merge(batch, one, Observer.lost(one)));
        }
        if (reads.isEmpty()) {
            ended(batch);
        }
    }

    private void merge(ReadBatch batch, KindRead one, KindReading reading) {
        unexpected.report(reading);
        for (ManagedResource<?> resource : one.wanted()) {
            openReads.remove(resource.id(), batch.begun);
            merge(batch, resource, reading.wanted().get(resource.id()), reading.unexpected() != null);
        }
        if (batch.full) {
            // A read of some resources ignores all others, because a kind may return them incompletely.
            reading.others().forEach((id, found) -> {
                if (!managed.containsKey(id)) {
                    store.orphans().add(id);
                    merge(batch, orphan(id), found, false);
                }
            });
        }
        if (reading.attached() != null) {
            store.attached(reading.region(), reading.attached());
        }
        store.hanging(reading.region(), reading.hanging());
        if (reading.unsearched() != null) {
            batch.unsearched.put(reading.region(), reading.unsearched());
        }
        batch.unread.remove(one);
        if (batch.unread.isEmpty()) {
            ended(batch);
        }
    }

    /** @param unexpected whether the reading failed by an exception that is not an error response of AWS */
    private void merge(
            ReadBatch batch, ManagedResource<?> resource, @Nullable ResourceReading reading, boolean unexpected) {
        ResourceId id = resource.id();
        LastObserved last = store.get(id);
        boolean older = last != null && last.begun() > batch.begun;
        if (reading == null || older || !steps.mayMerge(id, batch.begun)) {
            return;
        }
        switch (reading) {
            case ResourceReading.Unreadable unreadable ->
                put(
                        id,
                        new Presence.Unclear(
                                unexpected ? Reason.UnexpectedException : Reason.ReadFailed, unreadable.fault()),
                        batch.begun,
                        batch.begunAt);
            case ResourceReading.FoundObjects found -> {
                try {
                    merge(resource, found, batch.begun, batch.begunAt);
                } catch (RuntimeException e) {
                    // A failure to judge or record this resource must not affect the other reads.
                    Fault fault = Faults.classify(e, List.of());
                    Reason why =
                            fault.category() == Fault.Category.UNKNOWN ? Reason.UnexpectedException : Reason.ReadFailed;
                    put(id, new Presence.Unclear(why, fault), batch.begun, batch.begunAt);
                }
            }
        }
        read.add(id);
    }

    private void put(ResourceId id, Presence presence, long begun, Instant begunAt) {
        ResourceRecord record = context.state().record(id);
        changed |= store.put(id, presence, record == null ? null : record.physicalId(), context.now(), begun, begunAt);
    }

    /** The last read could not be recorded: the resource is unknown until a read is recorded. */
    void unrecorded(ResourceId id, Fault fault) {
        LastObserved last = store.get(id);
        if (last != null) {
            put(id, new Presence.Unclear(Reason.NotRecorded, fault), last.begun(), last.begunAt());
        }
    }

    /** The point read of a step contradicted the list. */
    void confirmed(ManagedResource<?> resource, List<Known<?>> found) {
        merge(resource, observer.byOwner(resource, found), steps.next(), context.now());
    }

    private void merge(ManagedResource<?> asked, ResourceReading.FoundObjects found, long begun, Instant begunAt) {
        ResourceId id = asked.id();
        ManagedResource<?> resource = asked.withRecord(context.state().record(id));
        PresenceRules.Finding finding = PresenceRules.find(resource, found, store.history(id), context.now());
        remember(resource, finding.match(), found.whole());
        put(id, finding.presence(), begun, begunAt);
        store.missingSince(id, finding.missingSince());
        if (finding.presence() instanceof Presence.Missing && resource.desired() == null && resource.record() == null) {
            store.forgetOrphan(id);
        }
    }

    /** Records at once: a deletion relies on the record, and later reads need an id that a point read showed. */
    private void remember(ManagedResource<?> resource, OwnershipMatcher.@Nullable Match match, boolean whole) {
        ResourceRecord record = resource.record();
        if (match == null || (record == null && match.copies().isEmpty() && (whole || match.chosen() == null))) {
            return;
        }
        context.state()
                .save(match.noted(
                        record != null ? record : ResourceRecord.of(resource.id(), resource.onDelete()), whole));
    }

    private void ended(ReadBatch batch) {
        open.remove(batch);
        batch.span.end();
        changed = true;
        if (batch.full) {
            orphanSearch.searched(batch.search, batch.unsearched);
            if (batch.search.whole()) {
                lostState.swept(managed.values(), store::presence);
            }
            slowFacets.beginLook();
        }
    }
}
