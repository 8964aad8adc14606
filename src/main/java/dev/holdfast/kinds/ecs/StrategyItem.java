package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.*;
import org.jspecify.annotations.Nullable;

/** The share of one capacity provider in the tasks of a service, in the form that ECS returns. */
public record StrategyItem(
        @Doc("The capacity provider: FARGATE, FARGATE_SPOT or the name of another provider.") @Required @Nullable
        String capacityProvider,

        @Doc("The provider's share of the tasks, relative to the other providers; 0 if absent.")
        @Range(min = 0, max = 1000)
        @Nullable
        Integer weight,

        @Doc("The minimum number of tasks that run on the provider; 0 if absent.")
        @Range(min = 0, max = 100_000)
        @Nullable
        Integer base) {
    public StrategyItem {
        weight = Ecs.orElse(weight, 0);
        base = Ecs.orElse(base, 0);
    }
}
