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
 * A service: keeps a number of tasks of one definition running, and rolls out the next one.
 *
 * <p>No recipe: services are read cluster by cluster, and the state of a service is that of its rollouts, which take reads of
 * their own.
 */
@Singleton
public final class EcsServiceKind implements Kind<EcsServiceKind.Spec> {
    private final KindInfo<Spec> info = describe();

    /** @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html">CreateService</a> */
    public record Spec(
            @Doc("Its name, unique in its cluster.") @PhysicalName(max = 255, also = "_") @Nullable
            String serviceName,

            @Doc("Its cluster, by name or ARN.")
            @Required
            @Immutable
            @ReadFrom("clusterArn")
            @Ref("EcsCluster")
            @Nullable
            String cluster,

            @Doc("The ARN of the revision that its tasks are made of.")
            @Required
            @RollsOut
            @Ref("TaskDefinition")
            @Nullable
            String taskDefinition,

            @Doc("How many tasks. Within the bounds of a scalable target it is auto scaling's; 1 on create if"
                    + " absent.")
            @Band(
                    kind = "ScalableTarget",
                    target = "resourceId",
                    output = "resourceId",
                    min = "minCapacity",
                    max = "maxCapacity")
            @Nullable
            Integer desiredCount,

            @Doc("What the tasks run on; or else capacityProviderStrategy. A service comes back from a strategy to it.")
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

            @Doc("The service of Cloud Map, one at most, in which the tasks are registered for service discovery.")
            @RollsOut
            @Key("registryArn")
            List<ServiceRegistry> serviceRegistries,

            @Doc("Seconds after a task's start in which failed health checks of the load balancer do not count.")
            @Nullable
            @Needs("loadBalancers")
            Integer healthCheckGracePeriodSeconds,

            @Doc("How a rollout proceeds, and when it has failed.") @Nullable
            DeploymentConfiguration deploymentConfiguration,

            @Doc("Who leads its deployments: ECS. A service that another one leads is observed, and not written.")
            @Nullable
            DeploymentController deploymentController,

            @Doc("Whether commands may be run in the containers (ECS Exec).") @Nullable
            Boolean enableExecuteCommand,

            @Doc("Whose tags the tasks get.") @Nullable PropagateTags propagateTags,

            @Doc("Whether the tasks get tags of the cluster and the service.") @Nullable
            Boolean enableECSManagedTags,

            @Doc("REPLICA, or DAEMON: one on each container instance.") @Immutable @Nullable
            SchedulingStrategy schedulingStrategy,

            @Doc("Whether tasks are moved to even out the zones.") @Nullable
            AvailabilityZoneRebalancing availabilityZoneRebalancing,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            cluster = Ecs.nameOf(cluster);
            // A daemon runs once on each instance: no document sets its count.
            desiredCount = schedulingStrategy == SchedulingStrategy.DAEMON ? null : desiredCount;
            capacityProviderStrategy = capacityProviderStrategy == null
                    ? null
                    : Ecs.sorted(capacityProviderStrategy, StrategyItem::capacityProvider);
            loadBalancers = loadBalancers == null ? null : Ecs.sorted(loadBalancers, TargetGroupPort::targetGroupArn);
            serviceRegistries =
                    serviceRegistries == null ? null : Ecs.sorted(serviceRegistries, ServiceRegistry::registryArn);
        }
    }

    public record NetworkConfiguration(
            @Doc("For tasks with an interface of their own.") @Required @Nullable
            AwsvpcConfiguration awsvpcConfiguration) {}

    public record AwsvpcConfiguration(
            @Doc("The subnets; of one VPC.") @Required @Ref("Subnet") @Nullable
            Set<String> subnets,

            @Doc("The security groups; the VPC's default one if absent.") @Ref("SecurityGroup") @Nullable
            Set<String> securityGroups,

            @Doc("Whether the interfaces get public addresses.") @Nullable
            AssignPublicIp assignPublicIp) {
        public AwsvpcConfiguration {
            subnets = subnets == null ? null : Ecs.sorted(subnets);
            securityGroups = securityGroups == null ? null : Ecs.sorted(securityGroups);
        }
    }

    public record TargetGroupPort(
            @Doc("The target group; it must be in use by a listener.")
            @Required
            @Ref(
                    value = "TargetGroup",
                    attachedBy = {"Listener", "ListenerRule"})
            @Nullable
            String targetGroupArn,

            @Doc("The container that is registered.") @Required @Nullable
            String containerName,

            @Doc("Its port.") @Required @Nullable Integer containerPort,

            @Doc("The other target group and the rules between which deployments move the traffic, not with ROLLING.")
            @Nullable
            AdvancedConfiguration advancedConfiguration) {}

    public record AdvancedConfiguration(
            @Doc("The target group of the other revision.")
            @Ref(
                    value = "TargetGroup",
                    attachedBy = {"Listener", "ListenerRule"})
            @Nullable
            String alternateTargetGroupArn,

            @Doc("The rule, or the listener of a network load balancer, that leads production traffic.")
            @Ref({"ListenerRule", "Listener"})
            @Nullable
            String productionListenerRule,

            @Doc("The rule, or the listener, that leads test traffic.") @Ref({"ListenerRule", "Listener"}) @Nullable
            String testListenerRule,

            @Doc("The role with which ECS changes them.") @Ref(value = "Role", output = "arn") @Nullable
            String roleArn) {}

    /** @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRegistry.html">ServiceRegistry</a> */
    public record ServiceRegistry(
            @Doc("The ARN of the service of Cloud Map.") @Required
            String registryArn,

            @Doc("The port in SRV records; or else the container and its port.") @Excludes("containerPort")
            Integer port,

            @Doc("The container whose port SRV records name.") @Needs("containerPort")
            String containerName,

            @Doc("Its port.") @Needs("containerName") Integer containerPort) {}

    public record DeploymentController(
            @Doc("ECS.") @Required @Offers("ECS") @Nullable DeploymentControllerType type) {}

    @Override
    public KindInfo<Spec> info() {
        return info;
    }

    private static KindInfo<Spec> describe() {
        String instances = "AWS refuses it for tasks on Fargate; placement on container instances is not offered yet";
        return KindInfo.of("EcsService", Spec.class, OwnershipForm.TAG)
                .description("A service of Amazon ECS: keeps tasks running and rolls out new task definitions.")
                .output("arn", "Its ARN.")
                .output("name", "Its name.")
                .output("clusterName", "The name of its cluster.")
                .output("resourceId", "What Application Auto Scaling calls it: service/cluster/name.")
                .output(
                        "images",
                        "The image of each container of the task definition that ECS has for it now, after a rollback"
                                + " too.")
                .page("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html")
                .leavesOut(
                        "deploymentConfiguration.earlySuccessCriteria",
                        "a rollout counts as successful when all of its tasks run")
                .leavesOut(
                        "deploymentConfiguration.bakeTimeInMinutes, linearConfiguration, canaryConfiguration, lifecycleHooks",
                        "for strategies other than ROLLING, which are not offered yet; a service keeps them")
                .leavesOut("placementConstraints", instances)
                .leavesOut("placementStrategy", instances)
                .leavesOut(
                        "role",
                        "for a load balancer without awsvpc; AWS refuses it where the service-linked role exists")
                .leavesOut(
                        "serviceConnectConfiguration",
                        "its namespace is one of Cloud Map, which is no kind yet; a service keeps it")
                .leavesOut(
                        "volumeConfigurations",
                        "EBS volumes configured at launch are not offered yet, in task definitions neither")
                .leavesOut(
                        "vpcLatticeConfigurations",
                        "target groups of VPC Lattice are no kind yet; a service keeps them")
                .leavesOut("gatewayConnectors", "not offered yet; a service keeps them")
                .leavesOut(
                        "monitoring",
                        "DescribeServices does not give it back, so that nobody could tell whether it is as desired; a"
                                + " service keeps it")
                .leavesOut("loadBalancers.loadBalancerName", "classic load balancers")
                // Subnets, groups and target groups that were made a moment ago.
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
                    "raise it, or say DISABLED");
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

    /** Everything that differs goes in one call, so that one rollout takes it all up. */
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
                // The way back to a launch type:
                // https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
                request.capacityProviderStrategy(List.of());
            }
            // ECS refuses a changed strategy without a new deployment: it does not move tasks that run already.
            if (change.again() || change.touches(Spec::capacityProviderStrategy, Spec::launchType)) {
                request.forceNewDeployment(true);
            }
            ecs.updateService(request.build());
        }
        Ecs.TAGGING.update(ecs, change);
    }

    /**
     * The service as it is now, if a nested structure changes: UpdateService replaces such a structure as a whole, with AWS's
     * defaults for the members that it lacks.
     */
    private static @Nullable Service replaced(EcsClient ecs, @Nullable String cluster, Change<Spec> change) {
        return change.touches(
                        Spec::deploymentConfiguration,
                        Spec::networkConfiguration,
                        Spec::loadBalancers,
                        Spec::serviceRegistries)
                ? ecs.describeServices(r -> r.cluster(cluster).services(change.physicalId())).services().stream()
                        .findFirst()
                        .orElse(null)
                : null;
    }

    /**
     * By force, so that one call does both, scaling down to none and deleting: the service drains, and its tasks leave their
     * target groups in order as they would at any scaling down.
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
