package dev.holdfast.twin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until it is told to go on. Safe to be driven by one thread and read by others. */
public final class DrivenClock extends Clock {
    private static final class Hand {
        private Instant at;

        private Hand(Instant at) {
            this.at = at;
        }

        synchronized Instant move(Duration by) {
            at = at.plus(by);
            return at;
        }
    }

    private final Hand hand;
    private final ZoneId zone;

    public DrivenClock(Instant start) {
        this(new Hand(start), ZoneOffset.UTC);
    }

    private DrivenClock(Hand hand, ZoneId zone) {
        this.hand = hand;
        this.zone = zone;
    }

    /** @return the new time */
    public Instant advance(Duration by) {
        return hand.move(by);
    }

    @Override
    public Instant instant() {
        return hand.move(Duration.ZERO);
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    /** Shows the same time: to advance one is to advance the other. */
    @Override
    public Clock withZone(ZoneId other) {
        return new DrivenClock(hand, other);
    }
}
