package dev.holdfast.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.locks.LockSupport;

/** A clock that runs by itself, so many times faster than the machine's. */
final class ScaledClock extends Clock {
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

    /** Lets that much time of this clock go by. */
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

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
