package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Health;
import dev.holdfast.model.MaintenanceWindow;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Phase;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * The phase, health and pending changes of an instance, and the values that RDS does not report under the field's name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html">Status of an instance</a>
 */
final class DbInstanceStates {
    /** The statuses in which the instance answers and RDS accepts changes. */
    private static final Set<String> USABLE =
            Set.of("available", "storage-optimization", "storage-config-upgrade", "backing-up");

    /** The statuses that last until a user acts. */
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

    static <S extends Record> Known<S> facts(Known<S> known, DBInstance db) {
        String storage = db.allocatedStorage() == null
                ? null
                : db.allocatedStorage() + " GiB " + db.storageType()
                        + (db.maxAllocatedStorage() == null ? "" : ", up to " + db.maxAllocatedStorage());
        String endpoint = db.endpoint() == null || db.endpoint().address() == null
                ? null
                : db.endpoint().address() + ":" + db.endpoint().port();
        return known.fact("Engine", db.engine() + " " + db.engineVersion())
                .fact("Status", db.dbInstanceStatus())
                .fact("Endpoint", endpoint)
                .fact("Class", db.dbInstanceClass())
                .fact("Multi-AZ", Boolean.TRUE.equals(db.multiAZ()) ? "yes" : "no")
                .fact("Zone", db.availabilityZone())
                .fact("Storage", storage)
                .fact("Backups until", db.latestRestorableTime())
                .fact(
                        "Server certificate until",
                        db.certificateDetails() == null
                                ? null
                                : db.certificateDetails().validTill())
                .fact("Pending changes", String.join(", ", DbChecks.pending(db.pendingModifiedValues())));
    }

    /** A status in neither list means that RDS is working on the instance. */
    static Phase phase(DBInstance db) {
        return DbChecks.phase(db.dbInstanceStatus(), USABLE, BROKEN);
    }

    static Health health(DBInstance db) {
        String status = db.dbInstanceStatus();
        if (!USABLE.contains(status)) {
            return Health.notReady(status, BROKEN.contains(status) ? "the status lasts until a user acts" : null);
        }
        boolean reboot =
                db.dbParameterGroups().stream().anyMatch(g -> "pending-reboot".equals(g.parameterApplyStatus()));
        return reboot
                ? new Health(Health.Ready.True, "PendingReboot", "settings of the parameter group wait for a reboot")
                : Health.AVAILABLE;
    }

    /** @param asks whether a restart that pending settings need becomes a step of the plan */
    static Outlook outlook(DBInstance db, boolean asks) {
        boolean waits =
                db.dbParameterGroups().stream().anyMatch(g -> "pending-reboot".equals(g.parameterApplyStatus()));
        return Outlook.NONE
                .pending(
                        DbChecks.pending(db.pendingModifiedValues()),
                        MaintenanceWindow.parse(db.preferredMaintenanceWindow()))
                .restart(
                        waits && asks && USABLE.contains(db.dbInstanceStatus())
                                ? "settings of the parameter group wait for a restart, which makes the database"
                                        + " unreachable for a minute or more"
                                : null);
    }

    static @Nullable Integer port(DBInstance db) {
        Integer pending = db.pendingModifiedValues() == null
                ? null
                : db.pendingModifiedValues().port();
        return pending != null
                ? pending
                : db.endpoint() == null ? null : db.endpoint().port();
    }

    static Set<String> logs(DBInstance db) {
        return DbChecks.logs(
                db.enabledCloudwatchLogsExports(),
                db.pendingModifiedValues() == null
                        ? null
                        : db.pendingModifiedValues().pendingCloudwatchLogsExports());
    }
}
