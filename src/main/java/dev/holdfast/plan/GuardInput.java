package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.GuardedChange;
import dev.holdfast.model.PolicySet;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.RevisionAuthor;
import dev.holdfast.model.StackSettings;
import dev.holdfast.model.Step;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the guard checks a plan against.
 *
 * @param paused why the whole stack is paused, or null
 * @param pausedResources why single ones are
 * @param approved hashes of approved steps
 * @param upgraded the operator's version changed while the revision did not: everything is held
 * @param standings how each resource stands before this plan
 * @param retryAt when those that failed may be tried again
 * @param begun by this pass already, with those of this plan counted by the limits
 * @param undecided why it cannot be told yet whether the state was lost, or null
 * @param limits that count: a revision cannot lift those under which it is enforced
 * @param overLimit hashes of steps that a limit has held: each waits for its own approval
 * @param guarded what the guardrails say
 */
public record GuardInput(
        StackSettings settings,
        Instant now,
        @Nullable String paused,
        Map<ResourceId, String> pausedResources,
        Set<String> approved,
        boolean upgraded,
        Map<ResourceId, DependencyState> standings,
        Map<Attempt, Instant> retryAt,
        Set<BegunStep> begun,
        @Nullable String undecided,
        StackSettings.Limits limits,
        Set<String> overLimit,
        GuardedInput guarded) {
    /**
     * What the guardrails say of the plan.
     *
     * @param forbidden why nothing may be written, or null
     * @param requireApproval the changes that wait for a person
     * @param policies that each step has to comply with
     * @param author who published the revision
     */
    public record GuardedInput(
            @Nullable String forbidden, Set<GuardedChange> requireApproval, PolicySet policies, RevisionAuthor author) {
        public static final GuardedInput NOTHING =
                new GuardedInput(null, Set.of(), PolicySet.NONE, RevisionAuthor.UNKNOWN);
    }

    /** A step as a limit counts it: once, however many calls it takes. */
    public record BegunStep(
            ResourceId resource,
            Action action,
            boolean rollout,
            @Nullable String extra) {
        public static BegunStep of(Step step) {
            return new BegunStep(
                    step.resource(), step.action(), step.rollout(), step.extra() ? step.physicalId() : null);
        }

        /** Rollouts have a limit of their own, whatever starts them. */
        boolean alike(BegunStep other) {
            return rollout == other.rollout && (rollout || action == other.action);
        }
    }
}
