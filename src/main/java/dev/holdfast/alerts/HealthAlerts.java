package dev.holdfast.alerts;

import dev.holdfast.engine.ResourceView;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Health;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Alerts about the health of resources of any kind. A resource can be as desired and not work. */
final class HealthAlerts {
    static final String NOT_READY = "NotReady";

    /** Longer than a restart, a failover or the start of new tasks takes. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final Set<String> OF_A_ROTATION = Set.of(Health.ROTATION_PENDING, Health.ROTATION_STUCK);

    private HealthAlerts() {}

    static Optional<AlertCause> of(ResourceView resource) {
        Condition ready = condition(resource, Condition.ConditionType.Ready);
        if (ready == null || ready.status() != Health.Ready.False) {
            return Optional.empty();
        }
        if (OF_A_ROTATION.contains(ready.reason())) {
            return stuckRotation(resource, ready);
        }
        // A user who stops a resource on purpose pauses it.
        return saysItsHealth(resource) && condition(resource, Condition.ConditionType.Paused) == null
                ? Optional.of(cause(
                        resource,
                        NOT_READY,
                        ready.message() == null ? ready.reason() : ready.reason() + ": " + ready.message(),
                        PATIENCE))
                : Optional.empty();
    }

    /** False if AWS is still working, or if another alert reports the status. */
    private static boolean saysItsHealth(ResourceView resource) {
        return switch (resource.status()) {
            case Synced, Drifted, Pending, Waiting -> true;
            case Progressing, Unknown, Failed, Stalled, AwaitingApproval, Orphaned, Paused -> false;
        };
    }

    /** Secrets Manager sends no notification: services keep the former password until a rotation succeeds. */
    private static Optional<AlertCause> stuckRotation(ResourceView resource, Condition ready) {
        return ready.reason().equals(Health.ROTATION_STUCK)
                ? Optional.of(cause(resource, ready.reason(), String.valueOf(ready.message()), Duration.ZERO))
                : Optional.empty();
    }

    private static AlertCause cause(ResourceView resource, String reason, String message, Duration patience) {
        return AlertCause.of(resource.id(), reason, Alert.AlertSeverity.Warning, message, patience);
    }

    private static @Nullable Condition condition(ResourceView resource, Condition.ConditionType type) {
        return resource.conditions().stream()
                .filter(condition -> condition.type() == type)
                .findFirst()
                .orElse(null);
    }
}
