package dev.holdfast.twin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until it is told to go on. Safe to be driven by one thread and read by others. */
public final class DrivenClock extends Clock {
    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    public DrivenClock(Instant start) {
        this(new AtomicReference<>(start), ZoneOffset.UTC);
    }

    private DrivenClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    /** @return the new time */
    public Instant advance(Duration by) {
        return now.updateAndGet(i -> i.plus(by));
    }

    @Override
    public Instant instant() {
        return now.get();
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Shows the same time: to advance one is to advance the other. */
    @Override
    public Clock withZone(ZoneId other) {
        return new DrivenClock(now, other);
    }
}
