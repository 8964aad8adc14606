package dev.holdfast.model;

import org.jspecify.annotations.Nullable;

/**
 * How the newest rollout that somebody asked for goes; a rollback that AWS began by itself counts as the failure of
 * what it rolls back.
 *
 * @param id AWS's own name of it (a deployment id), so that two tries of one thing are told apart
 * @param reason AWS's own words
 */
public record Rollout(
        String id, RolloutState state, @Nullable String reason) {
    public enum RolloutState {
        InProgress,
        Completed,
        Failed
    }
}
