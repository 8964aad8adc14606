package dev.holdfast.twin.elbv2;

import dev.holdfast.twin.Delay;
import dev.holdfast.twin.TwinContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/** Who is registered with which target group, and in what state: initial, healthy, draining, gone. */
final class Targets {
    /** @param drainingSince null while registered */
    record Target(
            String id,
            int port,
            Instant registeredAt,
            @Nullable Instant drainingSince) {}

    private final TwinContext context;
    private final Map<String, Map<String, Target>> groups = new LinkedHashMap<>();

    Targets(TwinContext context) {
        this.context = context;
    }

    /** One that is registered already stays as it is; one that drains is registered anew. */
    void register(String group, String id, int port) {
        Map<String, Target> targets = groups.computeIfAbsent(group, g -> new LinkedHashMap<>());
        Target old = targets.get(id + ":" + port);
        if (old == null || old.drainingSince() != null) {
            targets.put(id + ":" + port, new Target(id, port, context.now(), null));
        }
    }

    /** Begins to drain it; one that is not there stays so. */
    void deregister(String group, String id, int port) {
        Map<String, Target> targets = groups.getOrDefault(group, Map.of());
        Target old = targets.get(id + ":" + port);
        if (old != null && old.drainingSince() == null) {
            targets.put(id + ":" + port, new Target(id, port, old.registeredAt(), context.now()));
        }
    }

    void removeGroup(String group) {
        groups.remove(group);
    }

    /** Those that are there now, the drained ones no more. */
    List<Target> of(String group, Duration deregistrationDelay) {
        Map<String, Target> targets = groups.getOrDefault(group, Map.of());
        Duration delay = context.settings().scaled(deregistrationDelay);
        targets.values().removeIf(t -> {
            Instant since = t.drainingSince();
            return since != null && !context.now().isBefore(since.plus(delay));
        });
        return new ArrayList<>(targets.values());
    }

    TargetHealthStateEnum state(Target target) {
        if (target.drainingSince() != null) {
            return TargetHealthStateEnum.DRAINING;
        }
        return context.passed(Delay.TARGET_HEALTHY, target.registeredAt())
                ? TargetHealthStateEnum.HEALTHY
                : TargetHealthStateEnum.INITIAL;
    }
}
