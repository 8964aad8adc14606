package dev.holdfast.twin.ecs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.*;

/** What a deployment brings: a change to any of it starts the next one. */
record ServiceRevisionState(
        String taskDefinition,
        @Nullable NetworkConfiguration network,
        List<LoadBalancer> loadBalancers,
        @Nullable String platformVersion,
        @Nullable LaunchType launchType,
        List<CapacityProviderStrategyItem> strategy) {}
