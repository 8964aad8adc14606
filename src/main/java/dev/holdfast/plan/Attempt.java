package dev.holdfast.plan;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import org.jspecify.annotations.Nullable;

/**
 * Work that is retried after a failure: on a resource, or on one object that the resource replaced or that is its copy.
 * The attempts on both do not wait for each other.
 *
 * @param extra the physical id of the replaced object or the copy, or null
 */
public record Attempt(ResourceId resource, @Nullable String extra) {
    public static Attempt on(ResourceId resource) {
        return new Attempt(resource, null);
    }

    public static Attempt of(Step step) {
        return new Attempt(step.resource(), step.extra() ? step.physicalId() : null);
    }
}
