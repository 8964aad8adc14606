package dev.holdfast.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One aspect of a resource's or stack's status; all but Ready are present only while true. */
public record Condition(
        ConditionType type,
        Health.Ready status,
        String reason,
        @Nullable String message,
        Instant since,
        @Nullable String observedRevision) {
    public enum ConditionType {
        Ready,
        Reconciling,
        Stalled,
        Paused
    }
}
