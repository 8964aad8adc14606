package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.aws.RequestChain;
import dev.holdfast.engine.RotatedReads.KeptRead;
import dev.holdfast.engine.RotatedReads.PassBudget;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Keeps the facets that AWS returns only for one resource at a time, and decides which of them are read again: a share in each
 * pass, the oldest first, so that none is older than {@link DriftCoverage#slowFacetAge} and no pass reads all of them.
 * Safe for use by many threads.
 */
final class SlowFacets {
    private record FacetKey(String physicalId, String facet) {}

    private record FacetReading(@Nullable Object value, Instant at) {}

    private final RotatedReads<FacetKey> readings = new RotatedReads<>();
    /** When the search for orphans looked at what hangs at each parent. */
    private final RotatedReads<FacetKey> turns = new RotatedReads<>();

    /** The share of those that were never looked at which is in turn in one pass. */
    private volatile double newInTurn;

    private final KeptTags tags = new KeptTags();
    /** When the tagging API was asked for what stands for a facet. */
    private final Map<FacetKey, Instant> indexed = new ConcurrentHashMap<>();

    private record VersionKey(String physicalId, Object version) {}

    /** What never changes, with the time when it was asked for last. */
    private final Map<VersionKey, FacetReading> forever = new ConcurrentHashMap<>();

    /**
     * @param at when the value was read
     * @param failure why the last attempt to read it again failed; null: it did not
     */
    private record DailyReading(
            @Nullable Object value,
            Instant at,
            Instant next,
            @Nullable String failure) {}

    private final Map<String, DailyReading> daily = new ConcurrentHashMap<>();
    /** How often each physical id was invalidated. */
    private final Map<String, Long> invalidations = new ConcurrentHashMap<>();

    /**
     * How old what is not read in each pass may be.
     *
     * @param facets the slow facets
     * @param tags what the tagging API said of kinds whose tags are no slow facet
     */
    record ReadAges(Duration facets, Duration tags) {}

    /** What hangs at parents is to be read of all in this pass: nothing is known yet, or a search has to be whole. */
    void allInTurn() {
        turns.forget(parent -> true);
        newInTurn = 1;
    }

    /** A full pass begins. */
    void beginPass(Instant now, Duration interval, ReadAges ages, PassBudget budget) {
        tags.beginPass(now, interval, ages, budget);
        turns.beginPass(now, interval, EngineConstants.SWEEP, budget);
        readings.beginPass(now, interval, ages.facets(), budget);
        // Some are asked for only by the search for orphans: what two searches have not asked for is gone.
        Instant unasked = now.minus(EngineConstants.SWEEP.multipliedBy(2)).minus(interval.multipliedBy(2));
        forever.values().removeIf(reading -> reading.at().isBefore(unasked));
        indexed.values().removeIf(at -> at.isBefore(unasked));
    }

    /** Chooses what this full pass reads again. */
    void choose(PassBudget budget) {
        newInTurn = turns.share();
        tags.choose(budget);
        turns.choose(budget);
        readings.choose(budget);
    }

    /** A light look reads only facets that were never read, or that we wrote to. */
    void beginLook() {
        readings.beginLook();
        turns.beginLook();
        newInTurn = 0;
    }

    /** What the tagging API said in earlier passes. */
    KeptTags tags() {
        return tags;
    }

    /**
     * Reads what only the search for orphans asks, of those parents whose turn it is.
     *
     * @return null: it is the turn of none
     */
    <T, R> @Nullable R inTurn(Turn<T> turn, Instant now, Function<List<T>, R> read) {
        List<T> due = new ArrayList<>();
        List<T> fresh = new ArrayList<>();
        for (T item : turn.items()) {
            if (turns.isDue(turn.key(item))) {
                due.add(item);
            } else if (!turns.isKept(turn.key(item))) {
                fresh.add(item);
            }
        }
        int room = (int) Math.ceil(turn.items().size() * newInTurn) - due.size();
        due.addAll(fresh.subList(0, Math.clamp(room, 0, fresh.size())));
        if (due.isEmpty()) {
            return null;
        }
        RequestChain.CountedRead<R> result;
        try {
            result = RequestChain.apart(() -> read.apply(due));
        } catch (SdkException e) {
            due.forEach(item -> turns.forget(turn.key(item)::equals));
            throw e;
        }
        // What they take together stands to the account of the first.
        int together = Math.max(0, result.requests() - due.size());
        for (T item : due) {
            turns.keep(turn.key(item), new KeptRead(null, now, item == due.getFirst() ? 1 + together : 1));
        }
        return result.value();
    }

    /** Parents of which something is read in turn. */
    record Turn<T>(String what, Collection<T> items, Function<T, String> id) {
        private FacetKey key(T item) {
            return new FacetKey(id.apply(item), what);
        }
    }

    /** @param at when the tagging API told what stands for the facet; null: it did not, or does so in every pass */
    void indexed(String physicalId, String facet, @Nullable Instant at) {
        FacetKey key = new FacetKey(physicalId, facet);
        if (at == null) {
            indexed.remove(key);
        } else {
            indexed.put(key, at);
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // null is what the reader gave: "there is none"
    <T> T read(String physicalId, String facet, Instant now, Supplier<T> reader) {
        FacetKey key = new FacetKey(physicalId, facet);
        KeptRead last = readings.current(key);
        if (last == null) {
            Long before = invalidations.get(physicalId);
            RequestChain.CountedRead<T> read = RequestChain.apart(reader);
            last = new KeptRead(read.value(), now, Math.max(1, read.requests()));
            // A read that began before our own write ended may show the value from before that write.
            if (Objects.equals(before, invalidations.get(physicalId))) {
                readings.keep(key, last);
            }
        }
        return (T) last.value();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // never null, unlike a facet
    <T> T once(String physicalId, @Nullable Object version, Instant now, Supplier<T> reader) {
        if (version == null) {
            return reader.get();
        }
        VersionKey key = new VersionKey(physicalId, version);
        FacetReading known = forever.get(key);
        Object value = known == null ? Objects.requireNonNull(reader.get()) : known.value();
        forever.put(key, new FacetReading(value, now));
        return (T) value;
    }

    /**
     * What AWS's calendar says. If a later read of it fails, the former value stays, an event tells it, and it is read again
     * with the next search for orphans.
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // never null, unlike a facet
    <T> T daily(String what, Instant now, Supplier<T> reader, EventLog events) {
        DailyReading known = daily.get(what);
        if (known == null || !now.isBefore(known.next())) {
            known = known == null
                    ? new DailyReading(reader.get(), now, now.plus(EngineConstants.DAILY), null)
                    : again(what, known, now, reader, events);
            daily.put(what, known);
        }
        return (T) known.value();
    }

    private static DailyReading again(
            String what, DailyReading former, Instant now, Supplier<?> reader, EventLog events) {
        try {
            Object value = reader.get();
            if (former.failure() != null) {
                events.add(
                        null, Event.Severity.Resolved, "SupportEndRead", "the end of support of " + what + " was read");
            }
            return new DailyReading(value, now, now.plus(EngineConstants.DAILY), null);
        } catch (SdkException e) {
            Fault fault = Faults.classify(e, List.of());
            String failure = fault.operation() + " " + fault.code();
            if (!failure.equals(former.failure())) {
                events.add(
                        null,
                        Event.Severity.Warning,
                        "SupportEndUnread",
                        "the end of support of " + what + " cannot be read: " + fault.inWords() + "; what was read at "
                                + former.at() + " is shown until a read succeeds");
            }
            return new DailyReading(former.value(), former.at(), now.plus(EngineConstants.SWEEP), failure);
        }
    }

    /**
     * After our own write to it, or when a dependent has failed.
     *
     * @return whether it has a facet that is read again now
     */
    boolean invalidate(String physicalId) {
        invalidations.merge(physicalId, 1L, Long::sum);
        tags.forget();
        return readings.forget(k -> k.physicalId().equals(physicalId));
    }

    /**
     * As {@link #invalidate(String)}, of these facets only.
     *
     * @param facets names, without their parts
     */
    void invalidate(String physicalId, Predicate<String> facets) {
        invalidations.merge(physicalId, 1L, Long::sum);
        tags.forget();
        readings.forget(k -> k.physicalId().equals(physicalId) && facets.test(whole(k.facet())));
    }

    /**
     * An answer about it was perhaps partial: what was read of it once, and would never be read again, is read again.
     *
     * @param facets names, without their parts, of the facets that the answer concerned
     */
    void distrust(@Nullable String physicalId, Predicate<String> facets) {
        if (physicalId != null) {
            forever.keySet().removeIf(key -> key.physicalId().equals(physicalId));
            invalidate(physicalId, facets);
        }
    }

    /** Facets may be read in parts: {@code attributes.x} */
    private static String whole(String facet) {
        int dot = facet.indexOf('.');
        return dot < 0 ? facet : facet.substring(0, dot);
    }

    /** At a new revision. */
    void invalidateAll() {
        readings.forget(k -> true);
        tags.forget();
        turns.forget(k -> true);
    }

    /** When each facet of each physical id was read, the oldest part of it. */
    Map<String, Map<String, Instant>> agesByPhysicalId() {
        Map<String, Map<String, Instant>> all = new HashMap<>();
        readings.forEach((key, reading) -> merge(all, key, reading.at()));
        indexed.forEach((key, at) -> merge(all, key, at));
        return all;
    }

    private static void merge(Map<String, Map<String, Instant>> all, FacetKey key, Instant at) {
        all.computeIfAbsent(key.physicalId(), k -> new TreeMap<>())
                .merge(whole(key.facet()), at, (a, b) -> a.isBefore(b) ? a : b);
    }
}
