package dev.holdfast.engine;

import dev.holdfast.engine.RotatedReads.KeptRead;
import dev.holdfast.engine.RotatedReads.PassBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What the tagging API said last. While change events report every change, it is asked again as seldom as a slow facet is read, and
 * at once after any change. Safe for use by many threads.
 */
final class KeptTags {
    /** Resources on one page of the API. */
    private static final int PAGE = 100;

    private record TypeInRegion(String region, String resourceType) {}

    private final RotatedReads<TypeInRegion> reads = new RotatedReads<>();
    private final AtomicLong changes = new AtomicLong();
    private volatile Instant now = Instant.EPOCH;

    /** @param age that nothing kept may exceed; less than an interval: nothing is kept for the next pass */
    void beginPass(Instant at, Duration interval, Duration age, PassBudget budget) {
        now = at;
        reads.beginPass(at, interval, age, budget);
    }

    void choose(PassBudget budget) {
        reads.choose(budget);
    }

    /** Something changed, or may have: nothing is known any more, nor what is being read now. */
    void forget() {
        changes.incrementAndGet();
        reads.forget(type -> true);
    }

    /** How many times something has changed. */
    long changes() {
        return changes.get();
    }

    /** Tags by ARN; null: they are to be read. */
    @SuppressWarnings("unchecked") // it keeps nothing else
    @Nullable
    Map<String, Map<String, String>> current(String region, String resourceType) {
        KeptRead read = reads.current(new TypeInRegion(region, resourceType));
        return read == null ? null : (Map<String, Map<String, String>>) read.value();
    }

    /** @param since what {@link #changes} was when the read began */
    void keep(String region, String resourceType, Map<String, Map<String, String>> tags, long since) {
        if (changes.get() == since) {
            reads.keep(
                    new TypeInRegion(region, resourceType),
                    new KeptRead(tags, now, Math.ceilDiv(tags.size() + 1, PAGE)));
        }
    }
}
