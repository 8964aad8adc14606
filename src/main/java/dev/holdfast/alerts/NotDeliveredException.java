package dev.holdfast.alerts;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A sink has not taken what it was given. Its message is shown to people, and names no address that is a secret. */
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

    /** It would refuse the same again. */
    static NotDeliveredException refused(String message) {
        return new NotDeliveredException(message, false, null);
    }

    boolean retryable() {
        return retryable;
    }

    /** How long it wants to be left alone, or null. */
    @Nullable
    Duration notBefore() {
        return notBefore;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
