package dev.holdfast.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event in a stack. Its message claims only certain facts.
 *
 * @param id increases by one with each event of a stack; a new process continues at the next multiple of {@link
 *     #GENERATION}
 */
public record Event(
        long id,
        Instant at,
        String stack,
        @Nullable ResourceId resource,
        Severity severity,
        String reason,
        String message) {
    /** A new process begins with the first id of the next generation, so that no id is used twice. */
    public static final long GENERATION = 1_000_000;

    public enum Severity {
        Info,
        Warning,
        Alert,
        /** An alert is over. */
        Resolved
    }
}
