package dev.holdfast.engine;

import dev.holdfast.engine.Observer.KindRegion;
import dev.holdfast.engine.RotatedReads.KeptRead;
import dev.holdfast.engine.RotatedReads.PassBudget;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides when orphans are searched for, and keeps the kinds whose search failed. A failure is reported, and its search
 * is repeated sooner than the whole search. Used by one thread.
 */
final class OrphanSearch {
    private final EventLog events;
    private final Clock clock;
    private final SortedMap<KindRegion, Fault> failed = new TreeMap<>();
    private final RotatedReads<KindRegion> searches = new RotatedReads<>();
    private boolean everWhole;
    /** The requests of the last read without a search, by kind and region. */
    private final Map<KindRegion, Integer> readAlone = new HashMap<>();
    /** The requests of the last read with a search, by kind and region. */
    private final Map<KindRegion, Integer> searching = new HashMap<>();
    /** The times at which failed searches are repeated. */
    private final Map<KindRegion, Instant> again = new TreeMap<>();

    OrphanSearch(EventLog events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /**
     * The kinds and regions in which one observation searches for every object of ours.
     *
     * @param whole whether these are all kinds in all regions of the stack
     */
    record SearchExtent(boolean whole, Set<KindRegion> groups) {
        static final SearchExtent NOTHING = new SearchExtent(false, Set.of());

        boolean covers(KindRegion group) {
            return groups.contains(group);
        }
    }

    void beginPass(Duration interval, PassBudget budget) {
        searches.beginPass(clock.instant(), interval, EngineConstants.SWEEP, budget);
    }

    /**
     * The extent of the search in this full pass: a share, so that each kind is searched once in
     * {@link EngineConstants#SWEEP}.
     *
     * @param must whether everything has to be searched now, due or not
     * @param all every searchable kind and region
     */
    SearchExtent due(boolean must, Set<KindRegion> all, PassBudget budget) {
        Instant now = clock.instant();
        searches.choose(budget);
        if (must || !everWhole) {
            return new SearchExtent(true, all);
        }
        return new SearchExtent(
                false,
                all.stream()
                        .filter(group -> searches.isDue(group)
                                || !searches.isKept(group)
                                || !now.isBefore(again.getOrDefault(group, Instant.MAX)))
                        .collect(Collectors.toSet()));
    }

    /** @param requests the requests of one read of a full pass, without the requests of reads in turn */
    void countRequests(SearchExtent extent, KindRegion group, int requests) {
        (extent.covers(group) ? searching : readAlone).put(group, requests);
        searches.cost(group, cost(group));
    }

    /** The additional requests of the last search of a kind. */
    private int cost(KindRegion group) {
        return Math.max(1, searching.getOrDefault(group, 0) - readAlone.getOrDefault(group, 0));
    }

    /** @param failures the failures of the parts that were searched and of the reads in turn */
    void searched(SearchExtent extent, Map<KindRegion, Fault> failures) {
        everWhole |= extent.whole();
        if (extent.groups().isEmpty() && failures.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Map<KindRegion, Fault> before = new TreeMap<>(failed);
        failed.keySet().removeIf(extent::covers);
        failed.putAll(failures);
        extent.groups().forEach(group -> searches.keep(group, new KeptRead(null, now, cost(group))));
        again.keySet().retainAll(failed.keySet());
        failures.keySet().forEach(group -> again.put(group, now.plus(EngineConstants.SWEEP_AGAIN)));
        Map<KindRegion, Fault> begun = new TreeMap<>(failed);
        begun.entrySet().removeIf(e -> before.containsKey(e.getKey()) && same(e.getValue(), before.get(e.getKey())));
        byCause(begun)
                .forEach((cause, groups) -> events.add(
                        null,
                        Event.Severity.Warning,
                        StackView.ORPHAN_SEARCH_FAILED,
                        cause + "; not searched for orphans: " + groups));
        Set<KindRegion> over = new TreeSet<>(before.keySet());
        over.removeAll(failed.keySet());
        if (!over.isEmpty()) {
            events.add(null, Event.Severity.Info, "OrphanSearchRestored", "searched for orphans again: " + names(over));
        }
    }

    /** The kinds that cannot be searched now, and why; null if all are searched. */
    @Nullable
    String failure() {
        return failed.isEmpty()
                ? null
                : "orphans of these kinds are not found and not deleted: "
                        + byCause(failed).entrySet().stream()
                                .map(e -> e.getValue() + " (" + e.getKey() + ")")
                                .collect(Collectors.joining("; "));
    }

    /** Compares without the message, because the request ids in it differ from call to call. */
    private static boolean same(Fault a, @Nullable Fault b) {
        return b != null && a.operation().equals(b.operation()) && a.code().equals(b.code());
    }

    private static SortedMap<String, String> byCause(Map<KindRegion, Fault> failures) {
        SortedMap<String, Set<KindRegion>> groups = new TreeMap<>();
        SortedMap<String, String> messages = new TreeMap<>();
        failures.forEach((group, fault) -> {
            String call = fault.operation() + " " + fault.code();
            groups.computeIfAbsent(call, c -> new TreeSet<>()).add(group);
            messages.putIfAbsent(call, fault.message());
        });
        SortedMap<String, String> named = new TreeMap<>();
        groups.forEach((call, some) -> named.put(call + ": " + messages.get(call), names(some)));
        return named;
    }

    private static String names(Set<KindRegion> groups) {
        return groups.stream().map(g -> g.kind() + " in " + g.region()).collect(Collectors.joining(", "));
    }
}
