package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.invalid;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.WindowRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.rds.model.*;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** RDS's defaults and rules for instances, and the changes that wait for the maintenance window. */
final class InstanceRules {
    /** The members that wait for the window and have the same name in all three shapes. */
    private static final List<String> WAITING = List.of(
            "DBInstanceClass",
            "AllocatedStorage",
            "MultiAZ",
            "StorageType",
            "Iops",
            "StorageThroughput",
            "CACertificateIdentifier");

    /** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html */
    static final Set<String> NO_SNAPSHOT = Set.of("failed", "incompatible-restore", "incompatible-network");

    /** The IOPS of gp3 storage from 400 GiB on. */
    private static final int BASELINE_IOPS = 12000;

    /** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
    static final WindowRules WINDOWS = new WindowRules(
            "backup",
            Duration.ofMinutes(30),
            List.of("02:11-02:41", "14:11-14:41"),
            List.of("sun:04:11-sun:04:41", "sun:16:11-sun:16:41"));

    private InstanceRules() {}

    /**
     * Whether RDS accepts a change in this status. A full storage accepts more space; incompatible parameters accept
     * another group.
     */
    static boolean takes(ModifyDbInstanceRequest r, String status) {
        return switch (status) {
            case "available" -> true;
            case "storage-full" -> r.allocatedStorage() != null;
            case "incompatible-parameters" -> r.dbParameterGroupName() != null;
            default -> false;
        };
    }

    static boolean isSmall(@Nullable String type, Integer size) {
        return "gp3".equals(type) && size < 400;
    }

    /** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
    static void defaults(CreateDbInstanceRequest r, DBInstance.Builder db) {
        String type = r.storageType() == null ? (r.iops() == null ? "gp2" : "io1") : r.storageType();
        boolean small = type.equals("gp3") && r.allocatedStorage() < 400;
        db.storageType(type)
                .iops(
                        small
                                ? Integer.valueOf(3000)
                                : type.equals("gp3") && r.iops() == null ? Integer.valueOf(12000) : r.iops())
                .storageThroughput(
                        small
                                ? Integer.valueOf(125)
                                : type.equals("gp3") && r.storageThroughput() == null
                                        ? Integer.valueOf(500)
                                        : r.storageThroughput())
                .autoMinorVersionUpgrade(!Boolean.FALSE.equals(r.autoMinorVersionUpgrade()))
                .backupRetentionPeriod(Objects.requireNonNullElse(r.backupRetentionPeriod(), 1))
                .preferredBackupWindow(WINDOWS.daily(r.preferredBackupWindow(), r.preferredMaintenanceWindow()))
                .preferredMaintenanceWindow(WINDOWS.weekly(r.preferredMaintenanceWindow(), r.preferredBackupWindow()))
                .monitoringInterval(Objects.requireNonNullElse(r.monitoringInterval(), 0))
                .databaseInsightsMode(
                        Objects.requireNonNullElse(r.databaseInsightsMode(), DatabaseInsightsMode.STANDARD))
                .performanceInsightsRetentionPeriod(
                        insightsDays(r.enablePerformanceInsights(), r.performanceInsightsRetentionPeriod()))
                .caCertificateIdentifier(Objects.requireNonNullElse(r.caCertificateIdentifier(), "rds-ca-rsa2048-g1"))
                .networkType(Objects.requireNonNullElse(r.networkType(), "IPV4"))
                .licenseModel(r.engine().contains("postgres") ? "postgresql-license" : "general-public-license")
                .engineLifecycleSupport(
                        Objects.requireNonNullElse(r.engineLifecycleSupport(), "open-source-rds-extended-support"));
    }

    static void refuseStorage(
            @Nullable String type, @Nullable Integer size, @Nullable Integer iops, @Nullable Integer throughput) {
        if ("gp3".equals(type) && size != null && size < 400 && (iops != null || throughput != null)) {
            throw combination(
                    "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400.");
        }
    }

    /**
     * A change of provisioned storage must set size and IOPS together. Large gp3 storage has at least its baseline
     * IOPS.
     */
    private static void refuseProvisioned(ModifyDbInstanceRequest r, DBInstance old) {
        String type = r.storageType() == null ? old.storageType() : r.storageType();
        Integer size = r.allocatedStorage() == null ? old.allocatedStorage() : r.allocatedStorage();
        boolean provisioned = "gp3".equals(type) || String.valueOf(type).startsWith("io");
        if (!provisioned || isSmall(type, size)) {
            return;
        }
        boolean grows = !size.equals(old.allocatedStorage());
        boolean another = r.iops() != null && !r.iops().equals(old.iops());
        if ((grows && r.iops() == null) || (another && r.allocatedStorage() == null)) {
            throw combination("You must specify both the storage size and iops when modifying the storage size or iops"
                    + " on a DB instance that has iops.");
        }
        if ("gp3".equals(type) && r.iops() != null && r.iops() < BASELINE_IOPS) {
            throw combination(
                    "Invalid iops value for engine name " + old.engine() + " and storage type gp3: " + r.iops());
        }
        if (!"gp3".equals(type) && r.storageThroughput() != null) {
            throw combination("You can't specify storage throughput for storage type " + type + ".");
        }
    }

    /** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
    static void refuseMonitoring(@Nullable Integer interval, @Nullable String role) {
        boolean on = interval != null && interval > 0;
        if (on && role == null) {
            throw combination(
                    "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.");
        }
        if (!on && role != null) {
            throw combination(
                    "You must specify a MonitoringInterval value other than 0 when you specify a MonitoringRoleARN"
                            + " value.");
        }
    }

    /** If the request does not set it, an instance is public only in the subnet group named default. */
    static boolean isPublic(CreateDbInstanceRequest r) {
        return r.publiclyAccessible() == null ? "default".equals(r.dbSubnetGroupName()) : r.publiclyAccessible();
    }

    /** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html */
    static boolean passes(DBInstance db, Filter filter) {
        return switch (filter.name()) {
            case "db-cluster-id" -> filter.values().contains(String.valueOf(db.dbClusterIdentifier()));
            case "db-instance-id" ->
                filter.values().stream()
                        .anyMatch(v -> v.equalsIgnoreCase(db.dbInstanceIdentifier()) || v.equals(db.dbInstanceArn()));
            case "dbi-resource-id" -> filter.values().contains(db.dbiResourceId());
            case "engine" -> filter.values().contains(db.engine());
            case "domain" -> false;
            default -> throw invalid("Unrecognized filter name: " + filter.name());
        };
    }

    static void refuseModify(ModifyDbInstanceRequest r, DBInstance old) {
        Integer size = r.allocatedStorage();
        if (size != null && size < old.allocatedStorage()) {
            throw combination("Invalid storage size for engine name " + old.engine()
                    + " and storage type: shrinking is not supported");
        }
        refuseStorage(
                r.storageType() == null ? old.storageType() : r.storageType(),
                size == null ? old.allocatedStorage() : size,
                r.iops(),
                r.storageThroughput());
        refuseProvisioned(r, old);
        if (r.monitoringInterval() != null || r.monitoringRoleArn() != null) {
            boolean off = Integer.valueOf(0).equals(r.monitoringInterval());
            refuseMonitoring(
                    r.monitoringInterval() == null ? old.monitoringInterval() : r.monitoringInterval(),
                    r.monitoringRoleArn() == null && !off ? old.monitoringRoleArn() : r.monitoringRoleArn());
        }
        DatabaseVersions.refuse(old.engine(), old.engineVersion(), r.engineVersion(), r.allowMajorVersionUpgrade());
        WINDOWS.refuseChange(
                r.preferredBackupWindow(),
                // The backup window of a member is its cluster's.
                old.dbClusterIdentifier() == null ? old.preferredBackupWindow() : null,
                r.preferredMaintenanceWindow(),
                old.preferredMaintenanceWindow());
        if (r.databaseInsightsMode() == DatabaseInsightsMode.ADVANCED
                && (r.performanceInsightsRetentionPeriod() == null || r.performanceInsightsRetentionPeriod() < 465)) {
            throw combination("Advanced mode of Database Insights requires a retention period of at least 465 days.");
        }
    }

    /** Applies the changes that never wait, such as port, windows, log exports and deletion protection. */
    static void atOnce(ModifyDbInstanceRequest r, DBInstance old, DBInstance.Builder db) {
        if (r.backupRetentionPeriod() != null && r.backupRetentionPeriod() != 0 && old.backupRetentionPeriod() != 0) {
            db.backupRetentionPeriod(r.backupRetentionPeriod());
        }
        if (r.dbPortNumber() != null) {
            db.endpoint(old.endpoint().toBuilder().port(r.dbPortNumber()).build());
        }
        if (r.cloudwatchLogsExportConfiguration() != null) {
            db.enabledCloudwatchLogsExports(
                    exports(old.enabledCloudwatchLogsExports(), r.cloudwatchLogsExportConfiguration()));
        }
        if (r.maxAllocatedStorage() != null) {
            // A maximum that equals the size disables autoscaling.
            db.maxAllocatedStorage(
                    r.maxAllocatedStorage().equals(old.allocatedStorage()) ? null : r.maxAllocatedStorage());
        }
        if (r.enablePerformanceInsights() != null) {
            db.performanceInsightsEnabled(r.enablePerformanceInsights());
        }
        if (Integer.valueOf(0).equals(r.monitoringInterval())) {
            db.monitoringRoleArn(null);
        }
        // The members that both shapes have and that never wait.
        copy(
                r,
                db,
                "PubliclyAccessible",
                "PreferredBackupWindow",
                "PreferredMaintenanceWindow",
                "CopyTagsToSnapshot",
                "DeletionProtection",
                "AutoMinorVersionUpgrade",
                "DatabaseInsightsMode",
                "PerformanceInsightsRetentionPeriod",
                "MonitoringInterval",
                "MonitoringRoleArn",
                "NetworkType",
                "PromotionTier");
    }

    static PendingModifiedValues waiting(ModifyDbInstanceRequest r, DBInstance old) {
        PendingModifiedValues.Builder waiting = old.pendingModifiedValues() == null
                ? PendingModifiedValues.builder()
                : old.pendingModifiedValues().toBuilder();
        for (String member : WAITING) {
            Object asked = SdkShapes.get(r, member);
            if (asked != null) {
                // A request with the present value cancels the change that waits.
                boolean same = asked.equals(SdkShapes.get(old, member));
                set(waiting, member, same ? null : asked);
            }
        }
        if (r.engineVersion() != null) {
            waiting.engineVersion(DatabaseVersions.full(old.engine(), r.engineVersion()));
        }
        if (r.enableIAMDatabaseAuthentication() != null) {
            waiting.iamDatabaseAuthenticationEnabled(r.enableIAMDatabaseAuthentication());
        }
        Integer days = r.backupRetentionPeriod();
        if (days != null && (days == 0) != (old.backupRetentionPeriod() == 0)) {
            waiting.backupRetentionPeriod(days);
        }
        return waiting.build();
    }

    /** The logs that are exported after the change. */
    static Set<String> exports(List<String> old, CloudwatchLogsExportConfiguration change) {
        Set<String> logs = new TreeSet<>(old);
        logs.addAll(change.enableLogTypes());
        logs.removeAll(change.disableLogTypes());
        return logs;
    }

    /** Performance Insights keeps data for seven days by default. */
    static @Nullable Integer insightsDays(@Nullable Boolean collects, @Nullable Integer asked) {
        return Boolean.TRUE.equals(collects) && asked == null ? Integer.valueOf(7) : asked;
    }

    /** Copies the members with these names that the request sets. */
    static void copy(SdkPojo request, SdkPojo shape, String... members) {
        for (String member : members) {
            Object value = SdkShapes.get(request, member);
            if (value != null) {
                set(shape, member, value);
            }
        }
    }

    /** A new database needs a user, and a password unless RDS manages it. */
    static void refuseUser(@Nullable String name, @Nullable Boolean managed, @Nullable String password) {
        if (name == null || (!Boolean.TRUE.equals(managed) && password == null)) {
            throw invalid("The parameter MasterUserPassword must be provided and must not be blank.");
        }
    }

    static int port(@Nullable Integer asked, String engine) {
        return asked != null ? asked : engine.contains("postgres") ? 5432 : 3306;
    }

    static void set(SdkPojo shape, String member, @Nullable Object value) {
        Objects.requireNonNull(SdkShapes.member(shape, member), member).set(shape, value);
    }

    /** The instance with its server certificate, which is valid for a year; RDS renews it on its own. */
    static DBInstance certified(DBInstance db) {
        return db.toBuilder()
                .certificateDetails(c -> c.caIdentifier(db.caCertificateIdentifier())
                        .validTill(db.instanceCreateTime().plus(Duration.ofDays(365))))
                .build();
    }

    /**
     * The instance with its latest restorable time: if it has backups, the last full five minutes.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html">Restoring to a point in time</a>
     */
    static DBInstance restorable(DBInstance db, Instant now) {
        boolean backedUp = db.backupRetentionPeriod() != null && db.backupRetentionPeriod() > 0;
        long five = Duration.ofMinutes(5).toSeconds();
        return backedUp && "available".equals(db.dbInstanceStatus())
                ? db.toBuilder()
                        .latestRestorableTime(Instant.ofEpochSecond(now.getEpochSecond() / five * five))
                        .build()
                : db;
    }
}
