package dev.holdfast.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The state of the newest rollout that was requested. A rollback that AWS began by itself counts as the failure of
 * the rollout that it reverts.
 *
 * @param id AWS's deployment id, which tells two attempts of the same change apart
 * @param reason the reason in AWS's own words
 */
public record Rollout(
        String id, RolloutState state, @Nullable String reason) {
    /** Whether the reason may end by itself once a dependency has changed: a task could not read a secret, for example. */
    public boolean mayPass() {
        String text = reason == null ? "" : reason.toLowerCase(Locale.ROOT);
        return text.contains("resourceinitializationerror") || text.contains("accessdenied");
    }

    public enum RolloutState {
        InProgress,
        Completed,
        Failed
    }
}
