package dev.holdfast.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The rollout that Holdfast requested last.
 *
 * @param key the values of all fields that start a rollout
 * @param before AWS's id of the rollout before this one
 * @param failedId AWS's id of the rollout that failed; null until then
 * @param failure AWS's reason for the failure
 * @param retried whether the one automatic retry has been used, or is due
 * @param retryDue whether a retry, automatic or requested by a user, is decided and not sent yet: another process sends
 *     it if this one ends
 * @param beforeCounts whether the failure of the previous rollout counts as the failure of this one, if AWS still shows
 *     it when it should show this rollout. True if AWS accepted this rollout, or if it is a second try of the previous
 *     one. False if AWS perhaps never received the request
 */
public record RolloutMemory(
        String key,
        Instant at,
        @Nullable String before,
        @Nullable String failedId,
        @Nullable String failure,
        boolean retried,
        boolean retryDue,
        boolean beforeCounts) {
    /**
     * A rollout whose request is not sent yet.
     *
     * @param again whether this is a second try of the previous rollout
     */
    public static RolloutMemory requesting(
            String key, Instant at, @Nullable String before, boolean retried, boolean again) {
        return new RolloutMemory(key, at, before, null, null, retried, false, again);
    }

    /** The same rollout; if it failed, its retry is due. */
    RolloutMemory dueAgain() {
        return new RolloutMemory(key, at, before, failedId, failure, retried, failedId != null, beforeCounts);
    }

    RolloutMemory accepted(@Nullable RolloutMemory last) {
        return equals(last) ? this : new RolloutMemory(key, at, before, failedId, failure, retried, retryDue, true);
    }
}
