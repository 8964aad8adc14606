package dev.holdfast.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rollout that we asked for last.
 *
 * @param key the values of all fields that start a rollout
 * @param before AWS's id of the rollout before this one
 * @param failedId AWS's id of the rollout that failed, once it has
 * @param failure AWS's own reason
 * @param retried whether its one retry by itself has been used
 * @param beforeCounts whether the failure of the rollout before, if it still shows once this one has to, is this one's too:
 *     AWS accepted this one, or this one is a second try of that one. False where AWS was perhaps never asked for this one
 */
public record RolloutMemory(
        String key,
        Instant at,
        @Nullable String before,
        @Nullable String failedId,
        @Nullable String failure,
        boolean retried,
        boolean beforeCounts) {
    /**
     * A rollout that AWS has not been asked for yet.
     *
     * @param again whether it is a second try of the rollout before
     */
    public static RolloutMemory requesting(
            String key, Instant at, @Nullable String before, boolean retried, boolean again) {
        return new RolloutMemory(key, at, before, null, null, retried, again);
    }

    RolloutMemory accepted(@Nullable RolloutMemory last) {
        return equals(last) ? this : new RolloutMemory(key, at, before, failedId, failure, retried, true);
    }
}
