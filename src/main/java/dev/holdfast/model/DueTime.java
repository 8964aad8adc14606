package dev.holdfast.model;

import java.time.Duration;
import java.time.Instant;

/**
 * A time in memory at which something is due. The wall clock may go back (a correction by NTP, a restored virtual
 * machine): a time that was set before it went back would lie far in the future, so that it counts as reached.
 *
 * @param setAt the time at which {@code at} was decided
 * @param at the time at which it is due; {@link Instant#MAX}: never
 */
public record DueTime(Instant setAt, Instant at) {
    /** A clock that went back by less delays everything by less, and a time may be decided while another thread reads. */
    private static final Duration SLACK = Duration.ofSeconds(5);

    /** Due since ever. */
    public static final DueTime NOW = new DueTime(Instant.EPOCH, Instant.MIN);

    /** Never due. */
    public static final DueTime NEVER = new DueTime(Instant.EPOCH, Instant.MAX);

    /** Due when this time is over. */
    public static DueTime after(Instant now, Duration pause) {
        return new DueTime(now, now.plus(pause));
    }

    public boolean isDue(Instant now) {
        return !now.isBefore(at) || (!at.equals(Instant.MAX) && wentBack(setAt, now));
    }

    /** The time that is left; zero if it is due. */
    public Duration left(Instant now) {
        return isDue(now) ? Duration.ZERO : Duration.between(now, at);
    }

    /** Whether the clock went back since it showed the first time. */
    public static boolean wentBack(Instant seen, Instant now) {
        return now.isBefore(seen.minus(SLACK));
    }

    /** Due as soon as one of both is. */
    public DueTime or(DueTime other) {
        return new DueTime(setAt.isAfter(other.setAt) ? setAt : other.setAt, at.isBefore(other.at) ? at : other.at);
    }
}
