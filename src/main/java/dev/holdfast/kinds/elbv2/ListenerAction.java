package dev.holdfast.kinds.elbv2;

import dev.holdfast.kind.*;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RedirectActionStatusCodeEnum;

/**
 * The action of a listener or a rule, in a normal form. AWS returns a forward to one group both as targetGroupArn and
 * as forwardConfig, and accepts either. The normal form has only targetGroupArn if that expresses the whole action.
 *
 * <p>An action of a type that no document may contain is observed with its type alone, so that it differs from every
 * desired action.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html">Action</a>
 */
public record ListenerAction(
        @Doc("The type of the action.") @Required @Offers({"forward", "redirect", "fixed-response"})
        ActionTypeEnum type,

        @Doc("The target group, for a forward to one group.")
        @Ref("TargetGroup")
        @OnlyWith(field = "type", value = "forward")
        String targetGroupArn,

        @Doc("The target groups and their weights, for a forward to several groups.")
        @OnlyWith(field = "type", value = "forward")
        ForwardConfig forwardConfig,

        @Doc("The new location, for a redirect.") @OnlyWith(field = "type", value = "redirect")
        RedirectConfig redirectConfig,

        @Doc("The response, for a fixed response.") @OnlyWith(field = "type", value = "fixed-response")
        FixedResponseConfig fixedResponseConfig) {

    public ListenerAction {
        if (forwardConfig != null) {
            targetGroupArn = forwardConfig.only();
            forwardConfig = targetGroupArn == null ? forwardConfig : null;
        }
    }

    public record ForwardConfig(
            @Doc("The target groups.") @Required @Key("targetGroupArn")
            List<TargetGroupTuple> targetGroups,

            @Doc("Whether a client stays with the target group it got first.")
            TargetGroupStickinessConfig targetGroupStickinessConfig) {
        public ForwardConfig {
            targetGroups = targetGroups == null ? List.of() : List.copyOf(targetGroups);
            targetGroupStickinessConfig = targetGroupStickinessConfig == null
                    ? new TargetGroupStickinessConfig(false, null)
                    : targetGroupStickinessConfig;
        }

        /** The single target group, if its ARN expresses the whole configuration; otherwise null. */
        @Nullable
        String only() {
            if (targetGroups == null
                    || targetGroups.size() != 1
                    || targetGroupStickinessConfig == null
                    || Boolean.TRUE.equals(targetGroupStickinessConfig.enabled())) {
                return null;
            }
            TargetGroupTuple group = targetGroups.getFirst();
            return Integer.valueOf(1).equals(group.weight()) ? group.targetGroupArn() : null;
        }
    }

    public record TargetGroupTuple(
            @Doc("The target group.") @Required @Ref("TargetGroup")
            String targetGroupArn,

            @Doc("The weight of the target group, 0 to 999.")
            Integer weight) {
        public TargetGroupTuple {
            weight = weight == null ? Integer.valueOf(1) : weight;
        }
    }

    public record TargetGroupStickinessConfig(
            @Doc("Whether stickiness is on.") Boolean enabled,

            @Doc("The duration of stickiness, 1 to 604800 seconds.")
            Integer durationSeconds) {
        public TargetGroupStickinessConfig {
            enabled = enabled == null ? Boolean.FALSE : enabled;
        }
    }

    /** An absent part keeps its value from the request, which AWS's placeholders express. */
    public record RedirectConfig(
            @Doc("The protocol, or #{protocol}.") String protocol,
            @Doc("The port, or #{port}.") String port,
            @Doc("The host, or #{host}.") String host,

            @Doc("The path, beginning with a slash; it may contain #{host}, #{path} and #{port}.")
            String path,

            @Doc("The query without its question mark; it may contain #{query}.")
            String query,

            @Doc("The status code: HTTP_301 (permanent) or HTTP_302 (temporary).") @Required
            RedirectActionStatusCodeEnum statusCode) {
        public RedirectConfig {
            protocol = protocol == null ? "#{protocol}" : protocol;
            port = port == null ? "#{port}" : port;
            host = host == null ? "#{host}" : host;
            path = path == null ? "/#{path}" : path;
            query = query == null ? "#{query}" : query;
        }
    }

    public record FixedResponseConfig(
            @Doc("The status code, 2XX, 4XX or 5XX.") @Required
            String statusCode,

            @Doc("The type of the body: text/plain, text/css, text/html, application/javascript or application/json.")
            String contentType,

            @Doc("The body of the response.") String messageBody) {
        public FixedResponseConfig {
            contentType = contentType == null ? "text/plain" : contentType;
            messageBody = messageBody == null ? "" : messageBody;
        }
    }

    /** Whether both lists use the same target group, which can serve the listeners of only one load balancer. */
    static boolean share(@Nullable List<ListenerAction> some, @Nullable List<ListenerAction> others) {
        Set<String> groups = targetGroups(some);
        groups.retainAll(targetGroups(others));
        return !groups.isEmpty();
    }

    private static Set<String> targetGroups(@Nullable List<ListenerAction> actions) {
        Set<String> arns = new HashSet<>();
        for (ListenerAction action : actions == null ? List.<ListenerAction>of() : actions) {
            if (action.targetGroupArn() != null) {
                arns.add(action.targetGroupArn());
            }
            ForwardConfig config = action.forwardConfig();
            if (config != null && config.targetGroups() != null) {
                config.targetGroups().forEach(g -> arns.add(String.valueOf(g.targetGroupArn())));
            }
        }
        arns.removeIf(Unresolved::is);
        return arns;
    }
}
