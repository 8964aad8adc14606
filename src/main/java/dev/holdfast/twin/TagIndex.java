package dev.holdfast.twin;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinItem;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The resources that the tagging API returns: the state {@link Delay#TAGGING_INDEX} ago, with resources deleted since
 * then.
 *
 * <p>A snapshot reads the whole account. Therefore the index takes one before some writes only, and may lag by a
 * quarter more than the delay.
 */
final class TagIndex {
    private static final Duration CLOSEST = Duration.ofSeconds(1);

    /** @param since the time from which the snapshot is true: that of the last write before it */
    private record Snapshot(Instant since, Instant taken, Map<String, List<TwinItem>> byRegion) {}

    private final ArrayDeque<Snapshot> snapshots = new ArrayDeque<>();
    private @Nullable Instant lastWrite;
    private @Nullable Snapshot settled;

    /** @param state the present state of all regions */
    void beforeWrite(Instant now, Duration lag, Supplier<Map<String, List<TwinItem>>> state) {
        Duration quarter = lag.dividedBy(4);
        Duration apart = quarter.compareTo(CLOSEST) < 0 ? CLOSEST : quarter;
        if (lag.isZero()) {
            snapshots.clear();
        } else if (snapshots.isEmpty()
                || !snapshots.getLast().taken().plus(apart).isAfter(now)) {
            Instant since = lastWrite == null ? Instant.MIN : lastWrite;
            snapshots.addLast(new Snapshot(since, now, state.get()));
            prune(now.minus(lag));
        }
        lastWrite = now;
    }

    /** @param state the present state of all regions */
    List<TwinItem> visible(Instant now, Duration lag, String region, Supplier<Map<String, List<TwinItem>>> state) {
        Instant horizon = now.minus(lag);
        Instant last = lastWrite;
        Map<String, List<TwinItem>> seen;
        if (last == null || lag.isZero()) {
            seen = state.get();
        } else if (snapshots.isEmpty() || !last.isAfter(horizon)) {
            seen = settled(now, last, state);
        } else {
            prune(horizon);
            seen = snapshots.getFirst().byRegion();
        }
        return seen.getOrDefault(region, List.of());
    }

    /** Without this snapshot, each page of a long list would read the whole inventory again. */
    private Map<String, List<TwinItem>> settled(
            Instant now, Instant last, Supplier<Map<String, List<TwinItem>>> state) {
        Snapshot known = settled;
        if (known == null
                || !known.since().equals(last)
                || !known.taken().plus(CLOSEST).isAfter(now)) {
            known = new Snapshot(last, now, state.get());
            settled = known;
        }
        return known.byRegion();
    }

    /** Removes the older snapshots, so that the first one is the newest that was true at the horizon. */
    private void prune(Instant horizon) {
        while (snapshots.size() > 1) {
            Snapshot first = snapshots.removeFirst();
            if (snapshots.getFirst().since().isAfter(horizon)) {
                snapshots.addFirst(first);
                return;
            }
        }
    }
}
