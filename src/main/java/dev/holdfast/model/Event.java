package dev.holdfast.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, in words that are exactly true.
 *
 * @param id rises by one with each event of a stack
 */
public record Event(
        long id,
        Instant at,
        String stack,
        @Nullable ResourceId resource,
        Severity severity,
        String reason,
        String message) {
    public enum Severity {
        Info,
        Warning,
        Alert,
        /** An alert is over. */
        Resolved
    }
}
