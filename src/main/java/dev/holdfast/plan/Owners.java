package dev.holdfast.plan;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other controllers that write a resource or may begin to write it.
 *
 * @param delegation the controller that owns the resource now, as text, so that Holdfast never writes it; null if none
 *     does
 * @param shared the components that the controller of a mover may write (the weights of a listener rule)
 * @param movers the resources that show whether such a controller is active (ECS services)
 */
public record Owners(@Nullable String delegation, Set<String> shared, Set<ResourceId> movers) {
    public static final Owners OURS = new Owners(null, Set.of(), Set.of());

    /** Whether the step writes a component that is ours only while no mover delegates it. */
    public boolean concerns(Step step) {
        return step.changes().stream().anyMatch(c -> shared.contains(c.component()));
    }
}
