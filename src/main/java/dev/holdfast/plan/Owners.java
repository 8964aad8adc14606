package dev.holdfast.plan;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which other controllers write a resource, or may begin to.
 *
 * @param delegation the controller that owns the resource now, in words, or null: the resource is never written then
 * @param shared components that a controller of the movers may write (the weights of a listener rule)
 * @param movers the resources that tell whether it may (ECS services)
 */
public record Owners(@Nullable String delegation, Set<String> shared, Set<ResourceId> movers) {
    public static final Owners OURS = new Owners(null, Set.of(), Set.of());

    /** Whether the step writes a component that is ours only while the movers say so. */
    public boolean concerns(Step step) {
        return step.changes().stream().anyMatch(c -> shared.contains(c.component()));
    }
}
