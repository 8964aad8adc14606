package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Faults;
import dev.holdfast.engine.ObservationScope.ReadsOfAll;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import dev.holdfast.plan.Presence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads from AWS. A failed read makes the resources unknown that it covers, and no others. Safe for use by many
 * threads.
 */
final class Observer {
    private final SessionContext context;
    private final SlowFacets slowFacets;
    /**
     * The types that a read requested from the tagging API. In the next pass they are read in parallel to the kinds'
     * lists.
     */
    private final Map<ExpectedRead, Set<String>> tagTypes = new ConcurrentHashMap<>();
    /** Of the present revision. */
    private volatile RenamedResources renamed = RenamedResources.NONE;

    Observer(SessionContext context, SlowFacets slowFacets) {
        this.context = context;
        this.slowFacets = slowFacets;
    }

    /** All resources of one kind in one region: the extent of one read. */
    record KindRegion(String kind, String region) implements Comparable<KindRegion> {
        @Override
        public int compareTo(KindRegion other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : region.compareTo(other.region);
        }
    }

    /**
     * One read.
     *
     * @param search whether the read requests every object of ours, wanted or not
     * @param point whether the one wanted resource is read from its owning service, because lists and the index of tags
     *     lag
     */
    record KindRead(KindRegion region, List<ManagedResource<?>> wanted, boolean search, boolean point) {}

    /** The part of a read that is the same in every pass. */
    private record ExpectedRead(KindRegion region, int wanted, boolean search) {
        static ExpectedRead of(KindRead read) {
            return new ExpectedRead(read.region(), read.wanted().size(), read.search());
        }
    }

    /** From now on, an object with the former id of a renamed resource is this resource. */
    void renamed(RenamedResources ofRevision) {
        renamed = ofRevision;
    }

    /** Begins to read the tags that these reads requested in the last pass, and returns at once. */
    void readTagsAhead(List<KindRead> reads, SharedReads shared) {
        Map<KindRegion, Map<String, Integer>> types = new TreeMap<>();
        reads.forEach(read -> tagTypes.getOrDefault(ExpectedRead.of(read), Set.of())
                .forEach(type -> types.computeIfAbsent(read.region(), region -> new TreeMap<>())
                        .merge(type, read.wanted().size(), Integer::sum)));
        shared.tags().readAhead(context, types);
    }

    /** The reads that these resources need, and the reads that a search for other objects of ours needs. */
    List<KindRead> reads(Collection<ManagedResource<?>> resources, OrphanSearch.SearchExtent search) {
        Map<KindRegion, List<ManagedResource<?>>> byRegion = new TreeMap<>();
        for (ManagedResource<?> resource : resources) {
            byRegion.computeIfAbsent(region(resource), g -> new ArrayList<>()).add(resource);
        }
        search.groups().forEach(region -> byRegion.computeIfAbsent(region, g -> new ArrayList<>()));
        return byRegion.entrySet().stream()
                .map(e -> new KindRead(e.getKey(), e.getValue(), search.covers(e.getKey()), false))
                .toList();
    }

    /** Every kind, in every region of these resources and of the stack. */
    Set<KindRegion> searchable(Collection<ManagedResource<?>> resources) {
        String home = context.stack().region();
        Set<String> regions = new TreeSet<>(Set.of(home));
        resources.forEach(resource -> regions.add(region(resource).region()));
        Set<KindRegion> all = new TreeSet<>();
        for (Kind<?> kind : context.catalog().all().values()) {
            for (String region : kind.info().global() ? Set.of(home) : regions) {
                all.add(new KindRegion(kind.info().name(), region));
            }
        }
        return all;
    }

    /** A read of each of these resources from its owning service; slow facets that are known are not read. */
    List<KindRead> pointReads(Collection<ManagedResource<?>> resources) {
        return resources.stream()
                .map(resource -> new KindRead(region(resource), List.of(resource), false, true))
                .toList();
    }

    KindRegion region(ManagedResource<?> resource) {
        String region = resource.kind().info().global() ? context.stack().region() : resource.region();
        return new KindRegion(resource.id().kind(), region);
    }

    /**
     * Reads resources. Lists lag, so that a resource that existed is missing only if a point read of the owning service
     * confirms it.
     *
     * @param histories the earlier reads of the wanted resources
     */
    KindReading read(KindRead read, SharedReads shared, Map<ResourceId, PresenceRules.PastReads> histories) {
        Kind<?> kind = context.catalog().get(read.region().kind());
        try {
            if (read.point()) {
                Map<ResourceId, ResourceReading> wanted = new TreeMap<>();
                read.wanted().forEach(resource -> wanted.put(resource.id(), pointRead(resource, false)));
                return new KindReading(read.region(), wanted, Map.of(), null, List.of(), null, null);
            }
            Clients clients = TaggingApiIndex.clients(context, read.region());
            Set<String> types = ConcurrentHashMap.newKeySet();
            List<? extends Observation<?>> found = observe(
                    kind,
                    read,
                    new ReadsOfAll(
                            type -> {
                                types.add(type);
                                return shared.tags().read(clients, context.stack(), type, hasSlowTags(kind));
                            },
                            shared));
            tagTypes.put(ExpectedRead.of(read), types);
            return confirmed(
                    ObservationSorter.sorted(
                            context.stack(),
                            read,
                            renamed.in(found, context.stack(), read.region().kind())),
                    read.wanted(),
                    histories);
        } catch (SdkException e) {
            Fault fault = Faults.classify(e, kind.info().faultRules());
            if (read.search() && !read.wanted().isEmpty() && fault.category() == Fault.Category.DENIED) {
                // A search may need permissions that a read of the wanted resources does not need. Without the search,
                // they stay known.
                KindReading alone = read(new KindRead(read.region(), read.wanted(), false, false), shared, histories);
                return new KindReading(
                        alone.region(),
                        alone.wanted(),
                        alone.others(),
                        null,
                        alone.hanging(),
                        fault,
                        alone.unexpected());
            }
            return failed(read, fault, null);
        } catch (RuntimeException e) {
            // An exception of a kind makes that kind unknown and stops nothing else.
            Fault fault = Faults.classify(e, kind.info().faultRules());
            return failed(read, fault, fault);
        }
    }

    private static boolean hasSlowTags(Kind<?> kind) {
        return SpecModel.of(kind.info().spec())
                .with(TagMap.class)
                .filter(field -> field.has(Slow.class))
                .isPresent();
    }

    /** The reading of a read that ended by an error of the JVM. */
    static KindReading lost(KindRead read) {
        Fault fault = new Fault(Fault.Category.UNKNOWN, "Lost", "the read ended without a result", "", null);
        return failed(read, fault, fault);
    }

    static KindReading failed(KindRead read, Fault fault, @Nullable Fault unexpected) {
        Map<ResourceId, ResourceReading> wanted = new TreeMap<>();
        read.wanted().forEach(r -> wanted.put(r.id(), new ResourceReading.Unreadable(fault)));
        return new KindReading(
                read.region(), wanted, Map.of(), null, List.of(), read.search() ? fault : null, unexpected);
    }

    private <S extends Record> List<Observation<S>> observe(Kind<S> kind, KindRead read, ReadsOfAll shared) {
        List<Wanted<S>> wanted = new ArrayList<>();
        for (ManagedResource<?> resource : read.wanted()) {
            wanted.add(wanted(resource, null));
            if (resource.record() != null) {
                Stream.concat(resource.record().deposed().stream(), resource.record().copies().stream())
                        .forEach(extra -> wanted.add(new Wanted<>(resource.id(), null, extra, null)));
            }
        }
        return kind.observe(new ObservationScope<>(
                context, kind.info(), read.region().region(), wanted, read.search(), false, false, slowFacets, shared));
    }

    @SuppressWarnings("unchecked") // the spec of a resource is of its kind's type
    private static <S extends Record> Wanted<S> wanted(ManagedResource<?> resource, @Nullable String physicalId) {
        Specs.Bound<S> bound = (Specs.Bound<S>) resource.bound();
        String recorded = resource.record() == null ? null : resource.record().physicalId();
        String adopted = resource.desired() == null ? null : resource.desired().adoptedId();
        return new Wanted<>(
                resource.id(),
                bound == null ? null : bound.spec(),
                physicalId != null ? physicalId : recorded != null ? recorded : adopted,
                resource.physicalName(),
                resource.desired() == null ? null : resource.desired().formerId());
    }

    private KindReading confirmed(
            KindReading reading,
            List<ManagedResource<?>> resources,
            Map<ResourceId, PresenceRules.PastReads> histories) {
        List<ManagedResource<?>> missing =
                resources.stream().filter(r -> isMissing(r, reading, histories)).toList();
        if (missing.isEmpty()) {
            return reading;
        }
        Map<ResourceId, ResourceReading> wanted = new TreeMap<>(reading.wanted());
        List<ResourceReading> confirmed = context.engine().fork().all(missing, one -> pointRead(one, true));
        for (int i = 0; i < missing.size(); i++) {
            wanted.merge(missing.get(i).id(), confirmed.get(i), Observer::together);
        }
        return new KindReading(
                reading.region(),
                wanted,
                reading.others(),
                reading.attached(),
                reading.hanging(),
                reading.unsearched(),
                null);
    }

    /** The point read shows whether the resource exists, and the list shows whether copies of it exist. */
    private static ResourceReading together(ResourceReading list, ResourceReading point) {
        if (!(list instanceof ResourceReading.FoundObjects listed)
                || !(point instanceof ResourceReading.FoundObjects read)) {
            return point;
        }
        List<Known<?>> ours = new ArrayList<>(read.ours());
        Set<String> ids = new TreeSet<>();
        ours.forEach(k -> ids.add(k.identity().physicalId()));
        listed.ours().stream().filter(k -> ids.add(k.identity().physicalId())).forEach(ours::add);
        return new ResourceReading.FoundObjects(ours, read.strangers(), true, read.remains());
    }

    private boolean isMissing(
            ManagedResource<?> resource, KindReading reading, Map<ResourceId, PresenceRules.PastReads> histories) {
        PresenceRules.PastReads history = histories.get(resource.id());
        return resource.desired() != null
                && resource.record() != null
                && resource.record().completed()
                && history != null
                && reading.wanted().get(resource.id()) instanceof ResourceReading.FoundObjects found
                && PresenceRules.find(resource, found, history, context.now()).presence() instanceof Presence.Missing;
    }

    /** @param afresh whether slow facets are read even if they are known */
    private ResourceReading pointRead(ManagedResource<?> resource, boolean afresh) {
        try {
            ResourceReading.FoundObjects found = byOwner(resource, confirm(resource, null, afresh));
            return found.ours().isEmpty() ? found.leaving(LostData.of(resource, context)) : found;
        } catch (UnconfirmedException e) {
            return new ResourceReading.Unreadable(e.fault());
        }
    }

    /** The objects that a point read found, separated by ownership. */
    ResourceReading.FoundObjects byOwner(ManagedResource<?> resource, List<Known<?>> found) {
        List<Known<?>> ours = new ArrayList<>();
        List<Known<?>> strangers = new ArrayList<>();
        for (Known<?> known : found) {
            boolean isOurs = resource.id()
                            .equals(OwnershipMatcher.owner(
                                    known, context.stack(), resource.id().kind()))
                    && !isRecordedOfAnother(known, resource);
            (isOurs ? ours : strangers).add(known);
        }
        return new ResourceReading.FoundObjects(ours, strangers, false);
    }

    /** A physical id is unique within a kind and a region only. */
    private boolean isRecordedOfAnother(Known<?> known, ManagedResource<?> resource) {
        String physicalId = known.identity().physicalId();
        return context.state().records().stream()
                .anyMatch(r -> physicalId.equals(r.physicalId())
                        && r.id().kind().equals(resource.id().kind())
                        && !r.id().equals(resource.id())
                        && (resource.kind().info().global()
                                || resource.region()
                                        .equals(Objects.requireNonNullElse(
                                                r.region(), context.stack().region()))));
    }

    /**
     * The point read that confirms the result of a list.
     *
     * @param physicalId the id of the object; null: the recorded object or the object with the physical name
     * @throws UnconfirmedException if the resource cannot be read
     */
    List<Known<?>> confirm(ManagedResource<?> resource, @Nullable String physicalId) {
        return confirm(resource, physicalId, true);
    }

    private List<Known<?>> confirm(ManagedResource<?> resource, @Nullable String physicalId, boolean afresh) {
        try {
            return confirm(resource.kind(), resource, wanted(resource, physicalId), afresh);
        } catch (SdkException e) {
            throw new UnconfirmedException(
                    Faults.classify(e, resource.kind().info().faultRules()));
        }
    }

    private <S extends Record> List<Known<?>> confirm(
            Kind<S> kind, ManagedResource<?> resource, Wanted<S> wanted, boolean afresh) {
        if (wanted.physicalId() == null && wanted.physicalName() == null && wanted.desired() == null) {
            return List.of();
        }
        List<Known<?>> found = new ArrayList<>();
        SharedReads shared = new SharedReads(context.engine().fork(), null);
        Clients clients = TaggingApiIndex.clients(context, region(resource));
        List<Observation<S>> all = kind.observe(new ObservationScope<>(
                context,
                kind.info(),
                resource.region(),
                List.of(wanted),
                false,
                true,
                afresh,
                slowFacets,
                new ReadsOfAll(type -> shared.tags().read(clients, context.stack(), type, hasSlowTags(kind)), shared)));
        for (Observation<S> observation :
                renamed.in(all, context.stack(), kind.info().name())) {
            switch (observation) {
                case Known<S> known when concerns(known, resource, wanted) -> found.add(known);
                case Known<S> known -> {}
                case Observation.Attached<S> attached -> {}
                case Observation.Hanging<S> hanging -> {}
                case Observation.Unsearched<S> unsearched -> {}
                case Observation.Unknown<S> unknown -> throw new UnconfirmedException(unknown.fault());
            }
        }
        return found;
    }

    /** A kind without names can be read only by its tags, and returns all objects of the stack. */
    private boolean concerns(Known<?> known, ManagedResource<?> resource, Wanted<?> wanted) {
        ResourceId owner =
                OwnershipMatcher.owner(known, context.stack(), resource.id().kind());
        return resource.id().equals(owner)
                || known.identity().physicalId().equals(wanted.physicalId())
                || (owner == null
                        && wanted.physicalName() != null
                        && wanted.physicalName().equals(known.identity().name()));
    }

    /** A point read that failed for its item. */
    static final class UnconfirmedException extends RuntimeException {
        private final transient Fault fault;

        UnconfirmedException(Fault fault) {
            super(fault.code() + ": " + fault.message());
            this.fault = fault;
        }

        Fault fault() {
            return fault;
        }
    }
}
