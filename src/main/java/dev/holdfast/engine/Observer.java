package dev.holdfast.engine;

import dev.holdfast.aws.Clients;
import dev.holdfast.aws.Faults;
import dev.holdfast.aws.Fork;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** Reads all kinds at once; a read that fails makes unknown what it covers, and nothing else. */
final class Observer {
    private final KindCatalog catalog;
    private final Clients clients;
    private final StackRef stack;
    private final Fork fork;
    private final SlowFacets slowFacets;
    private final Clock clock;
    /** The types whose tags an observation asked the tagging API for: next time they are read beside the kinds' own lists. */
    private final Map<KindReads, Set<String>> tagTypes = new ConcurrentHashMap<>();

    Observer(KindCatalog catalog, Clients clients, StackRef stack, Fork fork, SlowFacets slowFacets, Clock clock) {
        this.catalog = catalog;
        this.clients = clients;
        this.stack = stack;
        this.fork = fork;
        this.slowFacets = slowFacets;
        this.clock = clock;
    }

    /**
     * What one round of reads says.
     *
     * @param ours by resource
     * @param strangers by kind: what is not ours, but was in the way of a read
     * @param unknown resources of which a read failed
     * @param failed kinds of which all is unknown, in a region
     * @param unsearched kinds of which there may be more that is ours than was seen, in a region, where that was searched for
     */
    record ObservedKinds(
            Map<ResourceId, List<Known<?>>> ours,
            Map<String, List<Known<?>>> strangers,
            Map<ResourceId, Fault> unknown,
            Map<KindRegion, Fault> failed,
            Map<KindRegion, Fault> unsearched) {}

    /** All resources of one kind in one region: what one observation covers. */
    record KindRegion(String kind, String region) implements Comparable<KindRegion> {
        @Override
        public int compareTo(KindRegion other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : region.compareTo(other.region);
        }
    }

    /** One observation as it comes again in every pass. */
    private record KindReads(KindRegion group, int targets, boolean sweep) {}

    /** @param search for whatever is ours beside the targets */
    ObservedKinds observe(Collection<ManagedResource<?>> targets, OrphanSearch.SearchExtent search) {
        Map<KindRegion, List<ManagedResource<?>>> groups = new TreeMap<>();
        for (ManagedResource<?> target : targets) {
            groups.computeIfAbsent(group(target), g -> new ArrayList<>()).add(target);
        }
        search.groups().forEach(group -> groups.computeIfAbsent(group, g -> new ArrayList<>()));
        if (search.whole()) {
            Set<String> regions = new TreeSet<>(Set.of(stack.region()));
            groups.keySet().forEach(g -> regions.add(g.region()));
            for (Kind<?> kind : catalog.all().values()) {
                for (String region : kind.info().global() ? Set.of(stack.region()) : regions) {
                    groups.computeIfAbsent(new KindRegion(kind.info().name(), region), g -> new ArrayList<>());
                }
            }
        }
        TaggingApiIndex tags = new TaggingApiIndex(fork);
        ObservedKinds seen =
                new ObservedKinds(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
        List<Supplier<@Nullable KindReading>> reads = new ArrayList<>();
        groups.forEach((group, members) -> {
            KindReads expected = new KindReads(group, members.size(), search.covers(group));
            tagTypes.getOrDefault(expected, Set.of())
                    .forEach(type -> reads.add(() -> {
                        tags.answer(clients.in(group.region()), stack, type);
                        return null;
                    }));
        });
        groups.forEach((group, members) -> reads.add(() -> read(group, members, search.covers(group), tags)));
        for (KindReading outcome : fork.all(reads, Supplier::get)) {
            if (outcome != null) {
                sort(outcome, seen);
            }
        }
        return seen;
    }

    KindRegion group(ManagedResource<?> target) {
        return new KindRegion(target.id().kind(), target.kind().info().global() ? stack.region() : target.region());
    }

    /**
     * @param swept whether more than the targets was asked for
     * @param unsearched why the answer is to less than that, or null
     */
    private record KindReading(
            KindRegion group,
            List<ManagedResource<?>> targets,
            boolean swept,
            List<? extends Observation<?>> found,
            @Nullable Fault fault,
            @Nullable Fault unsearched) {}

    private KindReading read(KindRegion group, List<ManagedResource<?>> targets, boolean sweep, TaggingApiIndex tags) {
        Kind<?> kind = catalog.get(group.kind());
        try {
            Set<String> types = ConcurrentHashMap.newKeySet();
            List<? extends Observation<?>> found = read(kind, group.region(), targets, sweep, type -> {
                types.add(type);
                return tags.read(clients.in(group.region()), stack, type);
            });
            tagTypes.put(new KindReads(group, targets.size(), sweep), types);
            return new KindReading(group, targets, sweep, found, null, null);
        } catch (SdkException e) {
            Fault fault = Faults.classify(e, kind.info().faultRules());
            if (sweep && !targets.isEmpty() && fault.category() == Fault.Category.DENIED) {
                // A search wants permissions that the targets alone may not want: these stay known without it.
                KindReading alone = read(group, targets, false, tags);
                return new KindReading(group, targets, true, alone.found(), alone.fault(), fault);
            }
            return new KindReading(group, targets, sweep, List.of(), fault, sweep ? fault : null);
        }
    }

    private <S extends Record> List<Observation<S>> read(
            Kind<S> kind,
            String region,
            List<ManagedResource<?>> targets,
            boolean sweep,
            Function<String, Map<String, Map<String, String>>> tags) {
        List<Wanted<S>> wanted = new ArrayList<>();
        for (ManagedResource<?> target : targets) {
            wanted.add(wanted(target, null));
            if (target.record() != null) {
                for (String deposed : target.record().deposed()) {
                    wanted.add(new Wanted<>(target.id(), null, deposed, null));
                }
            }
        }
        return kind.observe(new ObservationScope<>(
                kind.info(), clients.in(region), stack, wanted, sweep, false, clock.instant(), fork, slowFacets, tags));
    }

    @SuppressWarnings("unchecked") // a target's spec is of its kind's type
    private <S extends Record> Wanted<S> wanted(ManagedResource<?> target, @Nullable String physicalId) {
        Specs.Bound<S> bound = (Specs.Bound<S>) target.bound();
        String recorded = target.record() == null ? null : target.record().physicalId();
        String adopted =
                target.desired() == null ? null : target.desired().lifecycle().id();
        return new Wanted<>(
                target.id(),
                bound == null ? null : bound.spec(),
                physicalId != null ? physicalId : recorded != null ? recorded : adopted,
                target.physicalName());
    }

    private void sort(KindReading outcome, ObservedKinds seen) {
        if (outcome.unsearched() != null) {
            seen.unsearched().put(outcome.group(), outcome.unsearched());
        }
        if (outcome.fault() != null) {
            seen.failed().put(outcome.group(), outcome.fault());
            return;
        }
        for (Observation<?> observation : outcome.found()) {
            switch (observation) {
                case Known<?> known -> {
                    ResourceId owner =
                            OwnershipMatcher.owner(known, stack, outcome.group().kind());
                    if (owner == null) {
                        seen.strangers()
                                .computeIfAbsent(outcome.group().kind(), k -> new ArrayList<>())
                                .add(known);
                    } else {
                        seen.ours()
                                .computeIfAbsent(owner, k -> new ArrayList<>())
                                .add(known);
                    }
                }
                case Observation.Unknown<?> unknown -> unknown(unknown, outcome, seen);
            }
        }
    }

    private static void unknown(Observation.Unknown<?> unknown, KindReading outcome, ObservedKinds seen) {
        if (outcome.swept() && outcome.targets().stream().noneMatch(t -> t.id().equals(unknown.resource()))) {
            seen.unsearched().putIfAbsent(outcome.group(), unknown.fault());
        }
        if (unknown.resource() != null) {
            seen.unknown().put(unknown.resource(), unknown.fault());
        } else if (unknown.physicalId() == null) {
            seen.failed().put(outcome.group(), unknown.fault());
        } else {
            // Whose it is could not be told: whoever is recorded under that id, or has nothing recorded, may be meant.
            for (ManagedResource<?> target : outcome.targets()) {
                String recorded =
                        target.record() == null ? null : target.record().physicalId();
                if (recorded == null || recorded.equals(unknown.physicalId())) {
                    seen.unknown().put(target.id(), unknown.fault());
                }
            }
        }
    }

    /**
     * The point read that confirms what a list said.
     *
     * @param physicalId of the one that is meant, or null for the recorded one or the one of that name
     * @throws SdkException if it cannot be read
     */
    List<Known<?>> confirm(ManagedResource<?> target, @Nullable String physicalId) {
        return confirm(target.kind(), target, physicalId);
    }

    private <S extends Record> List<Known<?>> confirm(
            Kind<S> kind, ManagedResource<?> target, @Nullable String physicalId) {
        Wanted<S> wanted = wanted(target, physicalId);
        if (wanted.physicalId() == null && wanted.physicalName() == null && wanted.desired() == null) {
            return List.of();
        }
        List<Known<?>> found = new ArrayList<>();
        TaggingApiIndex confirmed = new TaggingApiIndex(fork);
        for (Observation<S> observation : kind.observe(new ObservationScope<>(
                kind.info(),
                clients.in(target.region()),
                stack,
                List.of(wanted),
                false,
                true,
                clock.instant(),
                fork,
                slowFacets,
                type -> confirmed.read(clients.in(target.region()), stack, type)))) {
            switch (observation) {
                case Known<S> known when concerns(known, target, wanted) -> found.add(known);
                case Known<S> known -> {}
                case Observation.Unknown<S> unknown -> throw new UnconfirmedException(unknown.fault());
            }
        }
        return found;
    }

    /** A kind without names can only be asked for by its tags, and answers with the whole stack's. */
    private boolean concerns(Known<?> known, ManagedResource<?> target, Wanted<?> wanted) {
        ResourceId owner = OwnershipMatcher.owner(known, stack, target.id().kind());
        return target.id().equals(owner)
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
