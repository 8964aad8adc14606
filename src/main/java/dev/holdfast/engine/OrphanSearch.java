package dev.holdfast.engine;

import dev.holdfast.engine.Observer.KindRegion;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides when orphans are searched for, and of which kinds the search failed: a failure is kept, reported, and tried again
 * sooner than the whole search. Used by one thread.
 */
final class OrphanSearch {
    private final EventLog events;
    private final Clock clock;
    private final SortedMap<KindRegion, Fault> failed = new TreeMap<>();
    private Instant nextWhole = Instant.MIN;
    private Instant nextRetry = Instant.MAX;

    OrphanSearch(EventLog events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /**
     * Which kinds one observation searches for every object of ours.
     *
     * @param whole every kind there is, in every region of the stack
     * @param groups where it is not the whole
     */
    record SearchExtent(boolean whole, Set<KindRegion> groups) {
        static final SearchExtent NOTHING = new SearchExtent(false, Set.of());
        static final SearchExtent EVERYTHING = new SearchExtent(true, Set.of());

        boolean covers(KindRegion group) {
            return whole || groups.contains(group);
        }
    }

    /** @param must whether everything has to be searched now, due or not */
    SearchExtent due(boolean must) {
        Instant now = clock.instant();
        if (must || !now.isBefore(nextWhole)) {
            return SearchExtent.EVERYTHING;
        }
        return now.isBefore(nextRetry) ? SearchExtent.NOTHING : new SearchExtent(false, Set.copyOf(failed.keySet()));
    }

    /** @param failures of the parts that were searched */
    void searched(SearchExtent extent, Map<KindRegion, Fault> failures) {
        if (!extent.whole() && extent.groups().isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Map<KindRegion, Fault> before = new TreeMap<>(failed);
        failed.keySet().removeIf(extent::covers);
        failed.putAll(failures);
        if (extent.whole()) {
            nextWhole = now.plus(EngineConstants.SWEEP);
        }
        nextRetry = failed.isEmpty() ? Instant.MAX : now.plus(EngineConstants.SWEEP_AGAIN);
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

    /** Which kinds cannot be searched now, and why; null: all are searched. */
    @Nullable
    String failure() {
        return failed.isEmpty()
                ? null
                : "what is left over of these is not seen, and stays: "
                        + byCause(failed).entrySet().stream()
                                .map(e -> e.getValue() + " (" + e.getKey() + ")")
                                .collect(Collectors.joining("; "));
    }

    /** The ids in a message differ from call to call. */
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
