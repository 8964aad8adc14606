package dev.holdfast.kinds.elbv2;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.DeclaredKeys;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupNotFoundException;

/** A target group; ECS registers its tasks in it. */
@Singleton
public final class TargetGroupKind implements Kind<TargetGroupKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html">CreateTargetGroup</a> */
    public record Spec(
            @Doc("The name: letters, digits and hyphens.") @PhysicalName(max = 32) @Nullable
            String name,

            @Doc("The protocol towards the targets.") @Required @Immutable @Nullable
            Protocol protocol,

            @Doc("The protocol version, for HTTP and HTTPS.") @Immutable @Nullable
            ProtocolVersion protocolVersion,

            @Doc("The port of targets that name none.") @Required @Immutable @Range(min = 1, max = 65535) @Nullable
            Integer port,

            @Doc("The VPC that the targets are in.") @Required @Immutable @Ref("Vpc") @Nullable
            String vpcId,

            @Doc("How targets are named; tasks on Fargate by ip.") @Immutable @Nullable
            TargetType targetType,

            @Doc("The type of the targets' addresses.") @Immutable @Nullable
            IpAddressType ipAddressType,

            @Doc("The protocol of the health check.") @Nullable
            Protocol healthCheckProtocol,

            @Doc("The port of the health check, or traffic-port.") @Nullable
            String healthCheckPort,

            @Doc("The path of the health check, for HTTP and HTTPS.") @Nullable
            String healthCheckPath,

            @Doc("Seconds between two health checks of one target.") @Range(min = 5, max = 300) @Nullable
            Integer healthCheckIntervalSeconds,

            @Doc("Seconds without an answer after which a check has failed.") @Range(min = 2, max = 120) @Nullable
            Integer healthCheckTimeoutSeconds,

            @Doc("Checks passed in a row before a target counts as healthy.") @Range(min = 2, max = 10) @Nullable
            Integer healthyThresholdCount,

            @Doc("Checks failed in a row before a target counts as unhealthy.") @Range(min = 2, max = 10) @Nullable
            Integer unhealthyThresholdCount,

            @Doc("The answers that count as healthy, for HTTP and HTTPS.") @Nullable
            Matcher matcher,

            @Doc("Attributes by AWS's own names, such as deregistration_delay.timeout_seconds; only those named"
                    + " here are compared.")
            @DeclaredKeys
            @Slow("attributes")
            @Nullable
            Map<String, String> targetGroupAttributes,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    /** Codes as AWS writes them: 200, 200-299, or a list with commas. */
    public record Matcher(
            @Doc("HTTP status codes.") @Nullable String httpCode,
            @Doc("gRPC status codes.") @Nullable String grpcCode) {}

    public enum Protocol {
        HTTP,
        HTTPS,
        TCP,
        TLS,
        UDP,
        TCP_UDP
    }

    public enum ProtocolVersion {
        HTTP1,
        HTTP2,
        GRPC
    }

    public enum TargetType {
        IP("ip"),
        INSTANCE("instance"),
        ALB("alb");
        private final String wire;

        TargetType(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    public enum IpAddressType {
        IPV4("ipv4"),
        IPV6("ipv6");
        private final String wire;

        IpAddressType(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("TargetGroup", Spec.class, OwnershipForm.TAG)
                .description("A target group: where a listener sends requests, and how the targets' health is checked.")
                .output("arn", "The target group's ARN.")
                .output("fullName", "targetgroup/name/id, the dimension TargetGroup of its metrics.")
                .output("name", "Its name.")
                .output("loadBalancerArns", "ARNs of the load balancers that send to it.")
                .page("https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html")
                .leavesOut("HealthCheckEnabled", "only lambda targets may go without")
                .leavesOut("TargetControlPort", "the target optimizer is not managed here")
                .fault(FaultRule.of("ResourceInUse", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("DuplicateTargetGroupName", Fault.Category.EXISTS))
                .permissions(Permissions.on("elasticloadbalancing:{region}:{account}:targetgroup/*")
                        .lists("elasticloadbalancing:DescribeTargetGroups", "elasticloadbalancing:DescribeTags")
                        .reads("elasticloadbalancing:DescribeTargetGroupAttributes")
                        .creates("elasticloadbalancing:CreateTargetGroup")
                        .tags("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")
                        .changes("elasticloadbalancing:ModifyTargetGroup", "elasticloadbalancing:DeleteTargetGroup")
                        .changesFor("targetGroupAttributes", "elasticloadbalancing:ModifyTargetGroupAttributes"))
                .build();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        Integer timeout = spec.healthCheckTimeoutSeconds();
        Integer interval = spec.healthCheckIntervalSeconds();
        if (timeout != null && interval != null && timeout >= interval) {
            findings.wrong(
                    Spec::healthCheckTimeoutSeconds,
                    "expected less than healthCheckIntervalSeconds, " + interval + ", found " + timeout,
                    "lower the one or raise the other");
        }
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        if (Elb.nothingToDo(scope)) {
            return List.of();
        }
        ElasticLoadBalancingV2Client elb = scope.client(ElasticLoadBalancingV2Client.class);
        Set<String> arns = Elb.recorded(scope);
        Set<String> names = Elb.names(scope);
        // Named in the request, one that is missing would hide all the others.
        List<TargetGroup> all = scope.confirming()
                ? named(elb, arns, names)
                : elb.describeTargetGroupsPaginator(r -> r.pageSize(Elb.PAGE)).targetGroups().stream()
                        .toList();
        List<Elb.Tagged<TargetGroup>> ours = Elb.ours(
                scope,
                all,
                TargetGroup::targetGroupArn,
                g -> arns.contains(g.targetGroupArn()) || names.contains(g.targetGroupName()));
        return scope.each(
                ours,
                f -> Elb.identity(f.thing().targetGroupArn(), f).named(f.thing().targetGroupName()),
                (f, identity) -> observed(elb, scope, f.thing(), identity));
    }

    private static List<TargetGroup> named(ElasticLoadBalancingV2Client elb, Set<String> arns, Set<String> names) {
        try {
            return arns.isEmpty()
                    ? elb.describeTargetGroups(r -> r.names(names)).targetGroups()
                    : elb.describeTargetGroups(r -> r.targetGroupArns(arns)).targetGroups();
        } catch (TargetGroupNotFoundException e) {
            return List.of();
        }
    }

    private static Known<Spec> observed(
            ElasticLoadBalancingV2Client elb, Scope<Spec> scope, TargetGroup group, Identity identity) {
        String arn = group.targetGroupArn();
        Map<String, String> attributes = scope.slow(
                arn,
                "attributes",
                () -> Elb.map(
                        elb.describeTargetGroupAttributes(r -> r.targetGroupArn(arn))
                                .attributes(),
                        TargetGroupAttribute::key,
                        TargetGroupAttribute::value));
        Spec spec = new Spec(
                group.targetGroupName(),
                Elb.constant(Protocol.class, group.protocolAsString()),
                Elb.constant(ProtocolVersion.class, group.protocolVersion()),
                group.port(),
                group.vpcId(),
                Elb.constant(TargetType.class, group.targetTypeAsString()),
                Elb.constant(IpAddressType.class, group.ipAddressTypeAsString()),
                Elb.constant(Protocol.class, group.healthCheckProtocolAsString()),
                group.healthCheckPort(),
                group.healthCheckPath(),
                group.healthCheckIntervalSeconds(),
                group.healthCheckTimeoutSeconds(),
                group.healthyThresholdCount(),
                group.unhealthyThresholdCount(),
                group.matcher() == null
                        ? null
                        : new Matcher(
                                group.matcher().httpCode(), group.matcher().grpcCode()),
                attributes,
                identity.tags());
        return Known.of(identity, spec)
                .output("arn", arn)
                .output("fullName", arn.substring(arn.lastIndexOf(':') + 1))
                .output("name", group.targetGroupName())
                .output("loadBalancerArns", group.loadBalancerArns());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(ElasticLoadBalancingV2Client.class)
                .createTargetGroup(r -> r.name(spec.name())
                        .protocol(Elb.wire(spec.protocol()))
                        .protocolVersion(Elb.wire(spec.protocolVersion()))
                        .port(spec.port())
                        .vpcId(spec.vpcId())
                        .targetType(Elb.wire(spec.targetType()))
                        .ipAddressType(Elb.wire(spec.ipAddressType()))
                        .healthCheckProtocol(Elb.wire(spec.healthCheckProtocol()))
                        .healthCheckPort(spec.healthCheckPort())
                        .healthCheckPath(spec.healthCheckPath())
                        .healthCheckIntervalSeconds(spec.healthCheckIntervalSeconds())
                        .healthCheckTimeoutSeconds(spec.healthCheckTimeoutSeconds())
                        .healthyThresholdCount(spec.healthyThresholdCount())
                        .unhealthyThresholdCount(spec.unhealthyThresholdCount())
                        .matcher(matcher(spec.matcher()))
                        .tags(Elb.tags(spec.tags())))
                .targetGroups()
                .getFirst()
                .targetGroupArn();
    }

    private static software.amazon.awssdk.services.elasticloadbalancingv2.model.@Nullable Matcher matcher(
            @Nullable Matcher matcher) {
        return matcher == null
                ? null
                : software.amazon.awssdk.services.elasticloadbalancingv2.model.Matcher.builder()
                        .httpCode(matcher.httpCode())
                        .grpcCode(matcher.grpcCode())
                        .build();
    }

    @Override
    public void update(Change<Spec> change) {
        ElasticLoadBalancingV2Client elb = change.client(ElasticLoadBalancingV2Client.class);
        String arn = change.physicalId();
        Spec spec = change.spec();
        if (change.touches(
                Spec::healthCheckProtocol,
                Spec::healthCheckPort,
                Spec::healthCheckPath,
                Spec::healthCheckIntervalSeconds,
                Spec::healthCheckTimeoutSeconds,
                Spec::healthyThresholdCount,
                Spec::unhealthyThresholdCount,
                Spec::matcher)) {
            elb.modifyTargetGroup(r -> r.targetGroupArn(arn)
                    .healthCheckProtocol(Elb.wire(spec.healthCheckProtocol()))
                    .healthCheckPort(spec.healthCheckPort())
                    .healthCheckPath(spec.healthCheckPath())
                    .healthCheckIntervalSeconds(spec.healthCheckIntervalSeconds())
                    .healthCheckTimeoutSeconds(spec.healthCheckTimeoutSeconds())
                    .healthyThresholdCount(spec.healthyThresholdCount())
                    .unhealthyThresholdCount(spec.unhealthyThresholdCount())
                    .matcher(matcher(spec.matcher())));
        }
        if (change.touches(Spec::targetGroupAttributes)) {
            elb.modifyTargetGroupAttributes(r -> r.targetGroupArn(arn)
                    .attributes(Elb.differing(
                            spec.targetGroupAttributes(),
                            change.observed().spec().targetGroupAttributes(),
                            (k, v) -> TargetGroupAttribute.builder()
                                    .key(k)
                                    .value(v)
                                    .build())));
        }
        Elb.updateTags(elb, change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(ElasticLoadBalancingV2Client.class)
                .deleteTargetGroup(r -> r.targetGroupArn(observed.physicalId()));
    }
}
