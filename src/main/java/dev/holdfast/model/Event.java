package dev.holdfast.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. The message claims no more than what is certain.
 *
 * @param id increases by one with each event of a stack
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
