package dev.holdfast.twin.ecs;

import software.amazon.awssdk.services.ecs.model.*;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a deployment brings: a change to any of it starts the next one. */
record ServiceRevisionState(
        String taskDefinition,
        @Nullable NetworkConfiguration network,
        List<LoadBalancer> loadBalancers,
        @Nullable String platformVersion,
        @Nullable LaunchType launchType,
        List<CapacityProviderStrategyItem> strategy) {}
