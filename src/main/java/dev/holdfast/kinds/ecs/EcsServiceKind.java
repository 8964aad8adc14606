package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AssignPublicIp;
import software.amazon.awssdk.services.ecs.model.AvailabilityZoneRebalancing;
import software.amazon.awssdk.services.ecs.model.CreateServiceRequest;
import software.amazon.awssdk.services.ecs.model.DeploymentControllerType;
import software.amazon.awssdk.services.ecs.model.LaunchType;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.SchedulingStrategy;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/**
 * An ECS service: it keeps a number of tasks of one task definition running, and rolls out the next definition.
 *
 * <p>No recipe fits: services are read cluster by cluster, and the state of a service follows from its rollouts, which
 * need additional reads.
 */
@Singleton
public final class EcsServiceKind implements Kind<EcsServiceKind.Spec> {
    private final KindInfo<Spec> info = describe();

    /** @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html">CreateService</a> */
    public record Spec(
            @Doc("The name of the service, unique in its cluster.") @PhysicalName(max = 255, also = "_") @Nullable
            String serviceName,

            @Doc("The name or the ARN of the cluster.")
            @Required
            @Immutable
            @ReadFrom("clusterArn")
            @Ref("EcsCluster")
            @Nullable
            String cluster,

            @Doc("The ARN of the task definition revision that the tasks run.")
            @Required
            @RollsOut
            @Ref("TaskDefinition")
            @Nullable
            String taskDefinition,

            @Doc("The number of tasks; 1 on create if absent. Auto scaling sets it within the bounds of a"
                    + " scalable target.")
            @Band(
                    kind = "ScalableTarget",
                    target = "resourceId",
                    output = "resourceId",
                    min = "minCapacity",
                    max = "maxCapacity")
            @Nullable
            Integer desiredCount,

            @Doc("The launch type, instead of capacityProviderStrategy. A service can return from a strategy to a"
                    + " launch type.")
            @Immutable(onceSet = true)
            @Excludes("capacityProviderStrategy")
            LaunchType launchType,

            @Doc("Shares of capacity providers in the tasks.") @RollsOut @Key("capacityProvider") @Nullable
            List<StrategyItem> capacityProviderStrategy,

            @Doc("Fargate's platform version: LATEST or 1.4.0.") @RollsOut @Nullable
            String platformVersion,

            @Doc("Subnets and security groups of the tasks.") @RollsOut @Nullable
            NetworkConfiguration networkConfiguration,

            @Doc("Target groups that the tasks are registered in.") @RollsOut @Key("targetGroupArn") @Nullable
            List<TargetGroupPort> loadBalancers,

            @Doc("The Cloud Map service (at most one) that registers the tasks for service discovery.")
            @RollsOut
            @Key("registryArn")
            List<ServiceRegistry> serviceRegistries,

            @Doc("Seconds after a task's start in which failed health checks of the load balancer do not count.")
            @Nullable
            @Needs("loadBalancers")
            Integer healthCheckGracePeriodSeconds,

            @Doc("How a rollout proceeds, and when it has failed.") @Nullable
            DeploymentConfiguration deploymentConfiguration,

            @Doc("The deployment controller: ECS. A service with another controller is observed, and not written.")
            @Nullable
            DeploymentController deploymentController,

            @Doc("Whether commands may be run in the containers (ECS Exec).") @Nullable
            Boolean enableExecuteCommand,

            @Doc("The source of the tasks' tags.") @Nullable PropagateTags propagateTags,

            @Doc("Whether ECS tags the tasks with their cluster and service.") @Nullable
            Boolean enableECSManagedTags,

            @Doc("The strategy: REPLICA, or DAEMON (one task on each container instance).") @Immutable @Nullable
            SchedulingStrategy schedulingStrategy,

            @Doc("Whether ECS moves tasks to balance the Availability Zones.") @Nullable
            AvailabilityZoneRebalancing availabilityZoneRebalancing,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            cluster = Ecs.nameOf(cluster);
            // A DAEMON service runs one task on each instance, so that no document sets its count.
            desiredCount = schedulingStrategy == SchedulingStrategy.DAEMON ? null : desiredCount;
            capacityProviderStrategy =
                    Values.of(capacityProviderStrategy, all -> Ecs.sorted(all, StrategyItem::capacityProvider));
            loadBalancers = Values.of(loadBalancers, all -> Ecs.sorted(all, TargetGroupPort::targetGroupArn));
            serviceRegistries = Values.of(serviceRegistries, all -> Ecs.sorted(all, ServiceRegistry::registryArn));
        }
    }

    public record NetworkConfiguration(
            @Doc("The network of tasks with the network mode awsvpc.") @Required @Nullable
            AwsvpcConfiguration awsvpcConfiguration) {}

    public record AwsvpcConfiguration(
            @Doc("The subnets of the tasks, all in one VPC.") @Required @Ref("Subnet") @Nullable
            Set<String> subnets,

            @Doc("The security groups of the tasks; the VPC's default group if absent.") @Ref("SecurityGroup") @Nullable
            Set<String> securityGroups,

            @Doc("Whether the tasks get public addresses.") @Nullable
            AssignPublicIp assignPublicIp) {
        public AwsvpcConfiguration {
            subnets = subnets == null ? null : Ecs.sorted(subnets);
            securityGroups = securityGroups == null ? null : Ecs.sorted(securityGroups);
        }
    }

    public record TargetGroupPort(
            @Doc("The target group; a listener or a rule must use it.")
            @Required
            @Ref(
                    value = "TargetGroup",
                    attachedBy = {"Listener", "ListenerRule"})
            @Nullable
            String targetGroupArn,

            @Doc("The name of the container that is registered.") @Required @Nullable
            String containerName,

            @Doc("The port of the container.") @Required @Nullable
            Integer containerPort,

            @Doc("The target group and the rules with which deployments shift traffic; not used with ROLLING.")
            @Nullable
            AdvancedConfiguration advancedConfiguration) {}

    public record AdvancedConfiguration(
            @Doc("The target group of the other revision.")
            @Ref(
                    value = "TargetGroup",
                    attachedBy = {"Listener", "ListenerRule"})
            @Nullable
            String alternateTargetGroupArn,

            @Doc("The rule, or the listener of a network load balancer, that routes production traffic.")
            @Ref({"ListenerRule", "Listener"})
            @Nullable
            String productionListenerRule,

            @Doc("The rule, or the listener, that routes test traffic.")
            @Ref({"ListenerRule", "Listener"})
            @EmptyIsNone
            @Nullable
            String testListenerRule,

            @Doc("The role with which ECS changes the rules and target groups.")
            @Ref(value = "Role", output = "arn")
            @Nullable
            String roleArn) {}

    /** @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html">ServiceRegistry</a> */
    public record ServiceRegistry(
            @Doc("The ARN of the Cloud Map service.") @Required
            String registryArn,

            @Doc("The port in SRV records, instead of containerName and containerPort.") @Excludes("containerPort")
            Integer port,

            @Doc("The name of the container whose port SRV records contain.") @Needs("containerPort")
            String containerName,

            @Doc("The port of the container.") @Needs("containerName")
            Integer containerPort) {}

    public record DeploymentController(
            @Doc("The type of the controller: ECS.") @Required @Offers("ECS") @Nullable
            DeploymentControllerType type) {}

    @Override
    public KindInfo<Spec> info() {
        return info;
    }

    private static KindInfo<Spec> describe() {
        String instances = "ECS rejects it for tasks on Fargate; placement on container instances is not offered yet";
        return KindInfo.of("EcsService", Spec.class, OwnershipForm.TAG)
                .description("A service of Amazon ECS: it keeps tasks running and rolls out new task definitions.")
                .output("arn", "The ARN of the service.")
                .output("name", "The name of the service.")
                .output("clusterName", "The name of the cluster.")
                .output("resourceId", "The id in Application Auto Scaling: service/cluster/name.")
                .output(
                        "images",
                        "The image of each container of the task definition that the service uses, also after a"
                                + " rollback.")
                .page("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html")
                .leavesOut(
                        "deploymentConfiguration.earlySuccessCriteria",
                        "a rollout counts as successful when all of its tasks run")
                .leavesOut(
                        "deploymentConfiguration.bakeTimeInMinutes, linearConfiguration, canaryConfiguration, lifecycleHooks",
                        "they belong to strategies other than ROLLING, which are not offered yet; a service keeps them")
                .leavesOut("placementConstraints", instances)
                .leavesOut("placementStrategy", instances)
                .leavesOut(
                        "role",
                        "it is for load balancers without awsvpc, and ECS rejects it if the service-linked role exists")
                .leavesOut(
                        "serviceConnectConfiguration",
                        "Holdfast does not manage namespaces of Cloud Map yet; a service keeps its setting")
                .leavesOut(
                        "volumeConfigurations",
                        "EBS volumes configured at launch are not offered yet, and neither in task definitions")
                .leavesOut(
                        "vpcLatticeConfigurations",
                        "Holdfast does not manage target groups of VPC Lattice yet; a service keeps its setting")
                .leavesOut("gatewayConnectors", "not offered yet; a service keeps them")
                .leavesOut(
                        "monitoring",
                        "DescribeServices does not return it, so that Holdfast could not observe drift; a service keeps"
                                + " its setting")
                .leavesOut("loadBalancers.loadBalancerName", "Holdfast does not manage classic load balancers")
                // ECS may not know subnets, security groups and target groups at once after their creation.
                .fault(FaultRule.of("InvalidParameterException", "does not exist", Fault.Category.DEPENDENCY))
                .permissions(Permissions.on("ecs:{region}:{account}:service/*")
                        .lists(
                                "ecs:ListClusters",
                                "ecs:DescribeClusters",
                                "ecs:ListServices",
                                "ecs:DescribeServices",
                                "elasticloadbalancing:DescribeTargetHealth")
                        .reads(
                                "ecs:ListServiceDeployments",
                                "ecs:ListTasks",
                                "ecs:DescribeTasks",
                                "ecs:DescribeTaskDefinition")
                        .creates("ecs:CreateService")
                        .tags("ecs:TagResource", "ecs:UntagResource")
                        .changes("ecs:UpdateService", "ecs:DeleteService"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        return new ServiceReader(scope).observe();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        DeploymentConfiguration rollout = spec.deploymentConfiguration();
        Integer most = rollout == null ? null : rollout.maximumPercent();
        if (spec.availabilityZoneRebalancing() == AvailabilityZoneRebalancing.ENABLED && most != null && most <= 100) {
            // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
            findings.wrong(
                    Spec::availabilityZoneRebalancing,
                    "ECS rebalances only with a maximumPercent above 100, found " + most,
                    "raise maximumPercent, or set availabilityZoneRebalancing to DISABLED");
        }
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        CreateServiceRequest.Builder request =
                Wire.fill(CreateServiceRequest.builder(), spec).clientToken(token);
        if (spec.desiredCount() == null && spec.schedulingStrategy() != SchedulingStrategy.DAEMON) {
            request.desiredCount(1);
        }
        Wire.tag(request, Ecs.sorted(spec.tags()));
        return desired.client(EcsClient.class)
                .createService(request.build())
                .service()
                .serviceArn();
    }

    /** One call contains all changes that start a rollout, so that one rollout applies them. */
    @Override
    public void update(Change<Spec> change) {
        EcsClient ecs = change.client(EcsClient.class);
        boolean tagsOnly = !change.again() && change.changed().stream().allMatch("tags"::equals);
        if (!tagsOnly) {
            String cluster = change.observed().spec().cluster();
            UpdateServiceRequest.Builder request = Wire.fill(
                            UpdateServiceRequest.builder(),
                            replaced(ecs, cluster, change),
                            change.spec(),
                            change.changed()::contains,
                            true)
                    .cluster(cluster)
                    .service(change.physicalId());
            if (change.touches(Spec::launchType)) {
                // An empty strategy returns the service to a launch type:
                // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
                request.capacityProviderStrategy(List.of());
            }
            // ECS rejects a changed strategy without a new deployment, because running tasks do not move.
            if (change.again() || change.touches(Spec::capacityProviderStrategy, Spec::launchType)) {
                request.forceNewDeployment(true);
            }
            Integer grace = graceAfterwards(change);
            if (grace != null) {
                request.healthCheckGracePeriodSeconds(null);
            }
            ecs.updateService(request.build());
            if (grace != null) {
                ecs.updateService(
                        r -> r.cluster(cluster).service(change.physicalId()).healthCheckGracePeriodSeconds(grace));
            }
        }
        Ecs.TAGGING.update(ecs, change);
    }

    /**
     * The grace period, if it needs a call of its own: ECS refuses it together with the first load balancer of a
     * service (https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/1313). It starts no rollout.
     */
    private static @Nullable Integer graceAfterwards(Change<Spec> change) {
        List<TargetGroupPort> before = change.observed().spec().loadBalancers();
        return change.touches(Spec::loadBalancers)
                        && change.touches(Spec::healthCheckGracePeriodSeconds)
                        && (before == null || before.isEmpty())
                ? change.spec().healthCheckGracePeriodSeconds()
                : null;
    }

    /**
     * Reads the service if a nested structure changes: UpdateService replaces such a structure as a whole, with AWS's
     * defaults for the members that the request lacks.
     */
    private static @Nullable Service replaced(EcsClient ecs, @Nullable String cluster, Change<Spec> change) {
        return change.touches(
                        Spec::deploymentConfiguration,
                        Spec::networkConfiguration,
                        Spec::loadBalancers,
                        Spec::serviceRegistries)
                ? Values.first(ecs.describeServices(r -> r.cluster(cluster).services(change.physicalId()))
                        .services())
                : null;
    }

    /**
     * Forces the deletion, so that one call both scales the service down to 0 and deletes it. The service drains, and
     * its tasks leave their target groups in order, as at any scaling down.
     */
    @Override
    public void delete(Observed<Spec> observed) {
        if (observed.known().phase() != Phase.Deleting) {
            observed.client(EcsClient.class)
                    .deleteService(r -> r.cluster(observed.spec().cluster())
                            .service(observed.physicalId())
                            .force(true));
        }
    }
}
