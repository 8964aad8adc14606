package dev.holdfast.plan;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that is tried again if it fails: on a resource, or on one object that the resource replaced. The two do not
 * wait for each other.
 *
 * @param replaced the physical id of the replaced object, or null
 */
public record Attempt(ResourceId resource, @Nullable String replaced) {
    public static Attempt on(ResourceId resource) {
        return new Attempt(resource, null);
    }

    public static Attempt of(Step step) {
        return new Attempt(step.resource(), step.clearsAway() ? step.physicalId() : null);
    }
}
