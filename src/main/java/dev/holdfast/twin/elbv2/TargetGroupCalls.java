package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.elbv2.ElbState.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinTags;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/** Target groups: their health checks, defaults and attributes, and the targets that are registered with them. */
interface TargetGroupCalls extends ElasticLoadBalancingV2Client {
    ElbState state();

    @Override
    default CreateTargetGroupResponse createTargetGroup(CreateTargetGroupRequest r) {
        ElbState s = state();
        ElbState.checkName("Target group", r.name());
        if (r.targetType() == TargetTypeEnum.LAMBDA) {
            throw invalid("Target type 'lambda' is not known to this twin");
        }
        if (r.protocol() == null || r.port() == null || r.vpcId() == null) {
            throw invalid("Protocol, port and VPC ID must be specified");
        }
        TargetGroup asked =
                withDefaults(SdkShapes.copy(r, TargetGroup.builder()).targetGroupName(r.name()));
        if (!ElbAttributes.isHttp(asked.healthCheckProtocol())
                && (r.healthCheckPath() != null || r.matcher() != null)) {
            throw httpOnly(asked.healthCheckProtocolAsString());
        }
        checkHealthCheck(asked);
        TargetGroup there = s.groups.stream()
                .filter(g -> g.targetGroupName().equals(r.name()))
                .findFirst()
                .orElse(null);
        if (there == null) {
            String arn = s.context.arn("elasticloadbalancing", "targetgroup/" + r.name() + "/" + s.context.hex(16));
            there = s.groups.add(asked.toBuilder().targetGroupArn(arn).build(), TwinTags.in(r));
            s.groups.stored(arn).attributes().putAll(ElbAttributes.ofTargetGroup(there.protocol()));
        } else if (!there.toBuilder().targetGroupArn(null).build().equals(asked)
                || !TwinTags.in(r).equals(s.groups.tags(there.targetGroupArn()))) {
            throw refused(
                    "DuplicateTargetGroupName",
                    "A target group with the same name '" + r.name() + "' exists, but with different settings");
        }
        return CreateTargetGroupResponse.builder()
                .targetGroups(s.groups.shown(there))
                .build();
    }

    private static TargetGroup withDefaults(TargetGroup.Builder asked) {
        TargetGroup g = asked.build();
        boolean http = ElbAttributes.isHttp(g.protocol());
        ProtocolEnum check = or(g.healthCheckProtocol(), http ? ProtocolEnum.HTTP : ProtocolEnum.TCP);
        boolean httpCheck = ElbAttributes.isHttp(check);
        boolean grpc = "GRPC".equals(g.protocolVersion());
        Matcher matcher = grpc
                ? Matcher.builder().grpcCode("12").build()
                : Matcher.builder().httpCode(http ? "200" : "200-399").build();
        return asked.protocolVersion(http ? or(g.protocolVersion(), "HTTP1") : null)
                .targetType(or(g.targetType(), TargetTypeEnum.INSTANCE))
                .ipAddressType(or(g.ipAddressType(), TargetGroupIpAddressTypeEnum.IPV4))
                .healthCheckEnabled(true)
                .healthCheckProtocol(check)
                .healthCheckPort(or(g.healthCheckPort(), "traffic-port"))
                .healthCheckPath(httpCheck ? or(g.healthCheckPath(), grpc ? "/AWS.ALB/healthcheck" : "/") : null)
                .healthCheckIntervalSeconds(or(g.healthCheckIntervalSeconds(), 30))
                .healthCheckTimeoutSeconds(or(g.healthCheckTimeoutSeconds(), http ? 5 : httpCheck ? 6 : 10))
                .healthyThresholdCount(or(g.healthyThresholdCount(), 5))
                .unhealthyThresholdCount(or(g.unhealthyThresholdCount(), 2))
                .matcher(httpCheck ? or(g.matcher(), matcher) : null)
                .build();
    }

    /** An empty text counts as absent, because Terraform sends unset members as empty texts. */
    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null || value.equals("") ? otherwise : value;
    }

    private static AwsServiceException httpOnly(String protocol) {
        return refused(
                "InvalidConfigurationRequest",
                "You cannot specify a health check path or matcher for health checks with the protocol '" + protocol
                        + "'");
    }

    private static void checkHealthCheck(TargetGroup g) {
        if (ElbAttributes.isHttp(g.protocol()) && g.healthCheckTimeoutSeconds() >= g.healthCheckIntervalSeconds()) {
            throw invalid("Health check interval must be greater than the timeout.");
        }
        between("Health check interval", g.healthCheckIntervalSeconds(), 5, 300);
        between("Health check timeout", g.healthCheckTimeoutSeconds(), 2, 120);
        between("Healthy threshold count", g.healthyThresholdCount(), 2, 10);
        between("Unhealthy threshold count", g.unhealthyThresholdCount(), 2, 10);
    }

    private static void between(String member, int value, int least, int most) {
        if (value < least || value > most) {
            throw invalid(member + " '" + value + "' must be in the range '" + least + "' to '" + most + "' inclusive");
        }
    }

    @Override
    default DescribeTargetGroupsResponse describeTargetGroups(DescribeTargetGroupsRequest r) {
        Stream<TargetGroup> wanted = state().groups
                .visible(r.targetGroupArns(), r.names())
                .filter(g -> r.loadBalancerArn() == null || g.loadBalancerArns().contains(r.loadBalancerArn()));
        return state().groups.page(r, DescribeTargetGroupsResponse.builder(), wanted);
    }

    @Override
    default ModifyTargetGroupResponse modifyTargetGroup(ModifyTargetGroupRequest r) {
        ElbState s = state();
        TargetGroup asked =
                SdkShapes.copy(r, s.groups.need(r.targetGroupArn()).toBuilder()).build();
        if (!ElbAttributes.isHttp(asked.healthCheckProtocol())
                && (r.healthCheckPath() != null || r.matcher() != null)) {
            throw httpOnly(asked.healthCheckProtocolAsString());
        }
        TargetGroup changed = withDefaults(asked.toBuilder());
        checkHealthCheck(changed);
        s.groups.put(changed);
        return ModifyTargetGroupResponse.builder()
                .targetGroups(s.groups.shown(changed))
                .build();
    }

    @Override
    default ModifyTargetGroupAttributesResponse modifyTargetGroupAttributes(ModifyTargetGroupAttributesRequest r) {
        return ModifyTargetGroupAttributesResponse.builder()
                .attributes(SdkShapes.pairs(
                        ElbState.setAttributes(
                                state().groups.stored(r.targetGroupArn()), "Target group", r.attributes()),
                        TargetGroupAttribute::builder))
                .build();
    }

    @Override
    default DescribeTargetGroupAttributesResponse describeTargetGroupAttributes(
            DescribeTargetGroupAttributesRequest r) {
        return DescribeTargetGroupAttributesResponse.builder()
                .attributes(SdkShapes.pairs(
                        state().groups.stored(r.targetGroupArn()).attributes(), TargetGroupAttribute::builder))
                .build();
    }

    /** As in AWS, the deletion of a missing target group succeeds. */
    @Override
    default DeleteTargetGroupResponse deleteTargetGroup(DeleteTargetGroupRequest r) {
        ElbState s = state();
        if (s.isUsed(r.targetGroupArn())) {
            throw refused(
                    "ResourceInUse",
                    "Target group '" + r.targetGroupArn() + "' is currently in use by a listener or a rule");
        }
        if (s.groups.has(r.targetGroupArn())) {
            s.groups.remove(r.targetGroupArn());
            s.targets.removeGroup(r.targetGroupArn());
        }
        return DeleteTargetGroupResponse.builder().build();
    }

    @Override
    default RegisterTargetsResponse registerTargets(RegisterTargetsRequest r) {
        state().targets.register(r);
        return RegisterTargetsResponse.builder().build();
    }

    @Override
    default DeregisterTargetsResponse deregisterTargets(DeregisterTargetsRequest r) {
        state().targets.deregister(r);
        return DeregisterTargetsResponse.builder().build();
    }

    @Override
    default DescribeTargetHealthResponse describeTargetHealth(DescribeTargetHealthRequest r) {
        return state().targets.describe(r);
    }
}
