package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Required;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.CapacityProviderStrategyItem;

/** One capacity provider's share of the tasks, in the form that AWS gives back. */
public record StrategyItem(
        @Doc("FARGATE, FARGATE_SPOT or the name of another provider.") @Required @Nullable
        String capacityProvider,

        @Doc("Its part of the tasks, relative to the others; 0 if it is not said.") @Nullable
        Integer weight,

        @Doc("How many tasks run on it at least; 0 if it is not said.") @Nullable
        Integer base) {
    public StrategyItem {
        weight = weight == null ? Integer.valueOf(0) : weight;
        base = base == null ? Integer.valueOf(0) : base;
    }

    static @Nullable List<StrategyItem> sorted(@Nullable List<StrategyItem> items) {
        return items == null ? null : Ecs.sorted(items, StrategyItem::capacityProvider);
    }

    static List<StrategyItem> from(Collection<CapacityProviderStrategyItem> items) {
        return items.stream()
                .map(i -> new StrategyItem(i.capacityProvider(), i.weight(), i.base()))
                .toList();
    }

    static @Nullable List<CapacityProviderStrategyItem> sdk(@Nullable List<StrategyItem> items) {
        return items == null
                ? null
                : items.stream()
                        .map(i -> CapacityProviderStrategyItem.builder()
                                .capacityProvider(i.capacityProvider())
                                .weight(i.weight())
                                .base(i.base())
                                .build())
                        .toList();
    }
}
