package dev.holdfast.kinds.elbv2;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Map;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupIpAddressTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** A target group; ECS registers its tasks in it. */
@Singleton
public final class TargetGroupKind extends DeclaredKind<TargetGroupKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html">CreateTargetGroup</a> */
    public record Spec(
            @Doc("The name: letters, digits and hyphens.") @PhysicalName(max = 32)
            String name,

            @Doc("The protocol towards the targets.")
            @Required
            @Immutable
            @Offers({"HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"})
            ProtocolEnum protocol,

            @Doc("The protocol version, for HTTP and HTTPS.")
            @Immutable
            @Offers({"HTTP1", "HTTP2", "GRPC"})
            @OnlyWith(
                    field = "protocol",
                    value = {"HTTP", "HTTPS"})
            String protocolVersion,

            @Doc("The port of targets that are registered without a port.")
            @Required
            @Immutable
            @Range(min = 1, max = 65535)
            Integer port,

            @Doc("The VPC that the targets are in.") @Required @Immutable @Ref("Vpc")
            String vpcId,

            @Doc("The type of the targets; tasks on Fargate need ip.") @Immutable @Offers({"ip", "instance", "alb"})
            TargetTypeEnum targetType,

            @Doc("The type of the targets' addresses.") @Immutable
            TargetGroupIpAddressTypeEnum ipAddressType,

            @Doc("The protocol of the health check.") @Offers({"HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"})
            ProtocolEnum healthCheckProtocol,

            @Doc("The port of the health check, or traffic-port.")
            String healthCheckPort,

            @Doc("The path of the health check, for HTTP and HTTPS.")
            String healthCheckPath,

            @Doc("Seconds between two health checks of one target.") @Range(min = 5, max = 300)
            Integer healthCheckIntervalSeconds,

            @Doc("Seconds without an answer after which a check has failed.") @Range(min = 2, max = 120)
            Integer healthCheckTimeoutSeconds,

            @Doc("Checks passed in a row before a target counts as healthy.") @Range(min = 2, max = 10)
            Integer healthyThresholdCount,

            @Doc("Checks failed in a row before a target counts as unhealthy.") @Range(min = 2, max = 10)
            Integer unhealthyThresholdCount,

            @Doc("The answers that count as healthy, for HTTP and HTTPS.")
            Matcher matcher,

            @Doc("The attributes by AWS's names, for example deregistration_delay.timeout_seconds; only"
                    + " attributes that are declared here are compared.")
            @DeclaredKeys
            @Slow("attributes")
            Map<String, String> targetGroupAttributes,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    /** The codes in AWS's notation: 200, 200-299, or a list with commas. */
    public record Matcher(
            @Doc("HTTP status codes.") String httpCode,
            @Doc("gRPC status codes.") String grpcCode) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        PointRead<ElasticLoadBalancingV2Client, TargetGroup> read = PointRead.of(
                (elb, arn) ->
                        elb.describeTargetGroups(r -> r.targetGroupArns(arn)).targetGroups(),
                (elb, name) -> elb.describeTargetGroups(r -> r.names(name)).targetGroups(),
                TargetGroupNotFoundException.class);
        return Recipe.of("TargetGroup", Spec.class, ElasticLoadBalancingV2Client.class)
                .description("A target group: the targets that a listener sends requests to, and their health check.")
                .lists(
                        elb -> elb.describeTargetGroupsPaginator(r -> r.pageSize(Elb.PAGE))
                                .targetGroups(),
                        read)
                .id(TargetGroup::targetGroupArn)
                .name(TargetGroup::targetGroupName)
                .tags(Elb.tagging("targetgroup"))
                .creates(CreateTargetGroupRequest::builder, ElasticLoadBalancingV2Client::createTargetGroup)
                .changes(ModifyTargetGroupRequest::builder, ElasticLoadBalancingV2Client::modifyTargetGroup)
                .attributes(
                        Spec::targetGroupAttributes,
                        (elb, arn) -> elb.describeTargetGroupAttributes(r -> r.targetGroupArn(arn))
                                .attributes(),
                        (elb, arn, attributes) -> elb.modifyTargetGroupAttributes(r -> r.targetGroupArn(arn)
                                .attributes(SdkShapes.pairs(attributes, TargetGroupAttribute::builder))))
                .deletes((elb, arn) -> elb.deleteTargetGroup(r -> r.targetGroupArn(arn)))
                .output("arn", "The target group's ARN.", TargetGroup::targetGroupArn)
                .output(
                        "fullName",
                        "targetgroup/name/id, the dimension TargetGroup of its metrics.",
                        group -> Values.last(group.targetGroupArn(), ':'))
                .output("name", "The target group's name.", TargetGroup::targetGroupName)
                .output(
                        "loadBalancerArns",
                        "The ARNs of the load balancers that send requests to the group.",
                        TargetGroup::loadBalancerArns)
                .strays("Target", ForeignTargets::find)
                .leavesOut("HealthCheckEnabled", "only lambda targets may have no health check")
                .leavesOut(
                        "TargetControlPort", "not offered yet: the target optimizer needs an agent of AWS in each task")
                .fault("ResourceInUse", DEPENDENCY)
                .fault("DuplicateTargetGroupName", EXISTS)
                .permissions(Permissions.on("elasticloadbalancing:{region}:{account}:targetgroup/*"))
                .page(
                        "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html");
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        Integer timeout = spec.healthCheckTimeoutSeconds();
        Integer interval = spec.healthCheckIntervalSeconds();
        if (timeout != null && interval != null && timeout >= interval) {
            findings.wrong(
                    Spec::healthCheckTimeoutSeconds,
                    "expected less than healthCheckIntervalSeconds, " + interval + ", found " + timeout,
                    "lower healthCheckTimeoutSeconds, or raise healthCheckIntervalSeconds");
        }
    }
}
