package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Health;
import dev.holdfast.model.MaintenanceWindow;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Phase;
import java.util.Set;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterMember;

/**
 * The phase, health and pending changes of a cluster. RDS alone chooses the member that writes, so that this choice is
 * only shown.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html">Status of a cluster</a>
 */
final class DbClusterStates {
    /** In all other statuses, RDS is working on the cluster. */
    private static final DbStatuses STATUSES = new DbStatuses(
            Set.of("available", "backing-up", "failing-over", "update-iam-db-auth"),
            Set.of(
                    "cloning-failed",
                    "inaccessible-encryption-credentials",
                    "inaccessible-encryption-credentials-recoverable",
                    "incompatible-parameters",
                    "migration-failed",
                    "stopped"));

    private DbClusterStates() {}

    static <S extends Record> Known<S> facts(Known<S> known, DBCluster cluster) {
        String members = cluster.dbClusterMembers().stream()
                .map(m -> m.dbInstanceIdentifier() + (Boolean.TRUE.equals(m.isClusterWriter()) ? " (writes)" : ""))
                .collect(Collectors.joining(", "));
        return known.fact("Engine", cluster.engine() + " " + cluster.engineVersion())
                .fact("Status", cluster.status())
                .fact("Endpoint", cluster.endpoint() == null ? null : cluster.endpoint() + ":" + cluster.port())
                .fact("Members", members)
                .fact("Zones", String.join(", ", cluster.availabilityZones()))
                .fact("Backups until", cluster.latestRestorableTime())
                .fact("Pending changes", String.join(", ", DbChecks.pending(cluster.pendingModifiedValues())));
    }

    static Phase phase(DBCluster cluster) {
        return STATUSES.phase(cluster.status());
    }

    static Health health(DBCluster cluster) {
        return STATUSES.health(
                cluster.status(),
                waits(cluster) ? "settings of the cluster's parameter group wait for a reboot of its members" : null,
                cluster.dbClusterMembers().stream()
                                .anyMatch(m -> DbStatuses.isFailed(m.dbClusterParameterGroupStatus()))
                        ? "RDS could not apply settings of the cluster's parameter group to a member"
                        : null);
    }

    private static boolean waits(DBCluster cluster) {
        return cluster.dbClusterMembers().stream().anyMatch(DbClusterStates::waits);
    }

    static boolean waits(DBClusterMember member) {
        return "pending-reboot".equals(member.dbClusterParameterGroupStatus());
    }

    /** @param asks whether a restart that pending settings need becomes a step of the plan */
    static Outlook outlook(DBCluster cluster, boolean asks) {
        return Outlook.NONE
                .pending(
                        DbChecks.pending(cluster.pendingModifiedValues()),
                        MaintenanceWindow.parse(cluster.preferredMaintenanceWindow()))
                .restart(
                        asks && waits(cluster) && STATUSES.isUsable(cluster.status())
                                ? "settings of the cluster's parameter group wait for a restart of its members, which"
                                        + " makes each member unreachable for a minute or more"
                                : null);
    }
}
