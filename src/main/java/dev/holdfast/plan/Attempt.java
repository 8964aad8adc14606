package dev.holdfast.plan;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that is tried again if it fails: on a resource, or on one object that it replaced or that is a copy of it.
 * The two do not wait for each other.
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
