package dev.holdfast.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened. The message claims no more than what is certain.
 *
 * @param id increases by one with each event of a stack, and to the next multiple of {@link #GENERATION} with a new process
 */
public record Event(
        long id,
        Instant at,
        String stack,
        @Nullable ResourceId resource,
        Severity severity,
        String reason,
        String message) {
    /** A process begins with the first id of the next generation, so that it gives none again. */
    public static final long GENERATION = 1_000_000;

    public enum Severity {
        Info,
        Warning,
        Alert,
        /** An alert is over. */
        Resolved
    }
}
