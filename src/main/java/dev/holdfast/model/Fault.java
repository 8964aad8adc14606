package dev.holdfast.model;

import org.jspecify.annotations.Nullable;

/**
 * The failure of a call, in one category that decides how to react.
 *
 * @param code AWS's error code, or the exception's simple name if there was no answer
 * @param operation {@code service:Operation}, or empty if no call was made
 */
public record Fault(
        Category category,
        String code,
        String message,
        String operation,
        @Nullable String requestId) {
    public enum Category {
        /** The object does not exist. */
        ABSENT,
        /** The name is taken. */
        EXISTS,
        /**
         * Another owner has an additional name that the spec requests: the resource stalls and is retried in 5 minutes.
         */
        TAKEN,
        /** The object is busy with another change: the call is retried in 15 s. */
        CONFLICT,
        /**
         * The object is in use, or an object that it needs has not propagated yet: the call is retried over a long
         * time.
         */
        DEPENDENCY,
        /** The service throttles the calls: all calls to the service slow down. */
        THROTTLED,
        /** There was no answer, or a temporary failure: the calls for this resource back off. */
        TRANSIENT,
        /** A quota of the account is reached. */
        QUOTA,
        /** The permission is missing: the call is retried in 5 minutes, and an alert is sent. */
        DENIED,
        /** The call cannot succeed as long as the spec stays the same: the resource stalls until the spec changes. */
        INVALID,
        /** The failure is unknown to us. */
        UNKNOWN
    }

    /** The call, the code and the message, in one line. */
    public String inWords() {
        return (operation.isBlank() ? "" : operation + ": ") + code + ": " + message;
    }

    /** The same fault with a text appended to its message. */
    public Fault saying(String more) {
        return new Fault(category, code, message + more, operation, requestId);
    }
}
