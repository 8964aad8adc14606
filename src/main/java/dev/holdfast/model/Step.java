package dev.holdfast.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan.
 *
 * @param physicalId of what the step acts on; null for a Create
 * @param after the resources that must be settled before this may begin
 * @param deleteFirst for Replace: the name is fixed, so the old one goes first
 * @param risky whether it deletes, replaces, rolls out or takes over: counted by limits, bound by its hash
 * @param rollout whether it starts a rollout
 * @param reason for display only
 * @param hash 16 hex digits: resource, physical id, action, risky changes, revision
 */
public record Step(
        ResourceId resource,
        Action action,
        @Nullable String physicalId,
        List<FieldChange> changes,
        Set<ResourceId> after,
        boolean deleteFirst,
        boolean risky,
        boolean rollout,
        String reason,
        String hash) {
    /** Whether it clears away what was replaced: no work on what stands in its place. */
    public boolean clearsAway() {
        return action == Action.Delete && !risky;
    }
}
