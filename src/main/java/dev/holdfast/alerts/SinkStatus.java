package dev.holdfast.alerts;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of the deliveries to one sink.
 *
 * @param queued the number of alerts that wait
 * @param delivered the number of delivered alerts; this and the other counts begin at the start of the process
 * @param failures the number of failed attempts
 * @param dropped the number of alerts that Holdfast no longer tries to deliver
 * @param failingSince null: the last attempt succeeded
 * @param failure the reason why the last attempt failed, or null
 */
public record SinkStatus(
        String name,
        int queued,
        long delivered,
        long failures,
        long dropped,
        @Nullable Instant failingSince,
        @Nullable String failure) {}
