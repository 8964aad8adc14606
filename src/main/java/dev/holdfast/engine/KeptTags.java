package dev.holdfast.engine;

import dev.holdfast.engine.RotatedReads.KeptRead;
import dev.holdfast.engine.RotatedReads.PassBudget;
import dev.holdfast.engine.SlowFacets.ReadAges;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the tagging API said last. Where tags are a slow facet of every kind that asks for a type, it is asked again as seldom as
 * one is read; while change events report every change, so it is of the other types; and of all at once after any change. Safe for
 * use by many threads.
 */
final class KeptTags {
    /** Resources on one page of the API. */
    private static final int PAGE = 100;

    private record TypeInRegion(String region, String resourceType) {}

    private final RotatedReads<TypeInRegion> fast = new RotatedReads<>();
    private final RotatedReads<TypeInRegion> slow = new RotatedReads<>();
    /** Those that a kind asks for whose tags are no slow facet. */
    private final Set<TypeInRegion> askedFast = ConcurrentHashMap.newKeySet();

    private final AtomicLong changes = new AtomicLong();
    private volatile Instant now = Instant.EPOCH;

    /** @param ages that nothing kept may exceed; less than an interval: nothing is kept for the next pass */
    void beginPass(Instant at, Duration interval, ReadAges ages, PassBudget budget) {
        now = at;
        fast.beginPass(at, interval, ages.tags(), budget);
        slow.beginPass(at, interval, ages.facets(), budget);
    }

    void choose(PassBudget budget) {
        fast.choose(budget);
        slow.choose(budget);
    }

    /** A kind whose tags are no slow facet asks for this type. */
    void askedFast(String region, String resourceType) {
        askedFast.add(new TypeInRegion(region, resourceType));
    }

    private RotatedReads<TypeInRegion> reads(TypeInRegion type) {
        return askedFast.contains(type) ? fast : slow;
    }

    /** Something changed, or may have: nothing is known any more, nor what is being read now. */
    void forget() {
        changes.incrementAndGet();
        fast.forget(type -> true);
        slow.forget(type -> true);
    }

    /** How many times something has changed. */
    long changes() {
        return changes.get();
    }

    /** Tags by ARN; null: they are to be read. */
    @SuppressWarnings("unchecked") // it keeps nothing else
    @Nullable
    Map<String, Map<String, String>> current(String region, String resourceType) {
        TypeInRegion type = new TypeInRegion(region, resourceType);
        KeptRead read = reads(type).current(type);
        return read == null ? null : (Map<String, Map<String, String>>) read.value();
    }

    /** When this type was read last, if its tags are a slow facet; else null. */
    @Nullable
    Instant slowReadAt(String region, String resourceType) {
        return slow.readAt(new TypeInRegion(region, resourceType));
    }

    /** @param since what {@link #changes} was when the read began */
    void keep(String region, String resourceType, Map<String, Map<String, String>> tags, long since) {
        if (changes.get() == since) {
            TypeInRegion type = new TypeInRegion(region, resourceType);
            reads(type).keep(type, new KeptRead(tags, now, Math.ceilDiv(tags.size() + 1, PAGE)));
        }
    }
}
