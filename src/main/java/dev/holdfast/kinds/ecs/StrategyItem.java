package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.*;
import org.jspecify.annotations.Nullable;

/** One capacity provider's share of the tasks, in the form that AWS gives back. */
public record StrategyItem(
        @Doc("FARGATE, FARGATE_SPOT or the name of another provider.") @Required @Nullable
        String capacityProvider,

        @Doc("Its part of the tasks, relative to the others; 0 if absent.") @Range(min = 0, max = 1000) @Nullable
        Integer weight,

        @Doc("How many tasks run on it at least; 0 if absent.") @Range(min = 0, max = 100_000) @Nullable
        Integer base) {
    public StrategyItem {
        weight = Ecs.orElse(weight, 0);
        base = Ecs.orElse(base, 0);
    }
}
