package dev.holdfast.model;

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
    public enum RolloutState {
        InProgress,
        Completed,
        Failed
    }
}
