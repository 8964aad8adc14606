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
 * The input of the guard's check of a plan.
 *
 * @param paused the reason why the whole stack is paused, or null
 * @param pausedResources the reasons why single resources are paused
 * @param approved the hashes of approved steps
 * @param upgraded the resources whose steps are held because the operator's version changed and the revision did not
 * @param dependencyStates the state of each resource as a dependency, before this plan
 * @param retryAt the times at which failed attempts may be retried
 * @param begun the steps that were begun before, and that the limits count together with the steps of this plan
 * @param unreadDeletions resources that are no longer desired and cannot be read: each may be deleted later
 * @param undecided the reason why it is not known yet whether the state was lost, or null
 * @param limits the limits that apply; a revision cannot raise the limits under which it is enforced
 * @param overLimit the hashes of steps that a limit has held; each waits for its own approval
 * @param guarded the rules of the guardrails
 */
public record GuardInput(
        StackSettings settings,
        Instant now,
        @Nullable String paused,
        Map<ResourceId, String> pausedResources,
        Set<String> approved,
        Set<ResourceId> upgraded,
        Map<ResourceId, DependencyState> dependencyStates,
        Map<Attempt, Instant> retryAt,
        Set<BegunStep> begun,
        Set<ResourceId> unreadDeletions,
        @Nullable String undecided,
        StackSettings.Limits limits,
        Set<String> overLimit,
        GuardedInput guarded) {
    /**
     * The rules of the guardrails for the plan.
     *
     * @param forbidden the reason why nothing may be written, or null
     * @param requireApproval the classes of changes that need an approval
     * @param policies the policies that each step has to comply with
     * @param author the author of the revision
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

        /** Whether one limit counts both steps. Rollouts have a limit of their own, whatever starts them. */
        boolean alike(BegunStep other) {
            return rollout == other.rollout && (rollout || action == other.action);
        }
    }
}
