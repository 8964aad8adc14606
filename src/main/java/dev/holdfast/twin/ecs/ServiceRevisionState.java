package dev.holdfast.twin.ecs;

import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.*;

/** The settings of a service that start a deployment when they change. */
record ServiceRevisionState(
        String taskDefinition,
        @Nullable NetworkConfiguration network,
        List<LoadBalancer> loadBalancers,
        List<ServiceRegistry> serviceRegistries,
        @Nullable String platformVersion,
        @Nullable LaunchType launchType,
        List<CapacityProviderStrategyItem> strategy) {}
