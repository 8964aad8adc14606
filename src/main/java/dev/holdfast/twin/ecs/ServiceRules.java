package dev.holdfast.twin.ecs;

import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.elbv2.TwinElb;
import dev.holdfast.twin.iam.TwinIam;
import dev.holdfast.twin.store.TwinContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.*;

/** The checks of ECS when a service is created or updated. */
final class ServiceRules {
    static final String LINKED_ROLE = "AWSServiceRoleForECS";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,255}");

    private final TwinContext context;
    private final EcsState state;

    ServiceRules(EcsState state) {
        this.context = state.context;
        this.state = state;
    }

    static void checkName(@Nullable String name) {
        if (name == null || !NAME.matcher(name).matches()) {
            throw EcsErrors.invalid("Invalid service name.");
        }
    }

    TaskDefinition definition(@Nullable String named) {
        if (named == null) {
            throw EcsErrors.invalid("TaskDefinition cannot be null or blank.");
        }
        TaskDefinition found = TaskDefinitionCalls.find(state, named);
        if (found == null) {
            throw EcsErrors.client("TaskDefinition not found.");
        }
        if (found.status() != TaskDefinitionStatus.ACTIVE) {
            throw EcsErrors.client("TaskDefinition is inactive");
        }
        return found;
    }

    /** The task definition that a service already uses, which may have been deregistered in the meantime. */
    TaskDefinition registered(String arn) {
        TaskDefinition found = TaskDefinitionCalls.find(state, arn);
        if (found == null) {
            throw EcsErrors.client("TaskDefinition not found.");
        }
        return found;
    }

    /**
     * The first cluster or service creates the service-linked role. Like every new role, it takes a while to propagate.
     */
    void checkLinkedRole() {
        TwinIam iam = context.peer(TwinIam.class);
        iam.ensureServiceLinkedRole("ecs.amazonaws.com", LINKED_ROLE);
        if (iam.role(LINKED_ROLE) == null) {
            throw EcsErrors.invalid(
                    "Unable to assume the service linked role. Please verify that the ECS service linked role exists.");
        }
    }

    void check(ServiceRevisionState revision, TaskDefinition definition) {
        boolean fargate = revision.launchType() == LaunchType.FARGATE
                || revision.strategy().stream()
                        .anyMatch(i -> i.capacityProvider().startsWith("FARGATE"));
        if (fargate && !definition.compatibilities().contains(Compatibility.FARGATE)) {
            throw EcsErrors.invalid("Task definition does not support launch_type FARGATE.");
        }
        boolean awsvpc = definition.networkMode() == NetworkMode.AWSVPC;
        AwsVpcConfiguration vpc =
                revision.network() == null ? null : revision.network().awsvpcConfiguration();
        if (awsvpc && vpc == null) {
            throw EcsErrors.invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
        }
        if (!awsvpc && vpc != null) {
            throw EcsErrors.invalid(
                    "Network Configuration is not valid for the given networkMode of this task definition.");
        }
        if (vpc != null) {
            check(vpc);
        }
        revision.loadBalancers().forEach(lb -> check(lb, definition));
    }

    private void check(AwsVpcConfiguration vpc) {
        if (vpc.subnets().isEmpty()) {
            throw EcsErrors.invalid("subnets can not be empty.");
        }
        TwinEc2 ec2 = context.peer(TwinEc2.class);
        for (String subnet : vpc.subnets()) {
            if (ec2.subnet(subnet) == null) {
                throw EcsErrors.invalid("Error retrieving subnet information for [" + subnet + "]: The subnet ID '"
                        + subnet + "' does not exist (ErrorCode: InvalidSubnetID.NotFound)");
            }
        }
        for (String group : vpc.securityGroups()) {
            if (ec2.securityGroup(group) == null) {
                throw EcsErrors.invalid("Error retrieving security group information for [" + group
                        + "]: The security group '" + group + "' does not exist (ErrorCode: InvalidGroup.NotFound)");
            }
        }
    }

    private void check(LoadBalancer lb, TaskDefinition definition) {
        TwinElb elb = context.peer(TwinElb.class);
        String group = lb.targetGroupArn();
        if (group == null) {
            throw EcsErrors.invalid("targetGroupArn or loadBalancerName must be specified.");
        }
        if (!elb.targetGroupExists(group)) {
            throw EcsErrors.invalid("The target group " + group + " does not exist.");
        }
        if (!elb.attachedToLoadBalancer(group)) {
            throw EcsErrors.invalid(
                    "The target group with targetGroupArn " + group + " does not have an associated load balancer.");
        }
        ContainerDefinition container = definition.containerDefinitions().stream()
                .filter(c -> c.name().equals(lb.containerName()))
                .findFirst()
                .orElseThrow(() -> EcsErrors.invalid(
                        "The container " + lb.containerName() + " does not exist in the task definition."));
        if (container.portMappings().stream().noneMatch(p -> p.containerPort().equals(lb.containerPort()))) {
            throw EcsErrors.invalid("The container " + lb.containerName() + " did not have a container port "
                    + lb.containerPort() + " defined.");
        }
    }

    /**
     * The rebalancing is enabled by default for a new service that can be rebalanced.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html">Balancing a service</a>
     */
    static AvailabilityZoneRebalancing defaultRebalancing(CreateServiceRequest r) {
        DeploymentConfiguration deployment = r.deploymentConfiguration();
        boolean surges = deployment == null || deployment.maximumPercent() == null || deployment.maximumPercent() > 100;
        boolean spread = r.placementStrategy().stream()
                .limit(1)
                .allMatch(s -> s.type() == PlacementStrategyType.SPREAD
                        && "attribute:ecs.availability-zone".equals(s.field()));
        boolean free = r.placementConstraints().stream()
                .allMatch(c -> c.expression() == null || !c.expression().contains("ecs.availability-zone"));
        return surges
                        && spread
                        && free
                        && r.schedulingStrategy() != SchedulingStrategy.DAEMON
                        && r.launchType() != LaunchType.EXTERNAL
                ? AvailabilityZoneRebalancing.ENABLED
                : AvailabilityZoneRebalancing.DISABLED;
    }

    static void check(DeploymentConfiguration rules, @Nullable AvailabilityZoneRebalancing rebalancing) {
        if (rules.minimumHealthyPercent() >= 100 && rules.maximumPercent() <= 100) {
            throw EcsErrors.invalid(
                    "The specified deployment configuration is not valid: with minimumHealthyPercent of 100,"
                            + " maximumPercent must be above 100.");
        }
        if (rebalancing == AvailabilityZoneRebalancing.ENABLED && rules.maximumPercent() <= 100) {
            throw EcsErrors.invalid("availabilityZoneRebalancing requires a maximumPercent of more than 100.");
        }
    }

    static void checkGrace(@Nullable Integer seconds, boolean balanced) {
        if (seconds != null && seconds > 0 && !balanced) {
            throw EcsErrors.invalid(
                    "Health check grace period is only valid for services configured to use load balancers");
        }
    }
}
