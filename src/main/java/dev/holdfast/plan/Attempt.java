package dev.holdfast.plan;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import org.jspecify.annotations.Nullable;

/**
 * What is tried, and tried again if it fails: work on a resource, or on one physical thing that was replaced. The one does
 * not wait for the other.
 *
 * @param replaced the physical id of what was replaced, or null
 */
public record Attempt(ResourceId resource, @Nullable String replaced) {
    public static Attempt on(ResourceId resource) {
        return new Attempt(resource, null);
    }

    public static Attempt of(Step step) {
        return new Attempt(step.resource(), step.clearsAway() ? step.physicalId() : null);
    }
}
