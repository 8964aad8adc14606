package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Observed;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import java.util.Map;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** What the calls for a database instance say beyond single fields, and what RDS would refuse. */
final class DbInstanceCalls {
    /** Below this size, in GiB, gp3 has fixed IOPS and throughput, and RDS refuses a request that names them. */
    private static final int SMALL_GP3 = 400;

    private static final String MAJOR =
            "another major version of the engine: the database is offline for minutes to hours,"
                    + " and there is no way back but the snapshot that RDS makes before";

    private DbInstanceCalls() {}

    static Map<String, String> approvals(Spec desired, Spec observed) {
        return EngineVersions.isMajorUpgrade(observed.engine(), observed.engineVersion(), desired.engineVersion())
                // RDS wants a group of the new family in the same call.
                ? Map.of("engineVersion", MAJOR, "dbParameterGroupName", MAJOR)
                : Map.of();
    }

    /**
     * One call with what changes, and with what AWS wants beside it. Without {@code ApplyImmediately}, earlier changes that wait
     * for the window go on waiting.
     */
    static void beside(ModifyDbInstanceRequest.Builder request, Change<Spec> change) {
        Spec spec = change.spec();
        if (change.touches(Spec::port)) {
            request.dbPortNumber(spec.port());
        }
        if (change.touches(Spec::enableCloudwatchLogsExports)) {
            Delta<String> logs = change.deltaOfStrings(Spec::enableCloudwatchLogsExports);
            request.cloudwatchLogsExportConfiguration(
                    c -> c.enableLogTypes(logs.added()).disableLogTypes(logs.removed()));
        }
        if (Integer.valueOf(0).equals(spec.maxAllocatedStorage()) && change.touches(Spec::maxAllocatedStorage)) {
            // There is no other way to switch storage autoscaling off; null would leave it on.
            request.maxAllocatedStorage(change.merged(Spec::allocatedStorage));
        }
        if (change.touches(
                Spec::databaseInsightsMode,
                Spec::enablePerformanceInsights,
                Spec::performanceInsightsRetentionPeriod)) {
            request.databaseInsightsMode(change.merged(Spec::databaseInsightsMode))
                    .enablePerformanceInsights(change.merged(Spec::enablePerformanceInsights))
                    .performanceInsightsRetentionPeriod(change.merged(Spec::performanceInsightsRetentionPeriod));
        }
        if (change.touches(Spec::monitoringInterval, Spec::monitoringRoleArn)) {
            request.monitoringInterval(change.merged(Spec::monitoringInterval))
                    .monitoringRoleArn(change.merged(Spec::monitoringRoleArn));
        }
        Integer size = change.merged(Spec::allocatedStorage);
        if (change.touches(Spec::allocatedStorage, Spec::iops, Spec::storageThroughput)
                && size != null
                && size >= SMALL_GP3) {
            request.allocatedStorage(size)
                    .iops(change.merged(Spec::iops))
                    .storageThroughput(change.merged(Spec::storageThroughput));
        }
        if (change.touches(Spec::engineVersion)
                && EngineVersions.isMajorUpgrade(
                        spec.engine(), change.observed().spec().engineVersion(), spec.engineVersion())) {
            request.allowMajorVersionUpgrade(true);
        }
        request.applyImmediately(Boolean.TRUE.equals(spec.applyImmediately()));
    }

    /** Automated backups outlive the instance. */
    static void delete(RdsClient rds, Observed<Spec> observed) {
        Spec applied = observed.applied();
        boolean skip = applied != null && Boolean.FALSE.equals(applied.finalSnapshot());
        rds.deleteDBInstance(r -> r.dbInstanceIdentifier(observed.physicalId())
                .skipFinalSnapshot(skip)
                .deleteAutomatedBackups(false)
                .finalDBSnapshotIdentifier(skip ? null : observed.physicalId() + "-final"));
    }

    static void check(Spec spec, Findings<Spec> findings) {
        if (Boolean.FALSE.equals(spec.manageMasterUserPassword())) {
            findings.wrong(
                    Spec::manageMasterUserPassword,
                    "expected true, found false: a password never stands in a document",
                    "let RDS manage the password");
        }
        Integer size = spec.allocatedStorage();
        if ("gp3".equals(spec.storageType())
                && size != null
                && size < SMALL_GP3
                && (spec.iops() != null || spec.storageThroughput() != null)) {
            findings.wrong(
                    Spec::iops,
                    "RDS refuses iops and storageThroughput for gp3 below " + SMALL_GP3 + " GiB; it gives 3000 and 125",
                    "leave them out or raise allocatedStorage");
        }
        Integer most = spec.maxAllocatedStorage();
        if (most != null && size != null && most != 0 && most <= size) {
            findings.wrong(
                    Spec::maxAllocatedStorage,
                    "expected more than allocatedStorage, " + size + ", found " + most,
                    "raise it, or say 0 for no autoscaling");
        }
        boolean monitored = spec.monitoringInterval() != null && spec.monitoringInterval() > 0;
        if (monitored != findings.declares(Spec::monitoringRoleArn)) {
            findings.wrong(
                    Spec::monitoringInterval,
                    "monitoringInterval and monitoringRoleArn go together",
                    "declare both or neither");
        }
        if (spec.databaseInsightsMode() == DatabaseInsightsMode.ADVANCED
                && (!Boolean.TRUE.equals(spec.enablePerformanceInsights())
                        || spec.performanceInsightsRetentionPeriod() == null
                        || spec.performanceInsightsRetentionPeriod() < 465)) {
            findings.wrong(
                    Spec::databaseInsightsMode,
                    "advanced needs enablePerformanceInsights and a performanceInsightsRetentionPeriod of 465 days",
                    "declare both");
        }
        if (Boolean.TRUE.equals(spec.multiAZ()) && spec.availabilityZone() != null) {
            findings.wrong(
                    Spec::availabilityZone, "RDS chooses the zones of an instance with a standby", "leave it out");
        }
    }
}
