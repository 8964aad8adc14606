package dev.holdfast.twin;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that stands still until {@link #advance} moves it. One thread may move it while others read it. */
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

    /** The copy shares the time of this clock: an advance of one clock moves both. */
    @Override
    public Clock withZone(ZoneId other) {
        return new DrivenClock(hand, other);
    }
}
