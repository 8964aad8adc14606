package dev.holdfast.model;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan.
 *
 * @param physicalId the object that the step acts on; null for a Create
 * @param after the resources that must be settled before this step may begin
 * @param deleteFirst for Replace: the name is fixed, so the old object is deleted before the new one is created
 * @param risky whether the step deletes, replaces, rolls out or adopts; risky steps count towards the limits and are
 *     bound by their hash
 * @param rollout whether the step starts a rollout
 * @param extra whether the step deletes a replaced object or a copy, and not the resource itself
 * @param reason for display only
 * @param hash 16 hex digits over resource, physical id, action, risky changes and revision
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
        boolean extra,
        String reason,
        String hash) {}
