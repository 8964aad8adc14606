package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.Fork;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.plan.DiffInput;
import dev.holdfast.plan.Differ;
import dev.holdfast.plan.Presence;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.ResourceRecord.Intent;
import dev.holdfast.state.StackState;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** Looks at resources and keeps what it saw: who is there, who is not, and of whom nothing can be said. */
final class ObservationStore {
    private final KindCatalog catalog;
    private final StackRef stack;
    private final Observer observer;
    private final StackState state;
    private final LastObserved sightings;
    private final OrphanSearch search;
    private final Fork fork;
    private final Clock clock;
    private final Map<ResourceId, ManagedResource<?>> orphans = new HashMap<>();
    private final Map<ResourceId, Instant> missingSince = new HashMap<>();

    ObservationStore(
            KindCatalog catalog,
            StackRef stack,
            Observer observer,
            StackState state,
            LastObserved sightings,
            OrphanSearch search,
            Fork fork,
            Clock clock) {
        this.fork = fork;
        this.catalog = catalog;
        this.stack = stack;
        this.observer = observer;
        this.state = state;
        this.sightings = sightings;
        this.search = search;
        this.clock = clock;
    }

    /** Everything desired, recorded, or found to be ours, with what is known of outputs by now. */
    Map<ResourceId, ManagedResource<?>> targets(ResourceBinder resolver, Revision revision) {
        Map<ResourceId, ManagedResource<?>> targets = resolver.targets(revision, state);
        orphans.keySet().removeIf(targets::containsKey);
        orphans.forEach(targets::put);
        return targets;
    }

    /**
     * @param ids what to look at; null: everything
     * @param extent what is searched for whatever else is ours
     * @return what was looked at
     */
    Set<ResourceId> look(
            ResourceBinder resolver,
            Map<ResourceId, ManagedResource<?>> targets,
            @Nullable Set<ResourceId> ids,
            OrphanSearch.SearchExtent extent,
            long round) {
        List<ManagedResource<?>> subset = targets.values().stream()
                .filter(t -> ids == null || ids.contains(t.id()))
                .toList();
        Observer.ObservedKinds seen = observer.observe(subset, extent);
        search.searched(extent, seen.unsearched());
        Map<ResourceId, ManagedResource<?>> looked = new TreeMap<>();
        subset.forEach(t -> looked.put(t.id(), t));
        if (ids == null) {
            // A look at some leaves the rest alone: a kind may say less of what it was not asked for.
            for (ResourceId id : seen.ours().keySet()) {
                ManagedResource<?> target = targets.get(id);
                looked.computeIfAbsent(id, k -> target != null ? target : orphan(resolver, k));
            }
        }
        for (ManagedResource<?> target : looked.values()) {
            sight(target, seen, round);
        }
        confirmMissing(looked.values(), round);
        return new HashSet<>(looked.keySet());
    }

    /** Lists lag: what was there once is called missing only when the owning service says so too. */
    private void confirmMissing(Collection<ManagedResource<?>> looked, long round) {
        List<ManagedResource<?>> missing = looked.stream()
                .filter(t -> t.desired() != null
                        && t.record() != null
                        && t.record().completed()
                        && sightings.presence(t.id()) instanceof Presence.Missing)
                .toList();
        fork.all(missing, target -> {
            try {
                confirmed(target, observer.confirm(target, null), round);
            } catch (Observer.UnconfirmedException e) {
                unclear(target, e.fault(), round);
            } catch (SdkException e) {
                unclear(target, Faults.classify(e, target.kind().info().faultRules()), round);
            }
            return true;
        });
    }

    private synchronized void unclear(ManagedResource<?> target, Fault fault, long round) {
        sightings.put(target.id(), LastObserved.unclear(fault), clock.instant(), round, List.of());
    }

    private ManagedResource<?> orphan(ResourceBinder resolver, ResourceId id) {
        Kind<?> kind = catalog.get(id.kind());
        return orphans.computeIfAbsent(id, k -> resolver.undesired(kind, k, null));
    }

    private void sight(ManagedResource<?> target, Observer.ObservedKinds seen, long round) {
        Instant now = clock.instant();
        Fault fault = seen.unknown().get(target.id());
        if (fault == null) {
            fault = seen.failed().get(observer.group(target));
        }
        if (fault != null) {
            sightings.put(target.id(), LastObserved.unclear(fault), now, round, List.of());
            return;
        }
        place(
                target,
                seen.ours().getOrDefault(target.id(), List.of()),
                seen.strangers().getOrDefault(target.id().kind(), List.of()),
                round);
    }

    /** What a point read found, in the place of what a list said. Steps that run side by side call it. */
    synchronized void confirmed(ManagedResource<?> target, List<Known<?>> found, long round) {
        List<Known<?>> ours = new ArrayList<>();
        List<Known<?>> strangers = new ArrayList<>();
        for (Known<?> known : found) {
            (target.id().equals(OwnershipMatcher.owner(known, stack, target.id().kind())) ? ours : strangers)
                    .add(known);
        }
        place(target, ours, strangers, round);
    }

    private void place(ManagedResource<?> target, List<Known<?>> ours, List<Known<?>> strangers, long round) {
        Instant now = clock.instant();
        Known<?> unanswered = ours.isEmpty() ? unanswered(target, strangers) : null;
        OwnershipMatcher.Match match = OwnershipMatcher.choose(
                unanswered == null ? ours : List.of(unanswered), target.record(), target.physicalName());
        if (match.chosen() != null && replacing(target, match.chosen(), now)) {
            sightings.put(target.id(), new Presence.Unclear(Reason.CreateInGrace, null), now, round, List.of());
            return;
        }
        if (match.chosen() != null) {
            missingSince.remove(target.id());
            remember(target, match);
            sightings.put(target.id(), LastObserved.presenceOf(match.chosen()), now, round, match.others());
            return;
        }
        sightings.put(target.id(), absence(target, strangers, now), now, round, List.of());
        if (sightings.presence(target.id()) instanceof Presence.Missing
                && target.desired() == null
                && target.record() == null) {
            orphans.remove(target.id());
            sightings.forget(target.id());
        }
    }

    /**
     * What a create of ours made that was never answered, where nothing but the record tells ours from others'. A point read
     * saw nothing of that name before the create was sent; so what has the name now and is all that was to be sent is what
     * was sent. Anything else that has it is a stranger.
     */
    private static @Nullable Known<?> unanswered(ManagedResource<?> target, List<Known<?>> strangers) {
        ResourceRecord record = target.record();
        Intent intent = record == null ? null : record.intent();
        if (record == null
                || intent == null
                || record.answered(intent)
                || target.kind().info().ownership() != OwnershipForm.RECORD) {
            return null;
        }
        Known<?> holder = OwnershipMatcher.holder(strangers, target.physicalName(), null);
        return holder != null && asDesired(target, holder) ? holder : null;
    }

    private static <S extends Record> boolean asDesired(ManagedResource<S> target, Known<?> known) {
        Specs.Bound<S> bound = target.bound();
        return bound != null
                && Differ.diff(new DiffInput<>(
                                bound,
                                target.kind().info().spec().cast(known.spec()),
                                null,
                                Set.of(),
                                Map.of(),
                                UnaryOperator.identity(),
                                false,
                                target.kind().info().versioned()))
                        .isEmpty();
    }

    /** A found id, or one more of the same name, is recorded at once: it is what a deletion acts on later. */
    private void remember(ManagedResource<?> target, OwnershipMatcher.Match match) {
        ResourceRecord record = target.record();
        if (record == null || match.chosen() == null) {
            return;
        }
        List<String> deposed = new ArrayList<>(record.deposed());
        match.others().stream()
                .map(PassSnapshot::idOf)
                .filter(id -> !deposed.contains(id))
                .forEach(deposed::add);
        String chosen = PassSnapshot.idOf(match.chosen());
        deposed.remove(chosen);
        if (!chosen.equals(record.physicalId()) || !deposed.equals(record.deposed())) {
            state.save(record.found(chosen, deposed));
        }
    }

    private Presence absence(ManagedResource<?> target, List<Known<?>> strangers, Instant now) {
        ResourceRecord record = target.record();
        String recorded = record == null ? null : record.physicalId();
        if (target.desired() != null) {
            String adopt = target.desired().lifecycle().id();
            Known<?> holder =
                    OwnershipMatcher.holder(strangers, target.physicalName(), adopt != null ? adopt : recorded);
            if (holder != null) {
                return new Presence.NameTaken(
                        holder,
                        OwnershipMatcher.describe(holder),
                        OwnershipMatcher.adoptable(holder, target.desired().lifecycle()));
            }
        }
        if (record != null && inGrace(target, record, now)) {
            return new Presence.Unclear(Reason.CreateInGrace, null);
        }
        return new Presence.Missing();
    }

    /**
     * All that is seen is what an open creation was to replace: the new one may be there and not show yet, and nothing would
     * stop a second one.
     */
    private static boolean replacing(ManagedResource<?> target, Known<?> seen, Instant now) {
        ResourceRecord record = target.record();
        Intent intent = record == null ? null : record.intent();
        return record != null
                && intent != null
                && PassSnapshot.idOf(seen).equals(intent.replaces())
                && !record.answered(intent)
                && !repeatable(target)
                && now.isBefore(intent.at().plus(EngineConstants.CREATE_GRACE));
    }

    /** AWS would refuse a second one of this name. The versions of one thing share their name. */
    private static boolean repeatable(ManagedResource<?> target) {
        return target.physicalName() != null && !target.kind().info().versioned();
    }

    /**
     * Whether what is not seen may only be late: our create is young and was never seen since, or was perhaps sent. What has no
     * unique name and was seen before has to be missing for a while, for nothing would stop a second one.
     */
    private boolean inGrace(ManagedResource<?> target, ResourceRecord record, Instant now) {
        Intent intent = record.intent();
        boolean seenSince = record.completed() || sightings.lastKnown(target.id()) != null;
        if (!seenSince
                && record.createdAt() != null
                && now.isBefore(record.createdAt().plus(EngineConstants.CREATE_GRACE))) {
            return true;
        }
        if (target.desired() != null && LoopBreaker.mayBeOlder(record, now)) {
            return true;
        }
        if (intent != null && !record.answered(intent)) {
            return !repeatable(target) && now.isBefore(intent.at().plus(EngineConstants.CREATE_GRACE));
        }
        if (target.physicalName() == null
                && record.physicalId() != null
                && target.desired() != null
                && !record.deposed().contains(record.physicalId())) {
            Instant since = missingSince.computeIfAbsent(target.id(), k -> now);
            return now.isBefore(since.plus(EngineConstants.WRITE_VISIBLE));
        }
        return false;
    }
}
