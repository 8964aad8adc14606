package dev.holdfast.alerts;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A sink has not accepted an alert. The message is shown to people and therefore contains no secret address. */
public final class NotDeliveredException extends Exception {
    private final boolean retryable;
    private final @Nullable Duration notBefore;

    private NotDeliveredException(String message, boolean retryable, @Nullable Duration notBefore) {
        super(message);
        this.retryable = retryable;
        this.notBefore = notBefore;
    }

    static NotDeliveredException tryAgain(String message) {
        return new NotDeliveredException(message, true, null);
    }

    static NotDeliveredException tryAgainIn(Duration time, String message) {
        return new NotDeliveredException(message, true, time);
    }

    /** The sink would refuse the same alert again. */
    static NotDeliveredException refused(String message) {
        return new NotDeliveredException(message, false, null);
    }

    boolean retryable() {
        return retryable;
    }

    /** The time during which the sink wants no further attempts, or null. */
    @Nullable
    Duration notBefore() {
        return notBefore;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
