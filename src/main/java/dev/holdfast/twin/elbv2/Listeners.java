package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinTable;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Action;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenersResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Rule;

/** The listeners of all load balancers, one a port each. */
final class Listeners {
    private static final int PAGE = 400;
    private static final String DEFAULT_POLICY = "ELBSecurityPolicy-2016-08";
    private static final Set<ProtocolEnum> HTTP = Set.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS);
    private static final Set<ProtocolEnum> SECURE = Set.of(ProtocolEnum.HTTPS, ProtocolEnum.TLS);

    /** @param defaultRule the ARN of the rule that stands for the default actions */
    record Row(Listener model, Map<String, String> attributes, String defaultRule) {}

    private final TwinContext context;
    private final ElbTags tags;
    private final LoadBalancers loadBalancers;
    private final TwinTable<Row> rows;

    Listeners(TwinContext context, ElbTags tags, LoadBalancers loadBalancers) {
        this.context = context;
        this.tags = tags;
        this.loadBalancers = loadBalancers;
        this.rows = new TwinTable<>(context);
    }

    /** @param actionsAllowed refuses actions that the load balancer of this ARN cannot have */
    Listener create(CreateListenerRequest r, Consumer<List<Action>> actionsAllowed) {
        String lb = loadBalancers.get(r.loadBalancerArn()).model().loadBalancerArn();
        if (r.protocol() == null || r.port() == null) {
            throw ElbErrors.invalid("Protocol and port must be specified");
        }
        List<Action> actions = Actions.normal(r.defaultActions());
        actionsAllowed.accept(actions);
        Listener asked = secured(Listener.builder()
                .loadBalancerArn(lb)
                .port(r.port())
                .protocol(r.protocol())
                .sslPolicy(r.sslPolicy())
                .certificates(r.certificates())
                .alpnPolicy(r.alpnPolicy())
                .defaultActions(actions)
                .build());
        for (Row row : rows.all()) {
            if (row.model().loadBalancerArn().equals(lb)
                    && Objects.equals(row.model().port(), r.port())) {
                return repeated(row.model(), asked, r);
            }
        }
        String arn = lb.replace(":loadbalancer/", ":listener/") + "/" + context.hex(16);
        Listener made = asked.toBuilder().listenerArn(arn).build();
        tags.begin(arn, r.tags());
        String rule = arn.replace(":listener/", ":listener-rule/") + "/" + context.hex(16);
        rows.put(arn, new Row(made, ElbAttributes.ofListener(made.protocol()), rule));
        return made;
    }

    private Listener repeated(Listener there, Listener asked, CreateListenerRequest r) {
        if (there.toBuilder().listenerArn(null).build().equals(asked) && tags.same(there.listenerArn(), r.tags())) {
            return there;
        }
        throw taken(r.loadBalancerArn());
    }

    private static RuntimeException taken(String loadBalancerArn) {
        return ElbErrors.refused(
                "DuplicateListener",
                "A listener already exists on this port for this load balancer '" + loadBalancerArn + "'");
    }

    /** With the policy that AWS gives a secure listener; without what only a secure one has. */
    private Listener secured(Listener listener) {
        boolean application = loadBalancers
                .get(listener.loadBalancerArn())
                .model()
                .loadBalancerArn()
                .contains(":loadbalancer/app/");
        if (application != HTTP.contains(listener.protocol())) {
            throw ElbErrors.refused(
                    "UnsupportedProtocol",
                    "Protocol '" + listener.protocolAsString() + "' is not supported by this type of load balancer");
        }
        if (!SECURE.contains(listener.protocol())) {
            return listener.toBuilder().sslPolicy(null).certificates(List.of()).build();
        }
        if (listener.certificates().isEmpty()) {
            throw ElbErrors.invalid(
                    "A certificate must be specified for " + listener.protocolAsString() + " listeners");
        }
        if (listener.certificates().size() > 1) {
            throw ElbErrors.refused("TooManyCertificates", "Exactly one default certificate must be specified");
        }
        return listener.toBuilder()
                .sslPolicy(listener.sslPolicy() == null ? DEFAULT_POLICY : listener.sslPolicy())
                .build();
    }

    Listener modify(ModifyListenerRequest r, Consumer<List<Action>> actionsAllowed) {
        Row row = get(r.listenerArn());
        Listener old = row.model();
        for (Row other : rows.all()) {
            if (r.port() != null
                    && !other.model().listenerArn().equals(old.listenerArn())
                    && other.model().loadBalancerArn().equals(old.loadBalancerArn())
                    && r.port().equals(other.model().port())) {
                throw taken(old.loadBalancerArn());
            }
        }
        List<Action> actions = r.defaultActions().isEmpty() ? old.defaultActions() : Actions.normal(r.defaultActions());
        actionsAllowed.accept(actions);
        Listener made = secured(old.toBuilder()
                .port(r.port() == null ? old.port() : r.port())
                .protocol(r.protocol() == null ? old.protocol() : r.protocol())
                .sslPolicy(r.sslPolicy() == null ? old.sslPolicy() : r.sslPolicy())
                .certificates(r.certificates().isEmpty() ? old.certificates() : r.certificates())
                .alpnPolicy(r.hasAlpnPolicy() ? r.alpnPolicy() : old.alpnPolicy())
                .defaultActions(actions)
                .build());
        rows.put(made.listenerArn(), new Row(made, row.attributes(), row.defaultRule()));
        return made;
    }

    Map<String, String> modifyAttributes(String arn, Map<String, String> asked) {
        Row row = get(arn);
        Map<String, String> merged = ElbAttributes.merged("Listener", row.attributes(), asked);
        rows.put(arn, new Row(row.model(), merged, row.defaultRule()));
        return merged;
    }

    DescribeListenersResponse describe(DescribeListenersRequest r) {
        if (r.loadBalancerArn() == null && r.listenerArns().isEmpty()) {
            throw ElbErrors.invalid("You must specify either a load balancer ARN or listener ARNs");
        }
        if (r.loadBalancerArn() != null) {
            loadBalancers.get(r.loadBalancerArn());
        }
        for (String arn : r.listenerArns()) {
            if (rows.visible(arn) == null) {
                throw ElbErrors.noListener(arn);
            }
        }
        List<Listener> wanted = rows.visible().stream()
                .map(Row::model)
                .filter(l -> r.loadBalancerArn() == null || r.loadBalancerArn().equals(l.loadBalancerArn()))
                .filter(l -> r.listenerArns().isEmpty() || r.listenerArns().contains(l.listenerArn()))
                .toList();
        TwinContext.Page<Listener> page = context.page(wanted, r.marker(), PAGE, r.pageSize());
        return DescribeListenersResponse.builder()
                .listeners(page.items())
                .nextMarker(page.next())
                .build();
    }

    Row get(@Nullable String arn) {
        Row row = rows.get(arn);
        if (row == null) {
            throw ElbErrors.noListener(String.valueOf(arn));
        }
        return row;
    }

    boolean exists(String arn) {
        return rows.get(arn) != null;
    }

    Stream<Row> all() {
        return rows.all().stream();
    }

    Stream<Listener> of(String loadBalancerArn) {
        return all().map(Row::model).filter(l -> l.loadBalancerArn().equals(loadBalancerArn));
    }

    void remove(String arn) {
        rows.remove(arn);
        tags.end(arn);
    }

    /** The rule by which DescribeRules shows the default actions. */
    static Rule defaultRule(Row row) {
        return Rule.builder()
                .ruleArn(row.defaultRule())
                .priority("default")
                .isDefault(true)
                .conditions(List.of())
                .actions(row.model().defaultActions())
                .build();
    }
}
