package dev.holdfast.twin.store;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How well AWS's own events reach the targets of EventBridge's rules: at first once each, in order, and none is lost. */
public final class EventSettings {
    private final AtomicLong sent = new AtomicLong();
    private volatile boolean trail;
    private volatile boolean twice;
    private volatile int loseEvery;
    private volatile Duration jitter = Duration.ZERO;
    private volatile Duration late = Duration.ZERO;

    /** Each account has a trail that logs the management events of all regions, besides those that are created. */
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

    /** Counts an event. @return whether it is one of those that get lost */
    public boolean losesNext() {
        int every = loseEvery;
        return sent.incrementAndGet() % Math.max(1, every) == 0 && every > 0;
    }

    /** Each delivery is late by a random time up to this, so that events overtake each other. */
    public EventSettings jitter(Duration most) {
        jitter = most;
        return this;
    }

    public Duration jitter() {
        return jitter;
    }

    /** Each event that happens from now on is late by this, besides {@link Delay#EVENT}. */
    public EventSettings late(Duration by) {
        late = by;
        return this;
    }

    public Duration late() {
        return late;
    }
}
