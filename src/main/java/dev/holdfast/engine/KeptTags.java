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
 * The last answers of the tagging API. If tags are a slow facet of every kind that requests a type, the type is read
 * again as seldom as a slow facet. While change events report every change, the same holds for the other types. After
 * any change, all types are read again at once. Safe for use by many threads.
 */
final class KeptTags {
    /** Resources on one page of the API. */
    private static final int PAGE = 100;

    private record TypeInRegion(String region, String resourceType) {}

    private final RotatedReads<TypeInRegion> fast = new RotatedReads<>();
    private final RotatedReads<TypeInRegion> slow = new RotatedReads<>();
    /** The types that are requested by a kind whose tags are not a slow facet. */
    private final Set<TypeInRegion> fastTypes = ConcurrentHashMap.newKeySet();

    private final AtomicLong changes = new AtomicLong();
    private volatile Instant now = Instant.EPOCH;

    /** @param ages the maximum ages of kept answers; below one interval, no answer is kept for the next pass */
    void beginPass(Instant at, Duration interval, ReadAges ages, PassBudget budget) {
        now = at;
        fast.beginPass(at, interval, ages.tags(), budget);
        slow.beginPass(at, interval, ages.facets(), budget);
    }

    void choose(PassBudget budget) {
        fast.choose(budget);
        slow.choose(budget);
    }

    /** A kind whose tags are not a slow facet requests this type. */
    void requestFast(String region, String resourceType) {
        fastTypes.add(new TypeInRegion(region, resourceType));
    }

    private RotatedReads<TypeInRegion> reads(TypeInRegion type) {
        return fastTypes.contains(type) ? fast : slow;
    }

    /** A resource has changed or may have changed. All answers are forgotten, also those of reads under way. */
    void forget() {
        changes.incrementAndGet();
        fast.forget(type -> true);
        slow.forget(type -> true);
    }

    /** The number of calls of {@link #forget}. */
    long changes() {
        return changes.get();
    }

    /** Tags by ARN; null if they have to be read. */
    @SuppressWarnings("unchecked") // the store contains only values of this type
    @Nullable
    Map<String, Map<String, String>> current(String region, String resourceType) {
        TypeInRegion type = new TypeInRegion(region, resourceType);
        KeptRead read = reads(type).current(type);
        return read == null ? null : (Map<String, Map<String, String>>) read.value();
    }

    /** The time at which this type was last read, if its tags are a slow facet; otherwise null. */
    @Nullable
    Instant slowReadAt(String region, String resourceType) {
        return slow.readAt(new TypeInRegion(region, resourceType));
    }

    /** @param since the value of {@link #changes} when the read began */
    void keep(String region, String resourceType, Map<String, Map<String, String>> tags, long since) {
        if (changes.get() == since) {
            TypeInRegion type = new TypeInRegion(region, resourceType);
            reads(type).keep(type, new KeptRead(tags, now, Math.ceilDiv(tags.size() + 1, PAGE)));
        }
    }
}
