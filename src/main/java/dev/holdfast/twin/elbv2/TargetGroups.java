package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinTable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetGroupsResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Matcher;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyTargetGroupRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroup;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupIpAddressTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetTypeEnum;

/** The target groups: their health checks, defaults and attributes. */
final class TargetGroups {
    private static final int PAGE = 400;
    private static final int LONGEST_NAME = 32;

    /** @param model without its load balancers, which are worked out when asked for */
    record Row(TargetGroup model, Map<String, String> attributes) {}

    private final TwinContext context;
    private final ElbTags tags;
    private final TwinTable<Row> rows;

    TargetGroups(TwinContext context, ElbTags tags) {
        this.context = context;
        this.tags = tags;
        this.rows = new TwinTable<>(context);
    }

    TargetGroup create(CreateTargetGroupRequest r) {
        checkName(r.name());
        if (r.targetType() == TargetTypeEnum.LAMBDA) {
            throw ElbErrors.invalid("Target type 'lambda' is not known to this twin");
        }
        if (r.protocol() == null || r.port() == null || r.vpcId() == null) {
            throw ElbErrors.invalid("Protocol, port and VPC ID must be specified");
        }
        TargetGroup asked = withDefaults(r);
        checkHealthCheck(asked);
        for (Row row : rows.all()) {
            if (Objects.equals(row.model().targetGroupName(), r.name())) {
                return repeated(row.model(), asked, r);
            }
        }
        String arn = context.arn("elasticloadbalancing", "targetgroup/" + r.name() + "/" + context.hex(16));
        TargetGroup made = asked.toBuilder().targetGroupArn(arn).build();
        tags.begin(arn, r.tags());
        rows.put(arn, new Row(made, ElbAttributes.ofTargetGroup(made.protocol())));
        return made;
    }

    /** The same create again answers with the one that is there, whoever made it. */
    private TargetGroup repeated(TargetGroup there, TargetGroup asked, CreateTargetGroupRequest r) {
        if (there.toBuilder().targetGroupArn(null).build().equals(asked)
                && tags.same(there.targetGroupArn(), r.tags())) {
            return there;
        }
        throw ElbErrors.refused(
                "DuplicateTargetGroupName",
                "A target group with the same name '" + r.name() + "' exists, but with different settings");
    }

    private static TargetGroup withDefaults(CreateTargetGroupRequest r) {
        boolean http = ElbAttributes.isHttp(r.protocol());
        ProtocolEnum check =
                r.healthCheckProtocol() != null ? r.healthCheckProtocol() : http ? ProtocolEnum.HTTP : ProtocolEnum.TCP;
        boolean httpCheck = ElbAttributes.isHttp(check);
        boolean grpc = "GRPC".equals(r.protocolVersion());
        Matcher matcher = grpc
                ? Matcher.builder().grpcCode("12").build()
                : Matcher.builder().httpCode(http ? "200" : "200-399").build();
        return TargetGroup.builder()
                .targetGroupName(r.name())
                .protocol(r.protocol())
                .port(r.port())
                .vpcId(r.vpcId())
                .protocolVersion(http ? or(r.protocolVersion(), "HTTP1") : null)
                .targetType(or(r.targetType(), TargetTypeEnum.INSTANCE))
                .ipAddressType(or(r.ipAddressType(), TargetGroupIpAddressTypeEnum.IPV4))
                .healthCheckEnabled(true)
                .healthCheckProtocol(check)
                .healthCheckPort(or(r.healthCheckPort(), "traffic-port"))
                .healthCheckPath(httpCheck ? or(r.healthCheckPath(), grpc ? "/AWS.ALB/healthcheck" : "/") : null)
                .healthCheckIntervalSeconds(or(r.healthCheckIntervalSeconds(), 30))
                .healthCheckTimeoutSeconds(or(r.healthCheckTimeoutSeconds(), http ? 5 : httpCheck ? 6 : 10))
                .healthyThresholdCount(or(r.healthyThresholdCount(), 5))
                .unhealthyThresholdCount(or(r.unhealthyThresholdCount(), 2))
                .matcher(httpCheck ? or(r.matcher(), matcher) : null)
                .build();
    }

    private static void checkHealthCheck(TargetGroup g) {
        if (ElbAttributes.isHttp(g.protocol()) && g.healthCheckTimeoutSeconds() >= g.healthCheckIntervalSeconds()) {
            throw ElbErrors.invalid("Health check interval must be greater than the timeout.");
        }
        between("Health check interval", g.healthCheckIntervalSeconds(), 5, 300);
        between("Health check timeout", g.healthCheckTimeoutSeconds(), 2, 120);
        between("Healthy threshold count", g.healthyThresholdCount(), 2, 10);
        between("Unhealthy threshold count", g.unhealthyThresholdCount(), 2, 10);
    }

    private static void between(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw ElbErrors.invalid(
                    what + " '" + value + "' must be in the range '" + least + "' to '" + most + "' inclusive");
        }
    }

    private static void checkName(@Nullable String name) {
        if (name == null || !name.matches("[a-zA-Z0-9-]+") || name.startsWith("-") || name.endsWith("-")) {
            throw ElbErrors.invalid("Target group name '" + name
                    + "' can only contain characters that are alphanumeric characters and hyphens(-)");
        }
        if (name.length() > LONGEST_NAME) {
            throw ElbErrors.invalid(
                    "Target group name '" + name + "' cannot be longer than '" + LONGEST_NAME + "' characters");
        }
    }

    TargetGroup modify(ModifyTargetGroupRequest r) {
        Row row = get(r.targetGroupArn());
        TargetGroup old = row.model();
        TargetGroup made = old.toBuilder()
                .healthCheckProtocol(or(r.healthCheckProtocol(), old.healthCheckProtocol()))
                .healthCheckPort(or(r.healthCheckPort(), old.healthCheckPort()))
                .healthCheckPath(r.healthCheckPath() != null ? r.healthCheckPath() : old.healthCheckPath())
                .healthCheckEnabled(or(r.healthCheckEnabled(), old.healthCheckEnabled()))
                .healthCheckIntervalSeconds(or(r.healthCheckIntervalSeconds(), old.healthCheckIntervalSeconds()))
                .healthCheckTimeoutSeconds(or(r.healthCheckTimeoutSeconds(), old.healthCheckTimeoutSeconds()))
                .healthyThresholdCount(or(r.healthyThresholdCount(), old.healthyThresholdCount()))
                .unhealthyThresholdCount(or(r.unhealthyThresholdCount(), old.unhealthyThresholdCount()))
                .matcher(r.matcher() != null ? r.matcher() : old.matcher())
                .build();
        checkHealthCheck(made);
        rows.put(made.targetGroupArn(), new Row(made, row.attributes()));
        return made;
    }

    Map<String, String> modifyAttributes(String arn, Map<String, String> asked) {
        Row row = get(arn);
        Map<String, String> merged = ElbAttributes.merged("Target group", row.attributes(), asked);
        rows.put(arn, new Row(row.model(), merged));
        return merged;
    }

    /** @param usedBy ARNs of the load balancers that send to the target group of this ARN */
    DescribeTargetGroupsResponse describe(
            DescribeTargetGroupsRequest r, java.util.function.Function<String, List<String>> usedBy) {
        for (String arn : r.targetGroupArns()) {
            if (rows.visible(arn) == null) {
                throw ElbErrors.noTargetGroup(arn);
            }
        }
        List<TargetGroup> seen = rows.visible().stream()
                .map(g -> g.model().toBuilder()
                        .loadBalancerArns(usedBy.apply(g.model().targetGroupArn()))
                        .build())
                .toList();
        for (String name : r.names()) {
            if (seen.stream().noneMatch(g -> g.targetGroupName().equals(name))) {
                throw ElbErrors.noTargetGroup(name);
            }
        }
        Predicate<TargetGroup> wanted =
                g -> (r.targetGroupArns().isEmpty() || r.targetGroupArns().contains(g.targetGroupArn()))
                        && (r.names().isEmpty() || r.names().contains(g.targetGroupName()))
                        && (r.loadBalancerArn() == null || g.loadBalancerArns().contains(r.loadBalancerArn()));
        TwinContext.Page<TargetGroup> page =
                context.page(seen.stream().filter(wanted).toList(), r.marker(), PAGE, r.pageSize());
        return DescribeTargetGroupsResponse.builder()
                .targetGroups(page.items())
                .nextMarker(page.next())
                .build();
    }

    Row get(@Nullable String arn) {
        Row row = rows.get(arn);
        if (row == null) {
            throw ElbErrors.noTargetGroup(String.valueOf(arn));
        }
        return row;
    }

    boolean exists(@Nullable String arn) {
        return rows.get(arn) != null;
    }

    Stream<Row> all() {
        return rows.all().stream();
    }

    void remove(String arn) {
        rows.remove(arn);
        tags.end(arn);
    }

    Duration deregistrationDelay(String arn) {
        Row row = rows.get(arn);
        String seconds = row == null ? null : row.attributes().get("deregistration_delay.timeout_seconds");
        return seconds == null ? Duration.ZERO : Duration.ofSeconds(Long.parseLong(seconds));
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }
}
