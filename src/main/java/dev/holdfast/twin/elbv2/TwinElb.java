package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.TwinContext;
import dev.holdfast.twin.TwinItem;
import dev.holdfast.twin.TwinService;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** The twin of Elastic Load Balancing v2, as far as the kinds need it. */
public final class TwinElb implements ElasticLoadBalancingV2Client, TwinService {
    private final Targets targets;

    public TwinElb(TwinContext context) {
        this.targets = new Targets(context);
    }

    /** Registers a target as ECS does for a task; one that is registered already stays as it is. */
    public void registerTarget(String targetGroupArn, String ip, int port) {
        targets.register(targetGroupArn, ip, port);
    }

    /** Begins to drain a target; one that is not registered stays so. */
    public void deregisterTarget(String targetGroupArn, String ip, int port) {
        targets.deregister(targetGroupArn, ip, port);
    }

    /** What the target group says of a target now; null when it is not registered, or drained. */
    public @Nullable TargetHealthStateEnum targetState(String targetGroupArn, String ip, int port) {
        return targets.of(targetGroupArn, Duration.ofMinutes(5)).stream()
                .filter(t -> t.id().equals(ip) && t.port() == port)
                .map(targets::state)
                .findFirst()
                .orElse(null);
    }

    public boolean targetGroupExists(String targetGroupArn) {
        return false;
    }

    /** Whether a listener or a rule sends to it; ECS refuses a service whose target group has no load balancer yet. */
    public boolean attachedToLoadBalancer(String targetGroupArn) {
        return false;
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {}

    @Override
    public List<TwinItem> inventory() {
        return List.of();
    }
}
