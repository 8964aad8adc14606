package dev.holdfast.kinds.ecs;

import dev.holdfast.kinds.ecs.EcsServiceKind.Alarms;
import dev.holdfast.kinds.ecs.EcsServiceKind.AwsvpcConfiguration;
import dev.holdfast.kinds.ecs.EcsServiceKind.CircuitBreaker;
import dev.holdfast.kinds.ecs.EcsServiceKind.DeploymentConfiguration;
import dev.holdfast.kinds.ecs.EcsServiceKind.LaunchType;
import dev.holdfast.kinds.ecs.EcsServiceKind.LoadBalancer;
import dev.holdfast.kinds.ecs.EcsServiceKind.NetworkConfiguration;
import dev.holdfast.kinds.ecs.EcsServiceKind.PropagateTags;
import dev.holdfast.kinds.ecs.EcsServiceKind.SchedulingStrategy;
import dev.holdfast.kinds.ecs.EcsServiceKind.Spec;
import dev.holdfast.kinds.ecs.EcsServiceKind.Switch;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeploymentAlarms;
import software.amazon.awssdk.services.ecs.model.DeploymentCircuitBreaker;
import software.amazon.awssdk.services.ecs.model.Service;

/**
 * Between a service's spec and the SDK's.
 *
 * <p>UpdateService replaces a nested structure as a whole, with AWS's defaults for what it lacks: what the desired side does
 * not own of it is sent as it was observed.
 */
final class ServiceParts {
    private ServiceParts() {}

    static Spec from(Service s, Map<String, String> tags) {
        return new Spec(
                s.serviceName(),
                s.clusterArn(),
                s.taskDefinition(),
                s.desiredCount(),
                Ecs.parse(LaunchType.class, s.launchTypeAsString()),
                StrategyItem.from(s.capacityProviderStrategy()),
                s.platformVersion(),
                network(s),
                s.loadBalancers().stream()
                        .map(l -> new LoadBalancer(l.targetGroupArn(), l.containerName(), l.containerPort()))
                        .toList(),
                s.healthCheckGracePeriodSeconds(),
                deployment(s.deploymentConfiguration()),
                s.enableExecuteCommand(),
                Ecs.orElse(Ecs.parse(PropagateTags.class, s.propagateTagsAsString()), PropagateTags.NONE),
                s.enableECSManagedTags(),
                Ecs.parse(SchedulingStrategy.class, s.schedulingStrategyAsString()),
                Ecs.parse(Switch.class, s.availabilityZoneRebalancingAsString()),
                tags);
    }

    private static @Nullable NetworkConfiguration network(Service s) {
        if (s.networkConfiguration() == null || s.networkConfiguration().awsvpcConfiguration() == null) {
            return null;
        }
        var vpc = s.networkConfiguration().awsvpcConfiguration();
        return new NetworkConfiguration(new AwsvpcConfiguration(
                Ecs.set(vpc.subnets()),
                Ecs.set(vpc.securityGroups()),
                Ecs.parse(Switch.class, vpc.assignPublicIpAsString())));
    }

    private static @Nullable DeploymentConfiguration deployment(
            software.amazon.awssdk.services.ecs.model.@Nullable DeploymentConfiguration d) {
        if (d == null) {
            return null;
        }
        DeploymentCircuitBreaker breaker = d.deploymentCircuitBreaker();
        DeploymentAlarms alarms = d.alarms();
        return new DeploymentConfiguration(
                d.minimumHealthyPercent(),
                d.maximumPercent(),
                breaker == null
                        ? new CircuitBreaker(false, false)
                        : new CircuitBreaker(breaker.enable(), breaker.rollback()),
                alarms == null ? null : new Alarms(Ecs.set(alarms.alarmNames()), alarms.enable(), alarms.rollback()));
    }

    static software.amazon.awssdk.services.ecs.model.@Nullable NetworkConfiguration network(
            @Nullable NetworkConfiguration desired, @Nullable NetworkConfiguration observed) {
        AwsvpcConfiguration want = desired == null ? null : desired.awsvpcConfiguration();
        AwsvpcConfiguration have = observed == null ? null : observed.awsvpcConfiguration();
        if (want == null) {
            return null;
        }
        return software.amazon.awssdk.services.ecs.model.NetworkConfiguration.builder()
                .awsvpcConfiguration(a -> a.subnets(Ecs.list(or(want, have, AwsvpcConfiguration::subnets)))
                        .securityGroups(Ecs.list(or(want, have, AwsvpcConfiguration::securityGroups)))
                        .assignPublicIp(Ecs.wire(or(want, have, AwsvpcConfiguration::assignPublicIp))))
                .build();
    }

    static @Nullable List<software.amazon.awssdk.services.ecs.model.LoadBalancer> loadBalancers(
            @Nullable List<LoadBalancer> desired) {
        return desired == null
                ? null
                : desired.stream()
                        .map(l -> software.amazon.awssdk.services.ecs.model.LoadBalancer.builder()
                                .targetGroupArn(l.targetGroupArn())
                                .containerName(l.containerName())
                                .containerPort(l.containerPort())
                                .build())
                        .toList();
    }

    static software.amazon.awssdk.services.ecs.model.@Nullable DeploymentConfiguration deployment(
            @Nullable DeploymentConfiguration desired, @Nullable DeploymentConfiguration observed) {
        if (desired == null) {
            return null;
        }
        CircuitBreaker breaker = or(desired, observed, DeploymentConfiguration::deploymentCircuitBreaker);
        Alarms alarms = or(desired, observed, DeploymentConfiguration::alarms);
        return software.amazon.awssdk.services.ecs.model.DeploymentConfiguration.builder()
                .minimumHealthyPercent(or(desired, observed, DeploymentConfiguration::minimumHealthyPercent))
                .maximumPercent(or(desired, observed, DeploymentConfiguration::maximumPercent))
                .deploymentCircuitBreaker(
                        breaker == null
                                ? null
                                : DeploymentCircuitBreaker.builder()
                                        .enable(Boolean.TRUE.equals(breaker.enable()))
                                        .rollback(Boolean.TRUE.equals(breaker.rollback()))
                                        .build())
                .alarms(
                        alarms == null
                                ? null
                                : DeploymentAlarms.builder()
                                        .alarmNames(Ecs.set(alarms.alarmNames()))
                                        .enable(Boolean.TRUE.equals(alarms.enable()))
                                        .rollback(Boolean.TRUE.equals(alarms.rollback()))
                                        .build())
                .build();
    }

    /** The desired part, or where it is not owned the observed one. */
    private static <R, T> @Nullable T or(R desired, @Nullable R observed, Function<R, @Nullable T> part) {
        T value = part.apply(desired);
        return value != null || observed == null ? value : part.apply(observed);
    }
}
