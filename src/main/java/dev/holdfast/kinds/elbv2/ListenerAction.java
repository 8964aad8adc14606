package dev.holdfast.kinds.elbv2;

import dev.holdfast.kind.*;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RedirectActionStatusCodeEnum;

/**
 * What a listener or a rule does with a request, in one form: AWS answers a forward to one group both as targetGroupArn and as
 * forwardConfig, and takes either; here it is the former wherever that says everything.
 *
 * <p>An action of a type that no document may say is observed with its type alone, so that it differs from every desired one.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_Action.html">Action</a>
 */
public record ListenerAction(
        @Doc("What is done.") @Required @Offers({"forward", "redirect", "fixed-response"})
        ActionTypeEnum type,

        @Doc("The target group, for a forward to one.") @Ref("TargetGroup") @OnlyWith(field = "type", value = "forward")
        String targetGroupArn,

        @Doc("The target groups and their weights, for a forward to several.")
        @OnlyWith(field = "type", value = "forward")
        ForwardConfig forwardConfig,

        @Doc("Where to, for a redirect.") @OnlyWith(field = "type", value = "redirect")
        RedirectConfig redirectConfig,

        @Doc("The answer, for a fixed response.") @OnlyWith(field = "type", value = "fixed-response")
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

        /** The one target group, if an ARN says all that there is to say; otherwise null. */
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

            @Doc("Its weight, 0 to 999.") Integer weight) {
        public TargetGroupTuple {
            weight = weight == null ? Integer.valueOf(1) : weight;
        }
    }

    public record TargetGroupStickinessConfig(
            @Doc("Whether it is on.") Boolean enabled,

            @Doc("For how many seconds, 1 to 604800.") Integer durationSeconds) {
        public TargetGroupStickinessConfig {
            enabled = enabled == null ? Boolean.FALSE : enabled;
        }
    }

    /** A part that is left out is kept from the request: AWS's placeholders say so. */
    public record RedirectConfig(
            @Doc("The protocol, or #{protocol}.") String protocol,
            @Doc("The port, or #{port}.") String port,
            @Doc("The host, or #{host}.") String host,

            @Doc("The path, beginning with a slash; may hold #{host}, #{path} and #{port}.")
            String path,

            @Doc("The query without its question mark; may hold #{query}.")
            String query,

            @Doc("HTTP_301 (for good) or HTTP_302 (for now).") @Required
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

            @Doc("text/plain, text/css, text/html, application/javascript or application/json.")
            String contentType,

            @Doc("The body.") String messageBody) {
        public FixedResponseConfig {
            contentType = contentType == null ? "text/plain" : contentType;
            messageBody = messageBody == null ? "" : messageBody;
        }
    }

    /** Whether a target group is in both: it can serve the listeners of one load balancer only. */
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
