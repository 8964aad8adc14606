package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.store.TwinErrors.refused;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ActionTypeEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ForwardActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RedirectActionConfig;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetGroupTuple;

/** Actions as AWS returns them: with defaults, and with a forward to one target group in both of its forms. */
final class Actions {
    private Actions() {}

    static List<Action> normal(List<Action> asked) {
        if (asked.isEmpty()) {
            throw ElbState.invalid("A listener or rule must have at least one action");
        }
        List<Action> all = new ArrayList<>();
        asked.forEach(a -> all.add(normal(a, asked.size())));
        return all;
    }

    /** The ARNs of the target groups to which these actions forward. */
    static Stream<String> targetGroups(List<Action> actions) {
        return actions.stream()
                .filter(a -> a.forwardConfig() != null)
                .flatMap(a -> a.forwardConfig().targetGroups().stream())
                .map(TargetGroupTuple::targetGroupArn);
    }

    /**
     * Whether these actions forward to the target group. The loop allocates nothing, because it runs for each target of
     * each group.
     */
    static boolean sendTo(List<Action> actions, String targetGroupArn) {
        for (Action action : actions) {
            if (action.forwardConfig() != null) {
                for (TargetGroupTuple group : action.forwardConfig().targetGroups()) {
                    if (targetGroupArn.equals(group.targetGroupArn())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static Action normal(Action action, int of) {
        Action.Builder normal = action.toBuilder();
        if (of > 1 && action.order() == null) {
            throw refused("InvalidLoadBalancerAction", "An order must be specified for each of several actions");
        }
        switch (action.type()) {
            case FORWARD -> forward(action, normal);
            case REDIRECT -> normal.redirectConfig(redirect(action.redirectConfig()));
            case FIXED_RESPONSE -> {
                if (action.fixedResponseConfig() == null) {
                    throw refused(
                            "InvalidLoadBalancerAction",
                            "A fixed-response action needs a fixed response configuration");
                }
            }
            case AUTHENTICATE_OIDC, AUTHENTICATE_COGNITO, JWT_VALIDATION, UNKNOWN_TO_SDK_VERSION -> {
                if (action.type() == ActionTypeEnum.UNKNOWN_TO_SDK_VERSION) {
                    throw ElbState.invalid("'" + action.typeAsString() + "' is not a valid action type");
                }
            }
        }
        return normal.build();
    }

    private static void forward(Action action, Action.Builder normal) {
        ForwardActionConfig config = action.forwardConfig();
        List<TargetGroupTuple> groups = new ArrayList<>();
        if (config != null && config.hasTargetGroups()) {
            config.targetGroups()
                    .forEach(g -> groups.add(g.toBuilder()
                            .weight(g.weight() == null ? 1 : g.weight())
                            .build()));
        } else if (action.targetGroupArn() != null) {
            groups.add(TargetGroupTuple.builder()
                    .targetGroupArn(action.targetGroupArn())
                    .weight(1)
                    .build());
        }
        if (groups.isEmpty()) {
            throw refused("InvalidLoadBalancerAction", "A forward action needs a target group");
        }
        if (config != null && config.hasTargetGroups() && action.targetGroupArn() != null && groups.size() > 1) {
            throw ElbState.invalid(
                    "You cannot specify both a target group ARN and a forward configuration with several target"
                            + " groups");
        }
        normal.forwardConfig(f -> f.targetGroups(groups)
                .targetGroupStickinessConfig(
                        config == null || config.targetGroupStickinessConfig() == null
                                ? b -> b.enabled(false)
                                : b -> b.enabled(Boolean.TRUE.equals(config.targetGroupStickinessConfig()
                                                .enabled()))
                                        .durationSeconds(config.targetGroupStickinessConfig()
                                                .durationSeconds())));
        normal.targetGroupArn(groups.size() == 1 ? groups.getFirst().targetGroupArn() : null);
    }

    private static RedirectActionConfig redirect(@org.jspecify.annotations.Nullable RedirectActionConfig asked) {
        if (asked == null || asked.statusCode() == null) {
            throw refused("InvalidLoadBalancerAction", "A redirect action needs a status code");
        }
        return asked.toBuilder()
                .protocol(asked.protocol() == null ? "#{protocol}" : asked.protocol())
                .port(asked.port() == null ? "#{port}" : asked.port())
                .host(asked.host() == null ? "#{host}" : asked.host())
                .path(asked.path() == null ? "/#{path}" : asked.path())
                .query(asked.query() == null ? "#{query}" : asked.query())
                .build();
    }
}
