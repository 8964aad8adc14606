package dev.holdfast.model;

import org.jspecify.annotations.Nullable;

/**
 * What went wrong in a call, in one category that says what to do about it.
 *
 * @param code AWS's error code, or the exception's simple name where there was no answer
 * @param operation {@code service:Operation}, or empty where no call was made
 */
public record Fault(
        Category category,
        String code,
        String message,
        String operation,
        @Nullable String requestId) {
    public enum Category {
        /** It is not there. */
        ABSENT,
        /** The name is taken. */
        EXISTS,
        /** Busy with something else: again in 15 s. */
        CONFLICT,
        /** In use, or what it needs has not propagated: again, over a long deadline. */
        DEPENDENCY,
        /** The service wants fewer calls: backs off the service. */
        THROTTLED,
        /** No answer, or an answer of no consequence: backs off the resource. */
        TRANSIENT,
        /** A limit of the account. */
        QUOTA,
        /** Not allowed: again in 5 minutes, with an alert. */
        DENIED,
        /** Never right, as the spec stands: stalls until it changes. */
        INVALID,
        /** Nothing that we know. */
        UNKNOWN
    }

    /** The same, with more to read at the end. */
    public Fault saying(String more) {
        return new Fault(category, code, message + more, operation, requestId);
    }
}
