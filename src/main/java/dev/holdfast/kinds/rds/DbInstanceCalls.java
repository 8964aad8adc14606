package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Observed;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;

/**
 * The parts of the calls for an instance that single fields do not determine, and checks of values that RDS rejects.
 */
final class DbInstanceCalls {

    private DbInstanceCalls() {}

    /** Adds the members that RDS requires together with the changed fields, so that one call makes all changes. */
    static void beside(ModifyDbInstanceRequest.Builder request, Change<Spec> change) {
        Spec spec = change.spec();
        if (change.touches(Spec::dbInstanceClass)) {
            NewerClasses.hold(request, change);
        }
        if (change.touches(Spec::port)) {
            request.dbPortNumber(spec.port());
        }
        if (change.touches(Spec::enableCloudwatchLogsExports)) {
            request.cloudwatchLogsExportConfiguration(
                    DbChecks.exports(change.deltaOfStrings(Spec::enableCloudwatchLogsExports)));
        }
        if (Integer.valueOf(0).equals(spec.maxAllocatedStorage()) && change.touches(Spec::maxAllocatedStorage)) {
            // Only a maximum equal to the size switches storage autoscaling off; an absent maximum leaves it on.
            request.maxAllocatedStorage(change.merged(Spec::allocatedStorage));
        }
        change.sendTogether(
                request,
                Spec::databaseInsightsMode,
                Spec::enablePerformanceInsights,
                Spec::performanceInsightsRetentionPeriod);
        if (change.touches(Spec::monitoringInterval, Spec::monitoringRoleArn)) {
            Integer interval = change.merged(Spec::monitoringInterval);
            boolean off = interval == null || interval == 0;
            // RDS rejects a role without an interval; when monitoring ends, RDS removes the role by itself.
            request.monitoringInterval(interval).monitoringRoleArn(off ? null : change.merged(Spec::monitoringRoleArn));
        }
        DbStorage.beside(request, change);
        if (change.touches(Spec::engineVersion)
                && EngineVersions.isMajorUpgrade(
                        spec.engine(), change.observed().spec().engineVersion(), spec.engineVersion())) {
            request.allowMajorVersionUpgrade(true);
        }
        request.applyImmediately(Boolean.TRUE.equals(spec.applyImmediately()) && mayWait(change));
    }

    /**
     * Whether the change would wait for the maintenance window without {@code ApplyImmediately}. RDS makes all other
     * changes at once, and the flag would also make the earlier changes that still wait.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html">Schedule
     *     modifications</a>
     */
    private static boolean mayWait(Change<Spec> change) {
        return change.touches(
                        Spec::dbInstanceClass,
                        Spec::engineVersion,
                        Spec::allocatedStorage,
                        Spec::storageType,
                        Spec::iops,
                        Spec::storageThroughput,
                        Spec::multiAZ,
                        Spec::caCertificateIdentifier,
                        Spec::networkType,
                        Spec::enableIAMDatabaseAuthentication)
                || switchesBackups(change);
    }

    /** Another number of days never waits; the switch of backups restarts the instance. */
    private static boolean switchesBackups(Change<Spec> change) {
        return change.touches(Spec::backupRetentionPeriod)
                && (Integer.valueOf(0).equals(change.spec().backupRetentionPeriod())
                        || Integer.valueOf(0).equals(change.observed().spec().backupRetentionPeriod()));
    }

    /** The snapshot determines the database name, the size, IOPS and throughput; RDS rejects a smaller size. */
    static void restored(RestoreDbInstanceFromDbSnapshotRequest.Builder request, Desired<Spec> desired) {
        request.dbName(null).allocatedStorage(null).iops(null).storageThroughput(null);
    }

    /** Keeps automated backups. A member of a cluster gets no final snapshot, because the cluster holds the data. */
    static void delete(RdsClient rds, Observed<Spec> observed) {
        if (DbMembers.isMember(observed.known().spec())) {
            rds.deleteDBInstance(
                    r -> r.dbInstanceIdentifier(observed.physicalId()).skipFinalSnapshot(true));
            return;
        }
        DbSnapshots.delete(
                observed,
                Spec::finalSnapshot,
                () -> snapshots(rds, observed.physicalId()),
                name -> rds.deleteDBInstance(r -> r.dbInstanceIdentifier(observed.physicalId())
                        .skipFinalSnapshot(name == null)
                        .deleteAutomatedBackups(false)
                        .finalDBSnapshotIdentifier(name)));
    }

    private static Stream<DbSnapshots.Made> snapshots(RdsClient rds, String instance) {
        return rds.describeDBSnapshotsPaginator(r -> r.dbInstanceIdentifier(instance)).dbSnapshots().stream()
                .map(s -> new DbSnapshots.Made(s.dbSnapshotIdentifier(), s.status(), s.snapshotCreateTime()));
    }

    static List<String> remains(RdsClient rds, String lost) {
        var backups = rds.describeDBInstanceAutomatedBackupsPaginator(r -> r.dbInstanceIdentifier(lost))
                .dbInstanceAutomatedBackups();
        return DbSnapshots.remains(
                snapshots(rds, lost),
                "dbSnapshotIdentifier",
                backups.stream().map(DBInstanceAutomatedBackup::dbiResourceId));
    }

    static void check(Spec spec, Findings<Spec> findings) {
        DbMembers.check(spec, findings);
        DbChecks.managed(findings, Spec::manageMasterUserPassword, spec.manageMasterUserPassword());
        DbChecks.windows(Spec::preferredBackupWindow, Spec::preferredMaintenanceWindow)
                .run(spec, findings);
        Integer size = spec.allocatedStorage();
        if ("gp3".equals(spec.storageType())
                && size != null
                && size < DbStorage.SMALL_GP3
                && (spec.iops() != null || spec.storageThroughput() != null)) {
            findings.wrong(
                    Spec::iops,
                    "RDS refuses iops and storageThroughput for gp3 below " + DbStorage.SMALL_GP3
                            + " GiB; such storage always has 3000 IOPS and 125 MiB per second",
                    "remove iops and storageThroughput, or raise allocatedStorage to " + DbStorage.SMALL_GP3);
        }
        Integer most = spec.maxAllocatedStorage();
        if (most != null && size != null && most != 0 && most <= size) {
            findings.wrong(
                    Spec::maxAllocatedStorage,
                    "expected more than allocatedStorage, " + size + ", found " + most,
                    "raise maxAllocatedStorage, or set it to 0 to switch storage autoscaling off");
        }
        findings.wantsKeyArn(Spec::kmsKeyId, spec.kmsKeyId());
        if ("default".equals(spec.dbSubnetGroupName()) && !findings.declares(Spec::publiclyAccessible)) {
            findings.wrong(
                    Spec::publiclyAccessible,
                    "publiclyAccessible is missing: in the subnet group named default, RDS gives an instance a public"
                            + " address by itself",
                    "set publiclyAccessible to false or true");
        }
        boolean monitored = spec.monitoringInterval() != null && spec.monitoringInterval() > 0;
        if (monitored != findings.declares(Spec::monitoringRoleArn)) {
            findings.wrong(
                    Spec::monitoringInterval,
                    "monitoringInterval and monitoringRoleArn go together",
                    "declare both or neither");
        }
        DbChecks.insights(
                findings,
                Spec::databaseInsightsMode,
                spec.databaseInsightsMode(),
                spec.enablePerformanceInsights(),
                spec.performanceInsightsRetentionPeriod());
        if (Boolean.TRUE.equals(spec.multiAZ()) && spec.availabilityZone() != null) {
            findings.wrong(
                    Spec::availabilityZone,
                    "RDS chooses the zones of an instance with a standby",
                    "remove availabilityZone, or set multiAZ to false");
        }
    }
}
