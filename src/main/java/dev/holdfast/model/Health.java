package dev.holdfast.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The resource's own health (the Ready condition). It is independent of whether the resource is as desired.
 *
 * @param overdue the reason that holds instead if this health lasts too long; null: none
 */
public record Health(
        Ready ready,
        String reason,
        @Nullable String message,
        @Nullable Overdue overdue) {
    public static final Health AVAILABLE = new Health(Ready.True, "Available", null);

    /** The reason of a secret whose rotation is under way, or has failed. */
    public static final String ROTATION_PENDING = "RotationPending";

    /** The reason of a secret whose rotation has begun and does not end. An alert reports it. */
    public static final String ROTATION_STUCK = "RotationStuck";

    public enum Ready {
        True,
        False,
        Unknown
    }

    /** @param at the time from which the reason holds */
    public record Overdue(Instant at, String reason, String message) {}

    public Health(Ready ready, String reason, @Nullable String message) {
        this(ready, reason, message, null);
    }

    public static Health notReady(String reason, @Nullable String message) {
        return new Health(Ready.False, reason, message);
    }

    public static Health unknown(String reason, @Nullable String message) {
        return new Health(Ready.Unknown, reason, message);
    }

    /** The same health, with the reason that holds if it lasts until the given time. */
    public Health overdue(Instant at, String late, String why) {
        return new Health(ready, reason, message, new Overdue(at, late, why));
    }

    /** The health with the reason that holds at the given time. */
    public Health at(Instant now) {
        return overdue == null || now.isBefore(overdue.at())
                ? this
                : new Health(ready, overdue.reason(), overdue.message());
    }
}
