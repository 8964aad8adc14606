package dev.holdfast.alerts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a sink fares.
 *
 * @param queued what waits for it
 * @param delivered since the process started, as are the other counts
 * @param failures tries that failed
 * @param dropped what was given up
 * @param failingSince null: the last try went well
 * @param failure why the last try failed, or null
 */
public record SinkStatus(
        String name,
        int queued,
        long delivered,
        long failures,
        long dropped,
        @Nullable Instant failingSince,
        @Nullable String failure) {}
