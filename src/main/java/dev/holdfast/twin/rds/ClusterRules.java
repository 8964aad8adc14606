package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.invalid;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Identifiers;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.*;

/**
 * RDS's defaults and rules for clusters of Aurora, and the changes that wait for the maintenance window.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html">CreateDBCluster</a>
 */
final class ClusterRules {
    /** The time after a switch to this storage type for which RDS refuses another switch to it. */
    private static final Duration IO_OPTIMIZED = Duration.ofDays(30);

    private static final String OPTIMIZED = "aurora-iopt1";

    private ClusterRules() {}

    static void refuseCreate(CreateDbClusterRequest r) {
        if (!r.engine().startsWith("aurora-")) {
            throw invalid("Invalid DB engine: " + r.engine());
        }
        InstanceRules.refuseUser(r.masterUsername(), r.manageMasterUserPassword(), r.masterUserPassword());
        Identifiers.check("DBClusterIdentifier", Identifiers.lower(r.dbClusterIdentifier()), 63);
        refuseStorage(r.storageType(), r.allocatedStorage(), r.iops());
        refuseScaling(r.serverlessV2ScalingConfiguration());
        refuseRetention(r.backupRetentionPeriod());
        refuseInsights(r.databaseInsightsMode(), r.enablePerformanceInsights(), r.performanceInsightsRetentionPeriod());
        InstanceRules.WINDOWS.refuse(r.preferredBackupWindow(), r.preferredMaintenanceWindow());
    }

    private static void refuseStorage(@Nullable String type, @Nullable Integer size, @Nullable Integer iops) {
        if (type != null && !type.equals("aurora") && !type.equals(OPTIMIZED)) {
            throw invalid("Invalid storage type: " + type);
        }
        if (size != null || iops != null) {
            throw combination("AllocatedStorage and Iops are not supported for Aurora DB clusters.");
        }
    }

    private static void refuseRetention(@Nullable Integer days) {
        if (days != null && (days < 1 || days > 35)) {
            throw invalid("Invalid backup retention period: " + days + ". Must be between 1 and 35.");
        }
    }

    /**
     * Capacities are multiples of a half unit, up to 256 units.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ServerlessV2ScalingConfiguration.html">Range</a>
     */
    private static void refuseScaling(@Nullable ServerlessV2ScalingConfiguration s) {
        if (s == null) {
            return;
        }
        for (Double capacity : new Double[] {s.minCapacity(), s.maxCapacity()}) {
            if (capacity != null && (capacity < 0 || capacity > 256 || capacity * 2 != Math.rint(capacity * 2))) {
                throw invalid("Serverless v2 capacity " + capacity + " isn't valid.");
            }
        }
        if (s.minCapacity() != null && s.maxCapacity() != null && s.minCapacity() > s.maxCapacity()) {
            throw combination("The minimum capacity must be less than or equal to the maximum capacity.");
        }
    }

    private static void refuseInsights(
            @Nullable DatabaseInsightsMode mode, @Nullable Boolean collects, @Nullable Integer days) {
        if (mode == DatabaseInsightsMode.ADVANCED && (!Boolean.TRUE.equals(collects) || days == null || days < 465)) {
            throw combination("Advanced mode of Database Insights requires Performance Insights and a retention period"
                    + " of at least 465 days.");
        }
    }

    static void defaults(CreateDbClusterRequest r, DBCluster.Builder made) {
        made.port(InstanceRules.port(r.port(), r.engine()))
                .backupRetentionPeriod(Objects.requireNonNullElse(r.backupRetentionPeriod(), 1))
                .preferredBackupWindow(
                        InstanceRules.WINDOWS.daily(r.preferredBackupWindow(), r.preferredMaintenanceWindow()))
                .preferredMaintenanceWindow(
                        InstanceRules.WINDOWS.weekly(r.preferredMaintenanceWindow(), r.preferredBackupWindow()))
                // RDS omits the default storage type.
                .storageType(OPTIMIZED.equals(r.storageType()) ? OPTIMIZED : null)
                .storageEncrypted(Boolean.TRUE.equals(r.storageEncrypted()))
                .copyTagsToSnapshot(Boolean.TRUE.equals(r.copyTagsToSnapshot()))
                .deletionProtection(Boolean.TRUE.equals(r.deletionProtection()))
                .iamDatabaseAuthenticationEnabled(Boolean.TRUE.equals(r.enableIAMDatabaseAuthentication()))
                .performanceInsightsEnabled(Boolean.TRUE.equals(r.enablePerformanceInsights()))
                .performanceInsightsRetentionPeriod(InstanceRules.insightsDays(
                        r.enablePerformanceInsights(), r.performanceInsightsRetentionPeriod()))
                .databaseInsightsMode(
                        Objects.requireNonNullElse(r.databaseInsightsMode(), DatabaseInsightsMode.STANDARD))
                .enabledCloudwatchLogsExports(r.enableCloudwatchLogsExports())
                .autoMinorVersionUpgrade(!Boolean.FALSE.equals(r.autoMinorVersionUpgrade()))
                .networkType(Objects.requireNonNullElse(r.networkType(), "IPV4"))
                .engineMode("provisioned")
                .httpEndpointEnabled(false)
                .allocatedStorage(1)
                .engineLifecycleSupport(
                        Objects.requireNonNullElse(r.engineLifecycleSupport(), "open-source-rds-extended-support"));
    }

    static void refuseModify(ModifyDbClusterRequest r, DBCluster old, Instant now) {
        refuseStorage(r.storageType(), r.allocatedStorage(), r.iops());
        refuseScaling(r.serverlessV2ScalingConfiguration());
        refuseRetention(r.backupRetentionPeriod());
        if (r.databaseInsightsMode() != null) {
            refuseInsights(
                    r.databaseInsightsMode(), r.enablePerformanceInsights(), r.performanceInsightsRetentionPeriod());
        }
        InstanceRules.WINDOWS.refuseChange(
                r.preferredBackupWindow(),
                old.preferredBackupWindow(),
                r.preferredMaintenanceWindow(),
                old.preferredMaintenanceWindow());
        if (OPTIMIZED.equals(r.storageType())
                && old.storageType() == null
                && old.ioOptimizedNextAllowedModificationTime() != null
                && now.isBefore(old.ioOptimizedNextAllowedModificationTime())) {
            throw combination("You can't change the storage type to aurora-iopt1 before "
                    + old.ioOptimizedNextAllowedModificationTime());
        }
        DatabaseVersions.refuse(old.engine(), old.engineVersion(), r.engineVersion(), r.allowMajorVersionUpgrade());
        if (r.dbInstanceParameterGroupName() != null && !Boolean.TRUE.equals(r.allowMajorVersionUpgrade())) {
            throw combination("DBInstanceParameterGroupName can only be specified with AllowMajorVersionUpgrade.");
        }
    }

    /** Applies the changes that never wait for the maintenance window. */
    static void atOnce(ModifyDbClusterRequest r, DBCluster old, DBCluster.Builder made, Instant now) {
        InstanceRules.copy(
                r,
                made,
                "BackupRetentionPeriod",
                "PreferredBackupWindow",
                "Port",
                "DeletionProtection",
                "CopyTagsToSnapshot",
                "AutoMinorVersionUpgrade",
                "NetworkType",
                "DatabaseInsightsMode",
                "PerformanceInsightsRetentionPeriod");
        if (r.preferredMaintenanceWindow() != null) {
            made.preferredMaintenanceWindow(r.preferredMaintenanceWindow().toLowerCase(Locale.ROOT));
        }
        if (r.enablePerformanceInsights() != null) {
            made.performanceInsightsEnabled(r.enablePerformanceInsights());
        }
        if (r.storageType() != null) {
            boolean optimized = r.storageType().equals(OPTIMIZED);
            made.storageType(optimized ? OPTIMIZED : null);
            if (optimized && old.storageType() == null) {
                made.ioOptimizedNextAllowedModificationTime(now.plus(IO_OPTIMIZED));
            }
        }
        ServerlessV2ScalingConfiguration scaling = r.serverlessV2ScalingConfiguration();
        if (scaling != null) {
            ServerlessV2ScalingConfigurationInfo.Builder info = old.serverlessV2ScalingConfiguration() == null
                    ? ServerlessV2ScalingConfigurationInfo.builder()
                    : old.serverlessV2ScalingConfiguration().toBuilder();
            made.serverlessV2ScalingConfiguration(SdkShapes.copy(scaling, info).build());
        }
        if (r.cloudwatchLogsExportConfiguration() != null) {
            made.enabledCloudwatchLogsExports(
                    InstanceRules.exports(old.enabledCloudwatchLogsExports(), r.cloudwatchLogsExportConfiguration()));
        }
    }

    static ClusterPendingModifiedValues waiting(ModifyDbClusterRequest r, DBCluster old) {
        ClusterPendingModifiedValues.Builder waiting = old.pendingModifiedValues() == null
                ? ClusterPendingModifiedValues.builder()
                : old.pendingModifiedValues().toBuilder();
        if (r.engineVersion() != null) {
            waiting.engineVersion(DatabaseVersions.full(old.engine(), r.engineVersion()));
        }
        Boolean iam = r.enableIAMDatabaseAuthentication();
        if (iam != null) {
            // A request with the present value cancels the change that waits.
            waiting.iamDatabaseAuthenticationEnabled(iam.equals(old.iamDatabaseAuthenticationEnabled()) ? null : iam);
        }
        return waiting.build();
    }
}
