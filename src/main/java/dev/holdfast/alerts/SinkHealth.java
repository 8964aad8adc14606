package dev.holdfast.alerts;

import dev.holdfast.model.DueTime;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Counts the deliveries of a sink and decides when to retry. Safe for use by many threads. */
final class SinkHealth {
    private static final Duration FIRST = Duration.ofSeconds(2);
    private static final Duration MOST = Duration.ofMinutes(5);

    private final String name;
    private long delivered;
    private long failures;
    private long dropped;
    private int inARow;
    private DueTime nextTry = DueTime.NOW;
    private @Nullable Instant failingSince;
    private @Nullable String failure;

    SinkHealth(String name) {
        this.name = name;
    }

    /** @return whether the previous attempt had failed */
    synchronized boolean delivered() {
        boolean recovered = inARow > 0;
        delivered++;
        inARow = 0;
        nextTry = DueTime.NOW;
        failingSince = null;
        failure = null;
        return recovered;
    }

    /** @return whether this is the first failure in a row */
    synchronized boolean failed(NotDeliveredException e, Instant now) {
        failures++;
        inARow++;
        failure = e.reason();
        failingSince = failingSince == null ? now : failingSince;
        Duration backoff = FIRST.multipliedBy(1L << Math.min(inARow - 1, 10));
        Duration wanted = e.notBefore();
        nextTry = DueTime.after(now, least(wanted == null ? backoff : wanted));
        return inARow == 1;
    }

    private static Duration least(Duration time) {
        return time.compareTo(MOST) > 0 ? MOST : time;
    }

    synchronized void dropped() {
        dropped++;
    }

    synchronized boolean mayTry(Instant now) {
        return nextTry.isDue(now);
    }

    synchronized SinkStatus status(int queued) {
        return new SinkStatus(name, queued, delivered, failures, dropped, failingSince, failure);
    }
}
