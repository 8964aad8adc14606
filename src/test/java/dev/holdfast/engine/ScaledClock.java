package dev.holdfast.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/** A clock that advances by itself, faster than the machine's by a factor. */
final class ScaledClock extends UtcClock {
    private final double speed;
    private final Instant start;
    private final long startNanos = System.nanoTime();

    ScaledClock(double speed, Instant start) {
        this.speed = speed;
        this.start = start;
    }

    long nanos() {
        return (long) ((System.nanoTime() - startNanos) * speed);
    }

    /** Waits until this time has passed on this clock. */
    void pause(Duration time) {
        long end = nanos() + time.toNanos();
        for (long rest = time.toNanos(); rest > 0; rest = end - nanos()) {
            LockSupport.parkNanos((long) (rest / speed));
        }
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanos());
    }
}
