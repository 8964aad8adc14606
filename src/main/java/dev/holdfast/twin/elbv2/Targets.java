package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DeregisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeTargetHealthResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RegisterTargetsRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** The targets of each target group, and their states: initial, healthy, draining, removed. */
final class Targets {
    /** @param drainingSince null while the target is registered */
    private record Target(
            String id,
            int port,
            Instant registeredAt,
            @Nullable Instant drainingSince) {}

    private final ElbState state;
    private final Map<String, Map<String, Target>> registered = new LinkedHashMap<>();

    Targets(ElbState state) {
        this.state = state;
    }

    void register(RegisterTargetsRequest r) {
        r.targets().forEach(t -> register(r.targetGroupArn(), t.id(), port(r.targetGroupArn(), t)));
    }

    void deregister(DeregisterTargetsRequest r) {
        r.targets().forEach(t -> deregister(r.targetGroupArn(), t.id(), port(r.targetGroupArn(), t)));
    }

    private int port(String group, TargetDescription target) {
        Integer own = target.port();
        return own == null ? state.groups.need(group).port() : own;
    }

    DescribeTargetHealthResponse describe(DescribeTargetHealthRequest r) {
        String group = r.targetGroupArn();
        state.groups.need(group);
        return DescribeTargetHealthResponse.builder()
                .targetHealthDescriptions(of(group).stream()
                        .filter(t ->
                                r.targets().isEmpty() || r.targets().stream().anyMatch(w -> t.id().equals(w.id())))
                        .map(t -> TargetHealthDescription.builder()
                                .target(d -> d.id(t.id()).port(t.port()))
                                .healthCheckPort(String.valueOf(t.port()))
                                .targetHealth(h -> h.state(state(group, t)))
                                .build())
                        .toList())
                .build();
    }

    /** The state of a target; null if it is not registered or has been drained. */
    @Nullable
    TargetHealthStateEnum state(String group, String id, int port) {
        return of(group).stream()
                .filter(t -> t.id().equals(id) && t.port() == port)
                .map(t -> state(group, t))
                .findFirst()
                .orElse(null);
    }

    /** Registers a target. A registered target does not change; a draining target is registered again. */
    void register(String group, String id, int port) {
        Map<String, Target> targets = registered.computeIfAbsent(group, g -> new LinkedHashMap<>());
        Target old = targets.get(id + ":" + port);
        if (old == null || old.drainingSince() != null) {
            targets.put(id + ":" + port, new Target(id, port, state.context.now(), null));
        }
    }

    /** Starts to drain a target; a target that is not registered is ignored. */
    void deregister(String group, String id, int port) {
        Map<String, Target> targets = registered.getOrDefault(group, Map.of());
        Target old = targets.get(id + ":" + port);
        if (old != null && old.drainingSince() == null) {
            targets.put(id + ":" + port, new Target(id, port, old.registeredAt(), state.context.now()));
        }
    }

    void removeGroup(String group) {
        registered.remove(group);
    }

    private Duration deregistrationDelay(String group) {
        return state.groups.has(group)
                ? Duration.ofSeconds(Long.parseLong(state.groups
                        .stored(group)
                        .attributes()
                        .getOrDefault("deregistration_delay.timeout_seconds", "0")))
                : Duration.ZERO;
    }

    /** The targets of a group, without those that have been drained. */
    private List<Target> of(String group) {
        Map<String, Target> targets = registered.getOrDefault(group, Map.of());
        Duration delay = state.context.settings().scaled(deregistrationDelay(group));
        targets.values().removeIf(t -> {
            Instant since = t.drainingSince();
            return since != null && !state.context.now().isBefore(since.plus(delay));
        });
        return new ArrayList<>(targets.values());
    }

    /** ELB does not check the health of a group that no load balancer uses. */
    private TargetHealthStateEnum state(String group, Target target) {
        if (target.drainingSince() != null) {
            return TargetHealthStateEnum.DRAINING;
        }
        if (!state.isUsed(group)) {
            return TargetHealthStateEnum.UNUSED;
        }
        return state.context.passed(Delay.TARGET_HEALTHY, target.registeredAt())
                ? TargetHealthStateEnum.HEALTHY
                : TargetHealthStateEnum.INITIAL;
    }
}
