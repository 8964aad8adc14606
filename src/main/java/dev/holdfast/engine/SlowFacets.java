package dev.holdfast.engine;

import dev.holdfast.aws.Faults;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

    private final Map<FacetKey, FacetReading> readings = new ConcurrentHashMap<>();
    /** What never changes, with the time when it was asked for last. */
    private final Map<String, FacetReading> forever = new ConcurrentHashMap<>();

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

    private volatile Set<FacetKey> due = Set.of();
    private Set<FacetKey> dueLast = Set.of();
    private @Nullable Instant lastPass;

    /** Chooses the facets that this full pass reads again. @param age that none may exceed */
    void beginPass(Instant now, Duration interval, Duration age) {
        forgetUnasked();
        Duration gone = lastPass == null ? interval : Duration.between(lastPass, now);
        // The next pass may come a tenth of the interval late.
        Duration untilNext = interval.plus(interval.dividedBy(10));
        Duration horizon = age.minus(untilNext);
        double share = Math.min(1, (double) gone.toMillis() / Math.max(interval.toMillis(), horizon.toMillis()));
        long count = (long) Math.ceil(readings.size() * share);
        Instant tooOld = now.minus(horizon);
        due = readings.entrySet().stream()
                .sorted(Comparator.comparing((Map.Entry<FacetKey, FacetReading> e) ->
                                e.getValue().at())
                        .thenComparing(e -> e.getKey().toString()))
                .limit(Math.max(
                        count,
                        readings.values().stream()
                                .filter(r -> r.at().isBefore(tooOld))
                                .count()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        dueLast = due;
        lastPass = now;
        // Some are asked for only by the search for orphans: what two searches have not asked for is gone.
        Instant unasked = now.minus(EngineConstants.SWEEP.multipliedBy(2)).minus(interval.multipliedBy(2));
        forever.values().removeIf(reading -> reading.at().isBefore(unasked));
    }

    /** A facet that was due and was not read is no longer asked for: else it would stay the oldest for ever. */
    private void forgetUnasked() {
        Instant then = lastPass;
        if (then != null) {
            readings.entrySet()
                    .removeIf(e ->
                            dueLast.contains(e.getKey()) && e.getValue().at().isBefore(then));
        }
    }

    /** A light look reads only facets that were never read, or that we wrote to. */
    void beginLook() {
        due = Set.of();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // null is what the reader gave: "there is none"
    <T> T read(String physicalId, String facet, Instant now, Supplier<T> reader) {
        FacetKey key = new FacetKey(physicalId, facet);
        FacetReading last = readings.get(key);
        if (last == null || due.contains(key)) {
            Long before = invalidations.get(physicalId);
            last = new FacetReading(reader.get(), now);
            // A read that began before our own write ended may show the value from before that write.
            if (Objects.equals(before, invalidations.get(physicalId))) {
                readings.put(key, last);
            }
        }
        return (T) last.value();
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // never null, unlike a facet
    <T> T once(String physicalId, Instant now, Supplier<T> reader) {
        FacetReading known = forever.get(physicalId);
        Object value = known == null ? Objects.requireNonNull(reader.get()) : known.value();
        forever.put(physicalId, new FacetReading(value, now));
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
        return readings.keySet().removeIf(k -> k.physicalId().equals(physicalId));
    }

    /** At a new revision. */
    void invalidateAll() {
        readings.clear();
    }

    /** When each facet of each physical id was read; facets may be read in parts, {@code attributes.x}: the oldest counts. */
    Map<String, Map<String, Instant>> agesByPhysicalId() {
        Map<String, Map<String, Instant>> all = new HashMap<>();
        readings.forEach((key, reading) -> {
            int dot = key.facet().indexOf('.');
            all.computeIfAbsent(key.physicalId(), k -> new TreeMap<>())
                    .merge(
                            dot < 0 ? key.facet() : key.facet().substring(0, dot),
                            reading.at(),
                            (a, b) -> a.isBefore(b) ? a : b);
        });
        return all;
    }
}
