package dev.holdfast.alerts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of the deliveries to one sink.
 *
 * @param queued the number of alerts that wait
 * @param delivered the number since the process started, as with the other counts
 * @param failures the number of failed attempts
 * @param dropped the number of alerts that were given up
 * @param failingSince null: the last attempt succeeded
 * @param failure why the last attempt failed, or null
 */
public record SinkStatus(
        String name,
        int queued,
        long delivered,
        long failures,
        long dropped,
        @Nullable Instant failingSince,
        @Nullable String failure) {}
