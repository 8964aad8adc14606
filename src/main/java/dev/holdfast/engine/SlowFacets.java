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
 * Keeps the facets that AWS returns only for one resource at a time, and decides which of them each pass reads again: a
 * share, the oldest first, so that no facet is older than {@link DriftCoverage#slowFacetAge} and no pass reads all.
 * Safe for use by many threads.
 */
final class SlowFacets {
    private record FacetKey(String physicalId, String facet) {}

    private record FacetReading(@Nullable Object value, Instant at) {}

    private final RotatedReads<FacetKey> readings = new RotatedReads<>();
    /** The times at which the search for orphans read the attached objects of each parent. */
    private final RotatedReads<FacetKey> turns = new RotatedReads<>();

    /** The share of the parents without such a read whose turn comes in one pass. */
    private volatile double newInTurn;

    private final KeptTags tags = new KeptTags();
    /** The times at which the tagging API returned the tags that replace a facet. */
    private final Map<FacetKey, Instant> indexed = new ConcurrentHashMap<>();

    private record VersionKey(String physicalId, Object version) {}

    /** Values that never change, with the time of their last use. */
    private final Map<VersionKey, FacetReading> forever = new ConcurrentHashMap<>();

    /**
     * @param at the time at which the value was read
     * @param failure the reason why the last repeated read failed; null if it did not fail
     */
    private record DailyReading(
            @Nullable Object value,
            Instant at,
            Instant next,
            @Nullable String failure) {}

    private final Map<String, DailyReading> daily = new ConcurrentHashMap<>();
    /** The last invalidation of each physical id. Older ones than any read that is under way are forgotten. */
    private final Map<String, FacetsInvalidated> invalidations = new ConcurrentHashMap<>();

    private record FacetsInvalidated(long count, Instant pass) {}

    private volatile Instant passBegunAt = Instant.EPOCH;

    /**
     * The maximum ages of the values that are not read in each pass.
     *
     * @param facets the slow facets
     * @param tags the tagging API's answers for kinds whose tags are not a slow facet
     */
    record ReadAges(Duration facets, Duration tags) {}

    /** Has the attached objects of all parents read in this pass, for the first pass and for a whole search. */
    void allInTurn() {
        turns.forget(parent -> true);
        newInTurn = 1;
    }

    /** A full pass begins. */
    void beginPass(Instant now, Duration interval, ReadAges ages, PassBudget budget) {
        tags.beginPass(now, interval, ages, budget);
        turns.beginPass(now, interval, EngineConstants.SWEEP, budget);
        readings.beginPass(now, interval, ages.facets(), budget);
        // Some values are used only by the search for orphans. The resource of a value that two searches did not use
        // was deleted.
        Instant unasked = now.minus(EngineConstants.SWEEP.multipliedBy(2)).minus(interval.multipliedBy(2));
        forever.values().removeIf(reading -> reading.at().isBefore(unasked));
        indexed.values().removeIf(at -> at.isBefore(unasked));
        daily.values().removeIf(reading -> reading.next().isBefore(unasked));
        invalidations.values().removeIf(last -> last.pass().isBefore(unasked));
        passBegunAt = now;
    }

    /** Chooses the facets that this full pass reads again. */
    void choose(PassBudget budget) {
        newInTurn = turns.share();
        tags.choose(budget);
        turns.choose(budget);
        readings.choose(budget);
    }

    /** A light pass reads only facets that were never read, or that we wrote to. */
    void beginLook() {
        readings.beginLook();
        turns.beginLook();
        newInTurn = 0;
    }

    /** The tagging API's answers in earlier passes. */
    KeptTags tags() {
        return tags;
    }

    /**
     * Reads data that only the search for orphans needs, for the parents whose turn it is.
     *
     * @return null if it is the turn of no parent
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
        // The shared requests are attributed to the first parent.
        int together = Math.max(0, result.requests() - due.size());
        for (T item : due) {
            turns.keep(turn.key(item), new KeptRead(null, now, item == due.getFirst() ? 1 + together : 1));
        }
        return result.value();
    }

    /** Parents whose data of one sort are read in turn. */
    record Turn<T>(String what, Collection<T> items, Function<T, String> id) {
        private FacetKey key(T item) {
            return new FacetKey(id.apply(item), what);
        }
    }

    /**
     * @param at the time at which the tagging API returned the facet's value; null if it did not, or does so in every
     *     pass
     */
    void indexed(String physicalId, String facet, @Nullable Instant at) {
        FacetKey key = new FacetKey(physicalId, facet);
        if (at == null) {
            indexed.remove(key);
        } else {
            indexed.put(key, at);
        }
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // the reader may return null: "no value"
    <T> T read(String physicalId, String facet, Instant now, Supplier<T> reader) {
        FacetKey key = new FacetKey(physicalId, facet);
        KeptRead last = readings.current(key);
        if (last == null) {
            FacetsInvalidated before = invalidations.get(physicalId);
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
     * A value of AWS's calendar, read once a day. If a repeated read fails, the former value stays, an event reports
     * the failure, and the next search for orphans repeats the read.
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
                        "the end of support of " + what + " cannot be read: " + fault.inWords() + "; the value read"
                                + " at " + former.at() + " is shown until a read succeeds");
            }
            return new DailyReading(former.value(), former.at(), now.plus(EngineConstants.SWEEP), failure);
        }
    }

    /**
     * Forgets the facets of an object after our own write to it, or when a dependent resource has failed.
     *
     * @return whether a facet was kept, so that it has to be read again
     */
    boolean invalidate(String physicalId) {
        invalidated(physicalId);
        return readings.forget(k -> k.physicalId().equals(physicalId));
    }

    /**
     * Forgets only these facets, as {@link #invalidate(String)} does for all.
     *
     * @param facets accepts the names of the facets, without their parts
     */
    void invalidate(String physicalId, Predicate<String> facets) {
        invalidated(physicalId);
        readings.forget(k -> k.physicalId().equals(physicalId) && facets.test(whole(k.facet())));
    }

    private void invalidated(String physicalId) {
        Instant pass = passBegunAt;
        invalidations.compute(
                physicalId, (id, last) -> new FacetsInvalidated(last == null ? 1 : last.count() + 1, pass));
        tags.forget();
    }

    /**
     * An answer about the object may have been partial: values that would never be read again are read again, too.
     *
     * @param facets accepts the names, without their parts, of the facets that the answer concerned
     */
    void distrust(@Nullable String physicalId, Predicate<String> facets) {
        if (physicalId != null) {
            forever.keySet().removeIf(key -> key.physicalId().equals(physicalId));
            invalidate(physicalId, facets);
        }
    }

    /** The name of the facet to which a part belongs, for example of {@code attributes.x}. */
    private static String whole(String facet) {
        int dot = facet.indexOf('.');
        return dot < 0 ? facet : facet.substring(0, dot);
    }

    /** Forgets all facets, at a new revision. */
    void invalidateAll() {
        readings.forget(k -> true);
        tags.forget();
        turns.forget(k -> true);
    }

    /** The time at which the oldest part of each facet was read, by physical id. */
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
