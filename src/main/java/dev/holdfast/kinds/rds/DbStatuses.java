package dev.holdfast.kinds.rds;

import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of the statuses of an instance or a cluster. A status in neither set means that RDS is working on it.
 *
 * @param usable the statuses in which it answers
 * @param broken the statuses that last until a user acts
 */
record DbStatuses(Set<String> usable, Set<String> broken) {
    boolean isUsable(String status) {
        return usable.contains(status);
    }

    Phase phase(String status) {
        if (isUsable(status) || broken.contains(status)) {
            return Phase.Steady;
        }
        return switch (status) {
            case "creating" -> Phase.Creating;
            case "deleting" -> Phase.Deleting;
            default -> Phase.Updating;
        };
    }

    /** Whether RDS could not apply a parameter group. */
    static boolean isFailed(@Nullable String applyStatus) {
        return "failed-to-apply".equals(applyStatus);
    }

    /**
     * @param waits the settings that wait for a reboot, in words; null: none
     * @param failed the settings that RDS could not apply, in words; null: none
     */
    Health health(String status, @Nullable String waits, @Nullable String failed) {
        if (!isUsable(status)) {
            return Health.notReady(status, broken.contains(status) ? "the status lasts until a user acts" : null);
        }
        if (failed != null) {
            return new Health(Health.Ready.True, "ParametersFailed", failed);
        }
        return waits == null ? Health.AVAILABLE : new Health(Health.Ready.True, "PendingReboot", waits);
    }
}
