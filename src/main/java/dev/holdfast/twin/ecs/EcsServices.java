package dev.holdfast.twin.ecs;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinTable;
import dev.holdfast.twin.store.TwinTags;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.*;

/** Services, by ARN: creates, changes and deletes them. */
final class EcsServices {
    private final TwinContext context;
    private final EcsState state;
    private final ServiceRules rules;
    private final Scheduler scheduler;
    final TwinTable<ServiceState> table;

    EcsServices(EcsState state) {
        this.context = state.context;
        this.state = state;
        this.rules = new ServiceRules(state);
        this.scheduler = new Scheduler(state);
        this.table = new TwinTable<>(context);
    }

    /** Advances all services to the present, and removes those that have been INACTIVE for the whole retention time. */
    void advance() {
        for (ServiceState service : table.all()) {
            scheduler.advance(service);
            if (service.inactiveSince != null && context.passed(Delay.INACTIVE_SERVICE, service.inactiveSince)) {
                table.remove(service.arn);
            }
        }
    }

    String arn(String cluster, String arnOrName) {
        return context.arn("ecs", "service/" + cluster + "/" + arnOrName.substring(arnOrName.lastIndexOf('/') + 1));
    }

    ServiceState require(@Nullable String cluster, @Nullable String named) {
        Cluster in = ClusterCalls.require(state, cluster);
        ServiceState found = named == null ? null : table.get(arn(in.clusterName(), named));
        if (found == null) {
            throw noService();
        }
        return found;
    }

    private static AwsServiceException noService() {
        return named(ServiceNotFoundException.builder(), "Service not found.");
    }

    ServiceState create(CreateServiceRequest r) {
        Cluster cluster = ClusterCalls.require(state, r.cluster());
        ServiceRules.checkName(r.serviceName());
        TwinTags.put(new TreeMap<>(), TwinTags.in(r), EcsErrors::checkTags);
        ServiceState old = table.get(arn(cluster.clusterName(), Objects.requireNonNull(r.serviceName())));
        if (old != null && old.active()) {
            if (r.clientToken() != null && r.clientToken().equals(old.clientToken)) {
                return old;
            }
            throw EcsErrors.invalid("Creation of service was not idempotent.");
        }
        if (old != null && old.status.equals("DRAINING")) {
            throw EcsErrors.invalid("Unable to Start a service that is still Draining.");
        }
        TaskDefinition definition = rules.definition(r.taskDefinition());
        ServiceRevisionState revision = revision(r, cluster, definition);
        rules.check(revision, definition);
        boolean daemon = r.schedulingStrategy() == SchedulingStrategy.DAEMON;
        checkNoCount(r.schedulingStrategy(), r.desiredCount());
        if (!daemon && r.desiredCount() == null) {
            throw EcsErrors.invalid(
                    "The 'desiredCount' must be specified for services with the REPLICA scheduling strategy.");
        }
        ServiceRules.checkGrace(
                r.healthCheckGracePeriodSeconds(), !revision.loadBalancers().isEmpty());
        Service settings = settings(r, cluster);
        ServiceRules.check(settings.deploymentConfiguration(), r.availabilityZoneRebalancing());
        if (revision.network() != null || !revision.loadBalancers().isEmpty()) {
            rules.checkLinkedRole();
        }
        ServiceState made = new ServiceState(
                context,
                cluster.clusterName(),
                r.clientToken(),
                settings,
                r.desiredCount() == null ? 0 : r.desiredCount());
        table.remove(made.arn);
        table.put(made.arn, made);
        made.tags.putAll(TwinTags.in(r));
        made.deploy(revision, TaskStart.neverHealthy(definition));
        scheduler.wake(made);
        return made;
    }

    private static void checkNoCount(@Nullable SchedulingStrategy strategy, @Nullable Integer desiredCount) {
        if (strategy == SchedulingStrategy.DAEMON && desiredCount != null) {
            throw EcsErrors.invalid("The daemon scheduling strategy does not support a desired count for services."
                    + " Remove the desired count value and try again");
        }
    }

    private static ServiceRevisionState revision(CreateServiceRequest r, Cluster cluster, TaskDefinition definition) {
        List<CapacityProviderStrategyItem> strategy = r.launchType() != null
                ? List.of()
                : r.capacityProviderStrategy().isEmpty()
                        ? cluster.defaultCapacityProviderStrategy()
                        : r.capacityProviderStrategy();
        if (r.launchType() != null && !r.capacityProviderStrategy().isEmpty()) {
            throw EcsErrors.invalid("Specifying both a launch type and capacity provider strategy is not supported."
                    + " Remove one and try again.");
        }
        LaunchType launchType = r.launchType() != null ? r.launchType() : strategy.isEmpty() ? LaunchType.EC2 : null;
        boolean fargate = launchType == LaunchType.FARGATE
                || strategy.stream().anyMatch(i -> i.capacityProvider().startsWith("FARGATE"));
        String platform = r.platformVersion() != null ? r.platformVersion() : fargate ? "LATEST" : null;
        return new ServiceRevisionState(
                definition.taskDefinitionArn(),
                filled(r.networkConfiguration()),
                r.loadBalancers(),
                List.copyOf(r.serviceRegistries()),
                platform,
                launchType,
                strategy);
    }

    private static @Nullable NetworkConfiguration filled(@Nullable NetworkConfiguration network) {
        return network == null || network.awsvpcConfiguration() == null
                ? null
                : network.toBuilder()
                        .awsvpcConfiguration(network.awsvpcConfiguration().toBuilder()
                                .subnets(List.copyOf(
                                        network.awsvpcConfiguration().subnets()))
                                .securityGroups(List.copyOf(
                                        network.awsvpcConfiguration().securityGroups()))
                                .assignPublicIp(
                                        network.awsvpcConfiguration().assignPublicIpAsString() == null
                                                ? "DISABLED"
                                                : network.awsvpcConfiguration().assignPublicIpAsString())
                                .build())
                        .build();
    }

    private Service settings(CreateServiceRequest r, Cluster cluster) {
        return withoutRevision(SdkShapes.copy(r, Service.builder()))
                .serviceArn(arn(cluster.clusterName(), Objects.requireNonNull(r.serviceName())))
                .clusterArn(cluster.clusterArn())
                .roleArn("arn:aws:iam::" + context.account() + ":role/aws-service-role/ecs.amazonaws.com/"
                        + ServiceRules.LINKED_ROLE)
                .deploymentConfiguration(filled(r.deploymentConfiguration()))
                .deploymentController(c -> c.type(DeploymentControllerType.ECS))
                .healthCheckGracePeriodSeconds(
                        r.healthCheckGracePeriodSeconds() == null
                                        && !r.loadBalancers().isEmpty()
                                ? Integer.valueOf(0)
                                : r.healthCheckGracePeriodSeconds())
                .schedulingStrategy(Objects.requireNonNullElse(r.schedulingStrategy(), SchedulingStrategy.REPLICA))
                .enableECSManagedTags(Boolean.TRUE.equals(r.enableECSManagedTags()))
                .enableExecuteCommand(Boolean.TRUE.equals(r.enableExecuteCommand()))
                .propagateTags(Objects.requireNonNullElse(r.propagateTags(), PropagateTags.NONE))
                .availabilityZoneRebalancing(
                        Objects.requireNonNullElse(r.availabilityZoneRebalancing(), ServiceRules.defaultRebalancing(r)))
                .placementConstraints(List.copyOf(r.placementConstraints()))
                .placementStrategy(List.copyOf(r.placementStrategy()))
                .createdBy("arn:aws:iam::" + context.account() + ":root")
                .build();
    }

    /**
     * The count and the members of a revision are stored separately. They are merged into the service when it is read.
     */
    private static Service.Builder withoutRevision(Service.Builder service) {
        return service.desiredCount(null)
                .taskDefinition(null)
                .platformVersion(null)
                .launchType((String) null)
                .networkConfiguration((NetworkConfiguration) null)
                .loadBalancers((List<LoadBalancer>) null)
                .serviceRegistries((List<ServiceRegistry>) null)
                .capacityProviderStrategy((List<CapacityProviderStrategyItem>) null);
    }

    private static DeploymentConfiguration filled(@Nullable DeploymentConfiguration given) {
        DeploymentConfiguration d =
                given == null ? DeploymentConfiguration.builder().build() : given;
        return d.toBuilder()
                .minimumHealthyPercent(d.minimumHealthyPercent() == null ? 100 : d.minimumHealthyPercent())
                .maximumPercent(d.maximumPercent() == null ? 200 : d.maximumPercent())
                .deploymentCircuitBreaker(
                        d.deploymentCircuitBreaker() == null
                                ? DeploymentCircuitBreaker.builder()
                                        .enable(false)
                                        .rollback(false)
                                        .build()
                                : d.deploymentCircuitBreaker())
                .alarms(
                        d.alarms() == null
                                ? DeploymentAlarms.builder()
                                        .alarmNames(List.of())
                                        .enable(false)
                                        .rollback(false)
                                        .build()
                                : d.alarms())
                .strategy(d.strategy() == null ? DeploymentStrategy.ROLLING : d.strategy())
                .bakeTimeInMinutes(d.bakeTimeInMinutes() == null ? 0 : d.bakeTimeInMinutes())
                .build();
    }

    ServiceState update(UpdateServiceRequest r) {
        ServiceState service = require(r.cluster(), r.service());
        if (!service.active()) {
            throw named(ServiceNotActiveException.builder(), "Service was not ACTIVE.");
        }
        checkNoCount(service.settings.schedulingStrategy(), r.desiredCount());
        ServiceRevisionState before = Objects.requireNonNull(service.primary()).revision;
        boolean force = Boolean.TRUE.equals(r.forceNewDeployment());
        if (r.hasCapacityProviderStrategy() && !r.capacityProviderStrategy().equals(before.strategy()) && !force) {
            throw EcsErrors.invalid(
                    "When switching from launch type to capacity provider strategy on an existing service, or making a"
                            + " change to a capacity provider strategy on a service that is already using one, you must"
                            + " force a new deployment.");
        }
        TaskDefinition definition = r.taskDefinition() == null
                ? rules.registered(before.taskDefinition())
                : rules.definition(r.taskDefinition());
        ServiceRevisionState after = revision(r, before, definition);
        if (!after.equals(before)) {
            rules.check(after, definition);
        }
        Service settings = settings(r, service.settings);
        // ECS compares the period with the load balancers before the update:
        // https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1313
        ServiceRules.checkGrace(
                r.healthCheckGracePeriodSeconds(),
                !before.loadBalancers().isEmpty() && !after.loadBalancers().isEmpty());
        ServiceRules.check(settings.deploymentConfiguration(), settings.availabilityZoneRebalancing());
        service.settings = settings;
        if (r.desiredCount() != null) {
            service.desired = r.desiredCount();
        }
        if (force || !after.equals(before)) {
            service.deploy(after, TaskStart.neverHealthy(definition));
        }
        scheduler.wake(service);
        return service;
    }

    private static ServiceRevisionState revision(
            UpdateServiceRequest r, ServiceRevisionState before, TaskDefinition definition) {
        NetworkConfiguration network = filled(r.networkConfiguration());
        return new ServiceRevisionState(
                definition.taskDefinitionArn(),
                network == null ? before.network() : network,
                r.hasLoadBalancers() ? r.loadBalancers() : before.loadBalancers(),
                r.hasServiceRegistries() ? List.copyOf(r.serviceRegistries()) : before.serviceRegistries(),
                r.platformVersion() == null ? before.platformVersion() : r.platformVersion(),
                r.hasCapacityProviderStrategy() ? launchType(r, before) : before.launchType(),
                r.hasCapacityProviderStrategy() ? r.capacityProviderStrategy() : before.strategy());
    }

    /** An empty strategy restores the launch type to which the capacity providers belong. */
    private static @Nullable LaunchType launchType(UpdateServiceRequest r, ServiceRevisionState before) {
        if (!r.capacityProviderStrategy().isEmpty() || before.launchType() != null) {
            return r.capacityProviderStrategy().isEmpty() ? before.launchType() : null;
        }
        boolean fargate =
                before.strategy().stream().anyMatch(i -> i.capacityProvider().startsWith("FARGATE"));
        return fargate ? LaunchType.FARGATE : LaunchType.EC2;
    }

    private static Service settings(UpdateServiceRequest r, Service before) {
        return withoutRevision(SdkShapes.copy(r, before.toBuilder()))
                .deploymentConfiguration(
                        r.deploymentConfiguration() == null
                                ? before.deploymentConfiguration()
                                : filled(r.deploymentConfiguration()))
                .build();
    }

    ServiceState delete(DeleteServiceRequest r) {
        ServiceState service = require(r.cluster(), r.service());
        if (service.status.equals("INACTIVE")) {
            throw noService();
        }
        boolean replica = service.settings.schedulingStrategy() == SchedulingStrategy.REPLICA;
        if (service.active() && replica && service.desired > 0 && !Boolean.TRUE.equals(r.force())) {
            throw EcsErrors.invalid("The service cannot be stopped while it is scaled above 0.");
        }
        service.status = "DRAINING";
        scheduler.wake(service);
        return service;
    }

    /** Stops one task. The scheduler then replaces it. */
    void stop(ServiceState service, TaskState task, String reason) {
        if (task.alive()) {
            scheduler.drain(task, context.now());
            task.stopReason = reason;
        }
        scheduler.wake(service);
    }
}
