package dev.holdfast.kinds.rds;

import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import java.util.Set;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * Phase and health by the status of a database instance.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html">Status of an instance</a>
 */
final class DbInstanceStates {
    /** The instance answers, and RDS takes changes. */
    private static final Set<String> USABLE =
            Set.of("available", "storage-optimization", "storage-config-upgrade", "backing-up");

    /** Nothing changes until somebody acts. */
    private static final Set<String> BROKEN = Set.of(
            "failed",
            "incompatible-network",
            "incompatible-restore",
            "incompatible-parameters",
            "incompatible-option-group",
            "incompatible-credentials",
            "incompatible-create",
            "inaccessible-encryption-credentials",
            "inaccessible-encryption-credentials-recoverable",
            "insufficient-capacity",
            "storage-full",
            "upgrade-failed",
            "modify-failed",
            "restore-error",
            "stopped");

    private DbInstanceStates() {}

    /** A word that this list does not know is work of AWS. */
    static Phase phase(DBInstance db) {
        String status = db.dbInstanceStatus();
        if (USABLE.contains(status) || BROKEN.contains(status)) {
            return Phase.Steady;
        }
        return switch (status) {
            case "creating" -> Phase.Creating;
            case "deleting" -> Phase.Deleting;
            default -> Phase.Updating;
        };
    }

    static Health health(DBInstance db) {
        String status = db.dbInstanceStatus();
        if (!USABLE.contains(status)) {
            return Health.notReady(status, BROKEN.contains(status) ? "RDS waits for somebody to act" : null);
        }
        boolean reboot =
                db.dbParameterGroups().stream().anyMatch(g -> "pending-reboot".equals(g.parameterApplyStatus()));
        return reboot
                ? new Health(Health.Ready.True, "PendingReboot", "settings of the parameter group wait for a reboot")
                : Health.AVAILABLE;
    }
}
