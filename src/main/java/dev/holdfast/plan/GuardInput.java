package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.StackSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the guard weighs a plan against.
 *
 * @param paused why the whole stack is paused, or null
 * @param pausedResources why single ones are
 * @param approved hashes of steps that somebody approved
 * @param upgraded the operator's version changed while the revision did not: everything is held
 * @param standings how each resource stands before this plan
 * @param retryAt when those that failed may be tried again
 * @param spent steps of each action that this pass has begun already
 */
public record GuardInput(
        StackSettings settings,
        Instant now,
        @Nullable String paused,
        Map<ResourceId, String> pausedResources,
        Set<String> approved,
        boolean upgraded,
        Map<ResourceId, Standing> standings,
        Map<ResourceId, Instant> retryAt,
        Spent spent) {
    /** What this pass has begun already and the limits count. */
    public record Spent(int deletes, int replaces, int updates, int rollouts) {
        public static final Spent NOTHING = new Spent(0, 0, 0, 0);

        public Spent plus(Action action, boolean rollout) {
            if (rollout) {
                return new Spent(deletes, replaces, updates, rollouts + 1);
            }
            return switch (action) {
                case Delete -> new Spent(deletes + 1, replaces, updates, rollouts);
                case Replace -> new Spent(deletes, replaces + 1, updates, rollouts);
                case Update -> new Spent(deletes, replaces, updates + 1, rollouts);
                case Create, Adopt, Forget, NoOp -> this;
            };
        }
    }
}
