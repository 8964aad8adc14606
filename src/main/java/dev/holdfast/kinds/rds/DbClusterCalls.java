package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Values;
import dev.holdfast.kinds.rds.DbClusterKind.ServerlessCapacity;
import dev.holdfast.kinds.rds.DbClusterKind.Spec;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ClusterPendingModifiedValues;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterAutomatedBackup;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterRequest;

/** The parts of the calls for a cluster that single fields do not determine, and checks of values that RDS rejects. */
final class DbClusterCalls {
    private static final int MOST_CAPACITY = 256;

    private DbClusterCalls() {}

    static Permissions permissions() {
        String subnets = "rds:{region}:{account}:subgrp:*";
        String groups = "rds:{region}:{account}:cluster-pg:*";
        String options = "rds:{region}:{account}:og:default*";
        return DbChecks.withSecret(Permissions.on("rds:{region}:{account}:cluster:{name}")
                .touches("rds:CreateDBCluster", subnets, groups, options)
                .touches(
                        "rds:RestoreDBClusterFromSnapshot",
                        "rds:{region}:{account}:cluster-snapshot:*",
                        subnets,
                        groups,
                        options)
                .touches("rds:ModifyDBCluster", groups, options, "rds:{region}:{account}:pg:*")
                // IAM treats the final snapshot as a separate resource.
                .touches("rds:DeleteDBCluster", "rds:{region}:{account}:cluster-snapshot:*")
                // A restart reboots the members, which are instances of the stack.
                .needsOn("rds:{region}:{account}:db:*", "rds:RebootDBInstance"));
    }

    static Set<String> logs(DBCluster cluster) {
        return DbChecks.logs(
                cluster.enabledCloudwatchLogsExports(),
                Values.of(cluster.pendingModifiedValues(), ClusterPendingModifiedValues::pendingCloudwatchLogsExports));
    }

    /** Adds the members that RDS requires together with the changed fields, so that one call makes all changes. */
    static void beside(ModifyDbClusterRequest.Builder request, Change<Spec> change) {
        Spec spec = change.spec();
        if (change.touches(Spec::enableCloudwatchLogsExports)) {
            request.cloudwatchLogsExportConfiguration(
                    DbChecks.exports(change.deltaOfStrings(Spec::enableCloudwatchLogsExports)));
        }
        change.sendTogether(
                request,
                Spec::databaseInsightsMode,
                Spec::enablePerformanceInsights,
                Spec::performanceInsightsRetentionPeriod);
        String wanted = spec.engineVersion();
        if (wanted != null
                && spec.engine() != null
                && change.touches(Spec::engineVersion)
                && EngineVersions.isMajorUpgrade(
                        spec.engine(), change.observed().spec().engineVersion(), wanted)) {
            String group = spec.dbInstanceParameterGroupName();
            // Without this group, members that have a parameter group of their own would block the upgrade.
            request.allowMajorVersionUpgrade(true)
                    .dbInstanceParameterGroupName(
                            group != null
                                    ? group
                                    : "default." + spec.engine() + EngineVersions.major(spec.engine(), wanted));
        }
        request.applyImmediately(Boolean.TRUE.equals(spec.applyImmediately()) && mayWait(change));
    }

    /**
     * Whether the change would wait for the maintenance window without {@code ApplyImmediately}. RDS makes all other
     * changes at once, and the flag would also make the earlier changes that still wait.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBCluster.html">ModifyDBCluster</a>
     */
    private static boolean mayWait(Change<Spec> change) {
        return change.touches(
                Spec::engineVersion,
                Spec::enableIAMDatabaseAuthentication,
                Spec::manageMasterUserPassword,
                Spec::networkType);
    }

    /**
     * Restarts each member that has pending settings of the cluster's parameter group, the writer last. RDS restarts a
     * whole cluster only if the cluster is a Multi-AZ cluster.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_RebootCluster.html">Rebooting</a>
     */
    static void restart(RdsClient rds, String name) {
        find(rds, name)
                .flatMap(cluster -> cluster.dbClusterMembers().stream())
                .filter(DbClusterStates::waits)
                .sorted(Comparator.comparing(m -> Boolean.TRUE.equals(m.isClusterWriter())))
                .forEach(m -> rds.rebootDBInstance(r -> r.dbInstanceIdentifier(m.dbInstanceIdentifier())));
    }

    private static Stream<DBCluster> find(RdsClient rds, String name) {
        return rds.describeDBClusters(r -> r.dbClusterIdentifier(name)).dbClusters().stream();
    }

    static List<String> members(RdsClient rds, String name) {
        return find(rds, name)
                .flatMap(cluster -> cluster.dbClusterMembers().stream())
                .map(DBClusterMember::dbInstanceIdentifier)
                .map(member -> "the instance " + member)
                .toList();
    }

    /** Deletes the cluster, and keeps its automated backups. */
    static void delete(RdsClient rds, Observed<Spec> observed) {
        DbSnapshots.delete(
                observed,
                Spec::finalSnapshot,
                () -> snapshots(rds, observed.physicalId()),
                name -> rds.deleteDBCluster(r -> r.dbClusterIdentifier(observed.physicalId())
                        .skipFinalSnapshot(name == null)
                        .deleteAutomatedBackups(false)
                        .finalDBSnapshotIdentifier(name)));
    }

    private static Stream<DbSnapshots.Made> snapshots(RdsClient rds, String cluster) {
        return rds
                .describeDBClusterSnapshotsPaginator(r -> r.dbClusterIdentifier(cluster))
                .dbClusterSnapshots()
                .stream()
                .map(s -> new DbSnapshots.Made(s.dbClusterSnapshotIdentifier(), s.status(), s.snapshotCreateTime()));
    }

    static List<String> remains(RdsClient rds, String lost) {
        var backups = rds.describeDBClusterAutomatedBackupsPaginator(r -> r.dbClusterIdentifier(lost))
                .dbClusterAutomatedBackups();
        return DbSnapshots.remains(
                snapshots(rds, lost),
                "snapshotIdentifier",
                backups.stream().map(DBClusterAutomatedBackup::dbClusterResourceId));
    }

    static void check(Spec spec, Findings<Spec> findings) {
        findings.wantsKeyArn(Spec::kmsKeyId, spec.kmsKeyId());
        DbChecks.managed(findings, Spec::manageMasterUserPassword, spec.manageMasterUserPassword());
        DbChecks.windows(Spec::preferredBackupWindow, Spec::preferredMaintenanceWindow)
                .run(spec, findings);
        DbChecks.insights(
                findings,
                Spec::databaseInsightsMode,
                spec.databaseInsightsMode(),
                spec.enablePerformanceInsights(),
                spec.performanceInsightsRetentionPeriod());
        String capacity = wrongCapacity(spec.serverlessV2ScalingConfiguration());
        if (capacity != null) {
            findings.wrong(
                    Spec::serverlessV2ScalingConfiguration,
                    capacity,
                    "set both to multiples of 0.5, with minCapacity at most maxCapacity");
        }
    }

    private static @Nullable String wrongCapacity(@Nullable ServerlessCapacity capacity) {
        Double least = Values.of(capacity, ServerlessCapacity::minCapacity);
        Double most = Values.of(capacity, ServerlessCapacity::maxCapacity);
        if (least == null || most == null) {
            return null;
        }
        boolean halves = least * 2 == Math.rint(least * 2) && most * 2 == Math.rint(most * 2);
        return halves && least >= 0 && most >= 1 && most <= MOST_CAPACITY && least <= most
                ? null
                : "expected multiples of 0.5, minCapacity from 0 and maxCapacity from 1 to " + MOST_CAPACITY
                        + ", found " + least + " and " + most;
    }
}
