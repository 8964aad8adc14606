package dev.holdfast.twin.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How reliably events of AWS reach the targets of EventBridge's rules. Initially each event arrives once and in order.
 */
public final class EventSettings {
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean trail;
    private volatile boolean twice;
    private volatile int loseEvery;
    private volatile Duration jitter = Duration.ZERO;
    private volatile Duration late = Duration.ZERO;

    /** Gives each account one more trail, which logs the management events of all regions. */
    public EventSettings trail(boolean there) {
        trail = there;
        return this;
    }

    public boolean trail() {
        return trail;
    }

    /** Delivers each event twice. */
    public EventSettings twice(boolean each) {
        twice = each;
        return this;
    }

    public boolean twice() {
        return twice;
    }

    /** Loses every n-th event from now on; 1: all, 0: none. */
    public EventSettings loseEvery(int n) {
        sent.set(0);
        loseEvery = n;
        return this;
    }

    /** Counts an event. @return whether this event is lost */
    public boolean losesNext() {
        int every = loseEvery;
        return sent.incrementAndGet() % Math.max(1, every) == 0 && every > 0;
    }

    /** Delays each delivery by a random time of at most this duration, so that events overtake each other. */
    public EventSettings jitter(Duration most) {
        jitter = most;
        return this;
    }

    public Duration jitter() {
        return jitter;
    }

    /** Delays each event that happens from now on by this duration in addition to {@link Delay#EVENT}. */
    public EventSettings late(Duration by) {
        late = by;
        return this;
    }

    public Duration late() {
        return late;
    }
}
