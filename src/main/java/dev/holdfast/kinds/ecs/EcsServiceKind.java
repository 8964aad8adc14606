package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Band;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.RollsOut;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.UpdateServiceRequest;

/** A service: keeps a number of tasks of one definition running, and rolls out the next one. */
@Singleton
public final class EcsServiceKind implements Kind<EcsServiceKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html">CreateService</a> */
    public record Spec(
            @Doc("Its name, unique in its cluster.") @PhysicalName(max = 255, also = "_") @Nullable
            String serviceName,

            @Doc("Its cluster, by name or ARN.") @Required @Immutable @Ref("EcsCluster") @Nullable
            String cluster,

            @Doc("The ARN of the revision that its tasks are made of.")
            @Required
            @RollsOut
            @Ref("TaskDefinition")
            @Nullable
            String taskDefinition,

            @Doc("How many tasks. Within the bounds of a scalable target it is auto scaling's; 1 on create if it is"
                    + " not said.")
            @Band(
                    kind = "ScalableTarget",
                    target = "resourceId",
                    output = "resourceId",
                    min = "minCapacity",
                    max = "maxCapacity")
            @Nullable
            Integer desiredCount,

            @Doc("What the tasks run on; or else capacityProviderStrategy.") @Immutable @Nullable
            LaunchType launchType,

            @Doc("Shares of capacity providers in the tasks.") @RollsOut @Key("capacityProvider") @Nullable
            List<StrategyItem> capacityProviderStrategy,

            @Doc("Fargate's platform version: LATEST or 1.4.0.") @RollsOut @Nullable
            String platformVersion,

            @Doc("Subnets and security groups of the tasks.") @RollsOut @Nullable
            NetworkConfiguration networkConfiguration,

            @Doc("Target groups that the tasks are registered in.") @RollsOut @Key("targetGroupArn") @Nullable
            List<LoadBalancer> loadBalancers,

            @Doc("Seconds after a task's start in which failed health checks of the load balancer do not count.")
            @Nullable
            Integer healthCheckGracePeriodSeconds,

            @Doc("How a rollout proceeds, and when it has failed.") @Nullable
            DeploymentConfiguration deploymentConfiguration,

            @Doc("Whether commands may be run in the containers (ECS Exec).") @Nullable
            Boolean enableExecuteCommand,

            @Doc("Whose tags the tasks get.") @Nullable PropagateTags propagateTags,

            @Doc("Whether the tasks get tags of the cluster and the service.") @Nullable
            Boolean enableECSManagedTags,

            @Doc("REPLICA, or DAEMON: one on each container instance.") @Immutable @Nullable
            SchedulingStrategy schedulingStrategy,

            @Doc("Whether tasks are moved to even out the zones.") @Nullable
            Switch availabilityZoneRebalancing,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            cluster = Ecs.nameOf(cluster);
            // A daemon runs once on each instance: how many that makes is nobody's to say.
            desiredCount = schedulingStrategy == SchedulingStrategy.DAEMON ? null : desiredCount;
            capacityProviderStrategy = StrategyItem.sorted(capacityProviderStrategy);
            loadBalancers = loadBalancers == null ? null : Ecs.sorted(loadBalancers, LoadBalancer::targetGroupArn);
        }
    }

    public enum LaunchType {
        FARGATE,
        EC2,
        EXTERNAL
    }

    public enum PropagateTags {
        TASK_DEFINITION,
        SERVICE,
        NONE
    }

    public enum SchedulingStrategy {
        REPLICA,
        DAEMON
    }

    public enum Switch {
        ENABLED,
        DISABLED
    }

    public record NetworkConfiguration(
            @Doc("For tasks with an interface of their own.") @Required @Nullable
            AwsvpcConfiguration awsvpcConfiguration) {}

    public record AwsvpcConfiguration(
            @Doc("The subnets; of one VPC.") @Required @Ref("Subnet") @Nullable
            Set<String> subnets,

            @Doc("The security groups; the VPC's default one if it is not said.") @Ref("SecurityGroup") @Nullable
            Set<String> securityGroups,

            @Doc("Whether the interfaces get public addresses.") @Nullable
            Switch assignPublicIp) {
        public AwsvpcConfiguration {
            subnets = subnets == null ? null : Ecs.set(subnets);
            securityGroups = securityGroups == null ? null : Ecs.set(securityGroups);
        }
    }

    public record LoadBalancer(
            @Doc("The target group; it must be in use by a listener.")
            @Required
            @Ref(
                    value = "TargetGroup",
                    attachedBy = {"Listener", "ListenerRule"})
            @Nullable
            String targetGroupArn,

            @Doc("The container that is registered.") @Required @Nullable
            String containerName,

            @Doc("Its port.") @Required @Nullable Integer containerPort) {}

    public record DeploymentConfiguration(
            @Doc("How many tasks must stay healthy in a rollout, in percent of desiredCount.") @Nullable
            Integer minimumHealthyPercent,

            @Doc("How many tasks may run in a rollout, in percent of desiredCount.") @Nullable
            Integer maximumPercent,

            @Doc("Fails a rollout whose tasks do not become healthy.") @Nullable
            CircuitBreaker deploymentCircuitBreaker,

            @Doc("Fails a rollout in which one of these alarms goes off.") @Nullable
            Alarms alarms) {}

    public record CircuitBreaker(
            @Doc("Whether a rollout can fail.") @Required @Nullable
            Boolean enable,

            @Doc("Whether a failed one is rolled back to the last that completed.") @Required @Nullable
            Boolean rollback) {}

    public record Alarms(
            @Doc("Names of CloudWatch alarms.") @Required @Ref("Alarm") @Nullable
            Set<String> alarmNames,

            @Doc("Whether they count.") @Required @Nullable Boolean enable,

            @Doc("Whether a failed rollout is rolled back.") @Required @Nullable
            Boolean rollback) {
        public Alarms {
            alarmNames = alarmNames == null ? null : Ecs.set(alarmNames);
        }
    }

    @Override
    public KindInfo<Spec> info() {
        String instances = "for container instances; Fargate places tasks by itself";
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
                .leavesOut("deploymentController", "only rolling updates: what a rollout's end means is ECS's word")
                .leavesOut("deploymentConfiguration.strategy", "only rolling updates")
                .leavesOut("placementConstraints", instances)
                .leavesOut("placementStrategy", instances)
                .leavesOut("role", "the service-linked role is used")
                .leavesOut("serviceRegistries", "services find each other behind the load balancer")
                .leavesOut("serviceConnectConfiguration", "services find each other behind the load balancer")
                .leavesOut("volumeConfigurations", "tasks keep nothing on volumes of their own")
                .leavesOut("vpcLatticeConfigurations", "services are reached through the load balancer")
                .leavesOut("loadBalancers.loadBalancerName", "classic load balancers")
                .leavesOut("loadBalancers.advancedConfiguration", "for blue/green deployments")
                // Subnets, groups and target groups that were made a moment ago.
                .fault(FaultRule.of("InvalidParameterException", "does not exist", Fault.Category.DEPENDENCY))
                .permissions(Permissions.on("ecs:{region}:{account}:service/*")
                        .lists("ecs:ListClusters", "ecs:DescribeClusters", "ecs:ListServices", "ecs:DescribeServices")
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
        return new Services(scope).observe();
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        boolean daemon = spec.schedulingStrategy() == SchedulingStrategy.DAEMON;
        return desired.client(EcsClient.class)
                .createService(r -> r.clientToken(token)
                        .cluster(spec.cluster())
                        .serviceName(spec.serviceName())
                        .taskDefinition(spec.taskDefinition())
                        .desiredCount(daemon ? null : Ecs.orElse(spec.desiredCount(), 1))
                        .launchType(Ecs.wire(spec.launchType()))
                        .capacityProviderStrategy(StrategyItem.sdk(spec.capacityProviderStrategy()))
                        .platformVersion(spec.platformVersion())
                        .networkConfiguration(ServiceParts.network(spec.networkConfiguration(), null))
                        .loadBalancers(ServiceParts.loadBalancers(spec.loadBalancers()))
                        .healthCheckGracePeriodSeconds(spec.healthCheckGracePeriodSeconds())
                        .deploymentConfiguration(ServiceParts.deployment(spec.deploymentConfiguration(), null))
                        .enableExecuteCommand(spec.enableExecuteCommand())
                        .propagateTags(Ecs.wire(spec.propagateTags()))
                        .enableECSManagedTags(spec.enableECSManagedTags())
                        .schedulingStrategy(Ecs.wire(spec.schedulingStrategy()))
                        .availabilityZoneRebalancing(Ecs.wire(spec.availabilityZoneRebalancing()))
                        .tags(Ecs.tags(spec.tags())))
                .service()
                .serviceArn();
    }

    /** Everything that differs goes in one call, so that one rollout takes it all up. */
    @Override
    public void update(Change<Spec> change) {
        EcsClient ecs = change.client(EcsClient.class);
        boolean tagsOnly = !change.again() && change.changed().stream().allMatch("tags"::equals);
        if (!tagsOnly) {
            ecs.updateService(request(change));
        }
        Ecs.updateTags(ecs, change, Spec::tags);
    }

    private static UpdateServiceRequest request(Change<Spec> change) {
        Spec spec = change.spec();
        Spec old = change.observed().spec();
        UpdateServiceRequest.Builder r =
                UpdateServiceRequest.builder().cluster(old.cluster()).service(change.physicalId());
        if (change.touches(Spec::taskDefinition)) {
            r.taskDefinition(spec.taskDefinition());
        }
        if (change.touches(Spec::desiredCount)) {
            r.desiredCount(spec.desiredCount());
        }
        if (change.touches(Spec::capacityProviderStrategy)) {
            // ECS refuses a changed strategy without it: it does not move tasks that run already.
            r.capacityProviderStrategy(StrategyItem.sdk(spec.capacityProviderStrategy()))
                    .forceNewDeployment(true);
        }
        if (change.touches(Spec::platformVersion)) {
            r.platformVersion(spec.platformVersion());
        }
        if (change.touches(Spec::networkConfiguration)) {
            r.networkConfiguration(ServiceParts.network(spec.networkConfiguration(), old.networkConfiguration()));
        }
        if (change.touches(Spec::loadBalancers)) {
            r.loadBalancers(ServiceParts.loadBalancers(spec.loadBalancers()));
        }
        if (change.touches(Spec::healthCheckGracePeriodSeconds)) {
            r.healthCheckGracePeriodSeconds(spec.healthCheckGracePeriodSeconds());
        }
        if (change.touches(Spec::deploymentConfiguration)) {
            r.deploymentConfiguration(
                    ServiceParts.deployment(spec.deploymentConfiguration(), old.deploymentConfiguration()));
        }
        if (change.touches(Spec::enableExecuteCommand)) {
            r.enableExecuteCommand(spec.enableExecuteCommand());
        }
        if (change.touches(Spec::propagateTags)) {
            r.propagateTags(Ecs.wire(spec.propagateTags()));
        }
        if (change.touches(Spec::enableECSManagedTags)) {
            r.enableECSManagedTags(spec.enableECSManagedTags());
        }
        if (change.touches(Spec::availabilityZoneRebalancing)) {
            r.availabilityZoneRebalancing(Ecs.wire(spec.availabilityZoneRebalancing()));
        }
        if (change.again()) {
            r.forceNewDeployment(true);
        }
        return r.build();
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
