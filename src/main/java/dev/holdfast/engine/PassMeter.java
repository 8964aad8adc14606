package dev.holdfast.engine;

import dev.holdfast.aws.CallContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Counts the calls of successive passes, although a step may end in a later pass than it began. */
final class PassMeter {
    private final CallContext context;
    private Map<String, Long> counted = Map.of();
    private long writes;
    private Instant startedAt = Instant.EPOCH;
    private long startedNanos;

    PassMeter(CallContext context) {
        this.context = context;
    }

    CallContext context() {
        return context;
    }

    void begin(Instant now) {
        startedAt = now;
        startedNanos = System.nanoTime();
    }

    /** The report of the calls since the last pass ended. */
    PassReport end() {
        Map<String, Long> all = context.requests();
        Map<String, Long> sent = new TreeMap<>(all);
        counted.forEach((operation, before) -> sent.merge(operation, -before, Long::sum));
        sent.values().removeIf(count -> count == 0);
        long written = context.writes();
        PassReport report = new PassReport(
                startedAt,
                Duration.ofNanos(System.nanoTime() - startedNanos).toMillis(),
                sent,
                written - writes,
                context.longestChain());
        counted = all;
        writes = written;
        return report;
    }
}
