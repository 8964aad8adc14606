package dev.holdfast.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One aspect of the status of a resource or stack. All conditions except Ready are present only while they are true.
 */
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
