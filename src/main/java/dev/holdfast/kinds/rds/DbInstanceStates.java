package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Values;
import dev.holdfast.model.Health;
import dev.holdfast.model.MaintenanceWindow;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Phase;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.CertificateDetails;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Endpoint;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;

/**
 * The phase, health and pending changes of an instance, and the values that RDS does not report under the field's name.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html">Status of an instance</a>
 */
final class DbInstanceStates {
    /** In all other statuses, RDS is working on the instance. */
    private static final DbStatuses STATUSES = new DbStatuses(
            Set.of("available", "storage-optimization", "storage-config-upgrade", "backing-up"),
            Set.of(
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
                    "stopped"));

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
                .fact("Server certificate until", Values.of(db.certificateDetails(), CertificateDetails::validTill))
                .fact("Parameters", parameters(db))
                .fact("Pending changes", String.join(", ", DbChecks.pending(db.pendingModifiedValues())));
    }

    static Phase phase(DBInstance db) {
        return STATUSES.phase(db.dbInstanceStatus());
    }

    static Health health(DBInstance db) {
        return STATUSES.health(
                db.dbInstanceStatus(),
                waits(db) ? "settings of the parameter group wait for a reboot" : null,
                db.dbParameterGroups().stream().anyMatch(g -> DbStatuses.isFailed(g.parameterApplyStatus()))
                        ? "RDS could not apply settings of the parameter group"
                        : null);
    }

    private static String parameters(DBInstance db) {
        return db.dbParameterGroups().stream()
                .filter(g -> !"in-sync".equals(g.parameterApplyStatus()))
                .map(g -> g.dbParameterGroupName() + ": " + g.parameterApplyStatus())
                .collect(Collectors.joining(", "));
    }

    private static boolean waits(DBInstance db) {
        return db.dbParameterGroups().stream().anyMatch(g -> "pending-reboot".equals(g.parameterApplyStatus()));
    }

    /** @param asks whether a restart that pending settings need becomes a step of the plan */
    static Outlook outlook(DBInstance db, boolean asks) {
        return Outlook.NONE
                .pending(
                        DbChecks.pending(db.pendingModifiedValues()),
                        MaintenanceWindow.parse(db.preferredMaintenanceWindow()))
                .restart(
                        asks && waits(db) && STATUSES.isUsable(db.dbInstanceStatus())
                                ? "settings of the parameter group wait for a restart, which makes the database"
                                        + " unreachable for a minute or more"
                                : null);
    }

    static @Nullable Integer port(DBInstance db) {
        Integer pending = Values.of(db.pendingModifiedValues(), PendingModifiedValues::port);
        return pending != null ? pending : Values.of(db.endpoint(), Endpoint::port);
    }

    static Set<String> logs(DBInstance db) {
        return DbChecks.logs(
                db.enabledCloudwatchLogsExports(),
                Values.of(db.pendingModifiedValues(), PendingModifiedValues::pendingCloudwatchLogsExports));
    }
}
