package dev.holdfast.twin.rds;

import static dev.holdfast.twin.rds.TwinRds.combination;
import static dev.holdfast.twin.rds.TwinRds.fault;
import static dev.holdfast.twin.rds.TwinRds.invalid;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.rds.model.*;

/**
 * Database instances: RDS works on one of them for a while after each call, and keeps what waits for the maintenance window.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html">When changes apply</a>
 */
final class DatabaseInstances {
    private static final int PAGE = 100;
    /** Attributes of a stored instance: what RDS does, until when. */
    private static final String WORK = "work";

    private static final String UNTIL = "until";

    /** The newest minor version that the twin has of each major version. */
    private static final Map<String, String> NEWEST = Map.of(
            "postgres 14", "14.20",
            "postgres 15", "15.15",
            "postgres 16", "16.11",
            "postgres 17", "17.7",
            "mysql 8.0", "8.0.44",
            "mysql 8.4", "8.4.7",
            "mariadb 10.11", "10.11.15",
            "mariadb 11.4", "11.4.9");

    /** Members that wait for the window, and have the same name in all three shapes. */
    private static final List<String> WAITING = List.of(
            "DBInstanceClass",
            "AllocatedStorage",
            "MultiAZ",
            "StorageType",
            "Iops",
            "StorageThroughput",
            "CACertificateIdentifier");

    private final TwinContext context;
    private final ResourceStore<DBSubnetGroup, DBSubnetGroup.Builder> subnetGroups;
    private final ResourceStore<DBParameterGroup, DBParameterGroup.Builder> parameterGroups;
    private final ResourceStore<DBInstance, DBInstance.Builder> store;
    private final Map<String, String> interfaces = new HashMap<>();
    private final Set<String> snapshots = new HashSet<>();

    DatabaseInstances(
            TwinContext context,
            ResourceStore<DBSubnetGroup, DBSubnetGroup.Builder> subnetGroups,
            ResourceStore<DBParameterGroup, DBParameterGroup.Builder> parameterGroups) {
        this.context = context;
        this.subnetGroups = subnetGroups;
        this.parameterGroups = parameterGroups;
        this.store = context.store(DBInstance::builder, DBInstance::dbInstanceIdentifier)
                .type("rds:db")
                .arn(DBInstance::dbInstanceArn)
                .missing(name -> fault(404, "DBInstanceNotFound", "DBInstance " + name + " not found."))
                .pages(PAGE)
                .tagRules(TwinRds.TAG_RULES)
                .showsTags();
    }

    Stream<DBInstance> stream() {
        settle();
        return store.stream();
    }

    List<TwinItem> items() {
        settle();
        return store.items();
    }

    Map<String, String> tags(String name) {
        return store.seen(name).tags();
    }

    DescribeDbInstancesResponse page(DescribeDbInstancesRequest r, @Nullable String name) {
        settle();
        return store.page(
                r,
                DescribeDbInstancesResponse.builder(),
                store.visible(name == null ? List.of() : List.of(name.toLowerCase(Locale.ROOT)), List.of()));
    }

    DBInstance create(CreateDbInstanceRequest r) {
        settle();
        String name = r.dbInstanceIdentifier().toLowerCase(Locale.ROOT);
        if (store.has(name)) {
            throw fault(400, "DBInstanceAlreadyExists", "DB instance already exists");
        }
        if (!name.matches("[a-z](-?[a-z0-9])*") || name.length() > 63) {
            throw invalid("The parameter DBInstanceIdentifier is not a valid identifier.");
        }
        refuseStorage(r.storageType(), r.allocatedStorage(), r.iops(), r.storageThroughput());
        boolean managed = Boolean.TRUE.equals(r.manageMasterUserPassword());
        if (r.masterUsername() == null || (!managed && r.masterUserPassword() == null)) {
            throw invalid("The parameter MasterUserPassword must be provided and must not be blank.");
        }
        if ((r.monitoringInterval() != null && r.monitoringInterval() > 0) != (r.monitoringRoleArn() != null)) {
            throw combination(
                    "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.");
        }
        DBSubnetGroup subnets = subnetGroups.seen(r.dbSubnetGroupName()).shape();
        String version = version(r.engine(), r.engineVersion());
        String group = group(r.engine(), version, r.dbParameterGroupName());
        List<String> security = securityGroups(subnets.vpcId(), r.vpcSecurityGroupIds());
        String subnet = subnets.subnets().getFirst().subnetIdentifier();
        String eni = context.peer(TwinEc2.class).createInterface(subnet, security, "RDSNetworkInterface", true);
        interfaces.put(name, eni);
        boolean multi = Boolean.TRUE.equals(r.multiAZ());
        int port = r.port() != null ? r.port() : r.engine().equals("postgres") ? 5432 : 3306;
        DBInstance made = store.create(r, db -> {
            db.dbInstanceIdentifier(name)
                    .dbInstanceArn(context.arn("rds", "db:" + name))
                    .dbiResourceId("db-" + context.hex(26).toUpperCase(Locale.ROOT))
                    .engineVersion(version)
                    .dbInstanceStatus("creating")
                    .instanceCreateTime(context.now())
                    .endpoint(e -> e.address(
                                    name + ".c" + context.hex(11) + "." + context.region() + ".rds.amazonaws.com")
                            .port(port)
                            .hostedZoneId("Z1TTGA775OQIYO"))
                    .dbInstancePort(0)
                    .dbSubnetGroup(subnets)
                    .vpcSecurityGroups(memberships(security))
                    .dbParameterGroups(status(group, "in-sync"))
                    .multiAZ(multi)
                    .availabilityZone(subnets.subnets()
                            .getFirst()
                            .subnetAvailabilityZone()
                            .name())
                    .secondaryAvailabilityZone(
                            multi
                                    ? subnets.subnets()
                                            .getLast()
                                            .subnetAvailabilityZone()
                                            .name()
                                    : null)
                    .storageEncrypted(Boolean.TRUE.equals(r.storageEncrypted()))
                    .iamDatabaseAuthenticationEnabled(Boolean.TRUE.equals(r.enableIAMDatabaseAuthentication()))
                    .performanceInsightsEnabled(Boolean.TRUE.equals(r.enablePerformanceInsights()))
                    .enabledCloudwatchLogsExports(r.enableCloudwatchLogsExports())
                    .publiclyAccessible(Boolean.TRUE.equals(r.publiclyAccessible()))
                    .deletionProtection(Boolean.TRUE.equals(r.deletionProtection()))
                    .copyTagsToSnapshot(Boolean.TRUE.equals(r.copyTagsToSnapshot()));
            defaults(r, db);
            if (managed) {
                db.masterUserSecret(s -> s.secretArn(context.arn(
                                "secretsmanager", "secret:rds!" + "db-" + context.uuid() + "-" + context.hex(6)))
                        .secretStatus("active")
                        .kmsKeyId(r.masterUserSecretKmsKeyId()));
            }
            if (db.build().storageEncrypted() && r.kmsKeyId() == null) {
                db.kmsKeyId(context.arn("kms", "key/" + context.uuid()));
            }
        });
        works(made.dbInstanceIdentifier(), "creating", Delay.DATABASE);
        return store.shown(store.need(name));
    }

    /** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html */
    private void defaults(CreateDbInstanceRequest r, DBInstance.Builder db) {
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
                .backupRetentionPeriod(r.backupRetentionPeriod() == null ? 1 : r.backupRetentionPeriod())
                .preferredBackupWindow(r.preferredBackupWindow() == null ? "02:11-02:41" : r.preferredBackupWindow())
                .preferredMaintenanceWindow(
                        r.preferredMaintenanceWindow() == null
                                ? "sun:04:11-sun:04:41"
                                : r.preferredMaintenanceWindow().toLowerCase(Locale.ROOT))
                .monitoringInterval(r.monitoringInterval() == null ? 0 : r.monitoringInterval())
                .databaseInsightsMode(
                        r.databaseInsightsMode() == null ? DatabaseInsightsMode.STANDARD : r.databaseInsightsMode())
                .performanceInsightsRetentionPeriod(
                        Boolean.TRUE.equals(r.enablePerformanceInsights())
                                        && r.performanceInsightsRetentionPeriod() == null
                                ? Integer.valueOf(7)
                                : r.performanceInsightsRetentionPeriod())
                .caCertificateIdentifier(
                        r.caCertificateIdentifier() == null ? "rds-ca-rsa2048-g1" : r.caCertificateIdentifier())
                .networkType(r.networkType() == null ? "IPV4" : r.networkType())
                .licenseModel(r.engine().equals("postgres") ? "postgresql-license" : "general-public-license")
                .engineLifecycleSupport(
                        r.engineLifecycleSupport() == null
                                ? "open-source-rds-extended-support"
                                : r.engineLifecycleSupport());
    }

    private static void refuseStorage(
            @Nullable String type, @Nullable Integer size, @Nullable Integer iops, @Nullable Integer throughput) {
        if ("gp3".equals(type) && size != null && size < 400 && (iops != null || throughput != null)) {
            throw combination(
                    "You can't specify IOPS or storage throughput for engine postgres and a storage size less than 400.");
        }
    }

    private static String version(String engine, @Nullable String wanted) {
        String asked = wanted == null ? "" : wanted;
        return NEWEST.entrySet().stream()
                .filter(e -> e.getKey().startsWith(engine + " "))
                .filter(e -> {
                    String major = e.getKey().substring(engine.length() + 1);
                    return asked.isEmpty() || asked.equals(major) || asked.startsWith(major + ".");
                })
                .map(e -> asked.isEmpty() || e.getKey().equals(engine + " " + asked) ? e.getValue() : asked)
                .max(String::compareTo)
                .orElseThrow(() -> combination("Cannot find version " + asked + " for " + engine));
    }

    private String group(String engine, String version, @Nullable String asked) {
        String major =
                engine.equals("postgres") ? version.split("\\.")[0] : version.substring(0, version.lastIndexOf('.'));
        String family = engine + major;
        if (asked == null) {
            return "default." + family;
        }
        DBParameterGroup group = parameterGroups.seen(asked).shape();
        if (!group.dbParameterGroupFamily().equals(family)) {
            throw combination("The Parameter Group " + asked + " with DBParameterGroupFamily "
                    + group.dbParameterGroupFamily()
                    + " cannot be used for this instance. Please use a Parameter Group with"
                    + " DBParameterGroupFamily " + family);
        }
        return group.dbParameterGroupName();
    }

    private List<String> securityGroups(String vpc, List<String> asked) {
        TwinEc2 ec2 = context.peer(TwinEc2.class);
        if (asked.isEmpty()) {
            String usual = ec2.defaultSecurityGroup(vpc);
            return usual == null ? List.of() : List.of(usual);
        }
        for (String id : asked) {
            var group = ec2.securityGroup(id);
            if (group == null || !vpc.equals(group.vpcId())) {
                throw fault(
                        400, "InvalidVPCNetworkStateFault", "The security group " + id + " is not in the VPC " + vpc);
            }
        }
        return List.copyOf(new TreeSet<>(asked));
    }

    private static List<VpcSecurityGroupMembership> memberships(List<String> groups) {
        return groups.stream()
                .map(id -> VpcSecurityGroupMembership.builder()
                        .vpcSecurityGroupId(id)
                        .status("active")
                        .build())
                .toList();
    }

    private static DBParameterGroupStatus status(String group, String apply) {
        return DBParameterGroupStatus.builder()
                .dbParameterGroupName(group)
                .parameterApplyStatus(apply)
                .build();
    }

    /** What is made at once is made; the rest waits for the window, or for {@code ApplyImmediately}. */
    DBInstance modify(ModifyDbInstanceRequest r) {
        settle();
        String name = store.seen(r.dbInstanceIdentifier()).id();
        DBInstance old = store.need(name);
        if (!old.dbInstanceStatus().equals("available")) {
            throw fault(
                    400,
                    "InvalidDBInstanceState",
                    "Database instance is not in available state: " + old.dbInstanceStatus());
        }
        refuseModify(r, old);
        boolean now = Boolean.TRUE.equals(r.applyImmediately());
        PendingModifiedValues waiting = waiting(r, old);
        store.change(name, db -> {
            atOnce(r, old, db);
            db.pendingModifiedValues(waiting);
        });
        if (now) {
            applyPending(name);
        } else {
            works(name, "modifying", Delay.VISIBLE);
        }
        return store.shown(store.need(name));
    }

    private void refuseModify(ModifyDbInstanceRequest r, DBInstance old) {
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
        String version = r.engineVersion();
        if (version != null) {
            String full = version(old.engine(), version);
            if (!full.split("\\.")[0].equals(old.engineVersion().split("\\.")[0])
                    && !Boolean.TRUE.equals(r.allowMajorVersionUpgrade())) {
                throw combination(
                        "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.");
            }
        }
        if (r.dbParameterGroupName() != null) {
            group(old.engine(), old.engineVersion(), r.dbParameterGroupName());
        }
        if (r.databaseInsightsMode() == DatabaseInsightsMode.ADVANCED
                && (r.performanceInsightsRetentionPeriod() == null || r.performanceInsightsRetentionPeriod() < 465)) {
            throw combination("Advanced mode of Database Insights requires a retention period of at least 465 days.");
        }
    }

    private static PendingModifiedValues waiting(ModifyDbInstanceRequest r, DBInstance old) {
        PendingModifiedValues.Builder waiting = old.pendingModifiedValues() == null
                ? PendingModifiedValues.builder()
                : old.pendingModifiedValues().toBuilder();
        for (String member : WAITING) {
            Object asked = SdkShapes.get(r, member);
            if (asked != null) {
                // The value that the instance has already takes back what waits.
                boolean same = asked.equals(SdkShapes.get(old, member));
                Objects.requireNonNull(SdkShapes.member(waiting, member)).set(waiting, same ? null : asked);
            }
        }
        if (r.engineVersion() != null) {
            waiting.engineVersion(version(old.engine(), r.engineVersion()));
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

    /** Port, windows, groups, protection and the like never wait. */
    private void atOnce(ModifyDbInstanceRequest r, DBInstance old, DBInstance.Builder db) {
        if (r.backupRetentionPeriod() != null && r.backupRetentionPeriod() != 0 && old.backupRetentionPeriod() != 0) {
            db.backupRetentionPeriod(r.backupRetentionPeriod());
        }
        if (r.dbPortNumber() != null) {
            db.endpoint(old.endpoint().toBuilder().port(r.dbPortNumber()).build());
        }
        if (!r.vpcSecurityGroupIds().isEmpty()) {
            List<String> groups = securityGroups(old.dbSubnetGroup().vpcId(), r.vpcSecurityGroupIds());
            db.vpcSecurityGroups(memberships(groups));
            context.peer(TwinEc2.class)
                    .setInterfaceGroups(Objects.requireNonNull(interfaces.get(old.dbInstanceIdentifier())), groups);
        }
        if (r.dbParameterGroupName() != null) {
            db.dbParameterGroups(status(r.dbParameterGroupName(), "pending-reboot"));
        }
        if (r.cloudwatchLogsExportConfiguration() != null) {
            Set<String> logs = new TreeSet<>(old.enabledCloudwatchLogsExports());
            logs.addAll(r.cloudwatchLogsExportConfiguration().enableLogTypes());
            logs.removeAll(r.cloudwatchLogsExportConfiguration().disableLogTypes());
            db.enabledCloudwatchLogsExports(logs);
        }
        if (r.maxAllocatedStorage() != null) {
            // The size itself means: no autoscaling.
            db.maxAllocatedStorage(
                    r.maxAllocatedStorage().equals(old.allocatedStorage()) ? null : r.maxAllocatedStorage());
        }
        if (Boolean.TRUE.equals(r.manageMasterUserPassword()) && old.masterUserSecret() == null) {
            db.masterUserSecret(s -> s.secretArn(
                            context.arn("secretsmanager", "secret:rds!db-" + context.uuid() + "-" + context.hex(6)))
                    .secretStatus("active"));
        }
        if (r.enablePerformanceInsights() != null) {
            db.performanceInsightsEnabled(r.enablePerformanceInsights());
        }
        // Members that both shapes have and that never wait.
        for (String member : List.of(
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
                "NetworkType")) {
            Object value = SdkShapes.get(r, member);
            if (value != null) {
                Objects.requireNonNull(SdkShapes.member(db, member)).set(db, value);
            }
        }
    }

    /** RDS makes everything that waits, whoever asked for it. */
    void applyPending(String name) {
        works(store.seen(name).id(), "modifying", Delay.DATABASE);
        store.stored(name).attributes().put("applies", "true");
    }

    void parametersChanged(String group, List<Parameter> changed) {
        settle();
        for (DBInstance db : store.all()) {
            DBParameterGroupStatus mine = db.dbParameterGroups().getFirst();
            boolean needsReboot = changed.stream().anyMatch(p -> p.applyMethod() == ApplyMethod.PENDING_REBOOT);
            if (mine.dbParameterGroupName().equals(group) && needsReboot) {
                store.change(db.dbInstanceIdentifier(), b -> b.dbParameterGroups(status(group, "pending-reboot")));
            }
        }
    }

    DBInstance delete(DeleteDbInstanceRequest r) {
        settle();
        DBInstance db = store.seen(r.dbInstanceIdentifier()).shape();
        if (Boolean.TRUE.equals(db.deletionProtection())) {
            throw combination("Cannot delete protected DB Instance, please disable deletion protection and try again.");
        }
        if (db.dbInstanceStatus().equals("deleting")) {
            throw state(db, "is already being deleted");
        }
        boolean skip = Boolean.TRUE.equals(r.skipFinalSnapshot());
        if (!skip && r.finalDBSnapshotIdentifier() == null) {
            throw combination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
        }
        if (!skip && !snapshots.add(r.finalDBSnapshotIdentifier())) {
            throw fault(
                    400,
                    "DBSnapshotAlreadyExists",
                    "Cannot create the snapshot because a snapshot with the identifier " + r.finalDBSnapshotIdentifier()
                            + " already exists.");
        }
        store.change(db.dbInstanceIdentifier(), b -> b.dbInstanceStatus("deleting"));
        works(db.dbInstanceIdentifier(), "deleting", Delay.DATABASE);
        return store.shown(store.need(db.dbInstanceIdentifier()));
    }

    private static AwsServiceException state(DBInstance db, String what) {
        return fault(400, "InvalidDBInstanceState", "Instance " + db.dbInstanceIdentifier() + " " + what + ".");
    }

    private void works(String name, String on, Delay delay) {
        StoredResource<DBInstance> db = store.stored(name);
        db.attributes().put(WORK, on);
        db.attributes()
                .put(UNTIL, context.now().plus(context.settings().delay(delay)).toString());
        store.change(name, b -> b.dbInstanceStatus(on));
        settle();
    }

    /** Ends what is over by now. */
    private void settle() {
        for (String name : store.ids()) {
            StoredResource<DBInstance> db = store.stored(name);
            String until = db.attributes().get(UNTIL);
            if (until == null || context.now().isBefore(Instant.parse(until))) {
                continue;
            }
            boolean deleted = "deleting".equals(db.attributes().remove(WORK));
            db.attributes().remove(UNTIL);
            if (deleted) {
                context.peer(TwinEc2.class).deleteInterface(Objects.requireNonNull(interfaces.remove(name)));
                store.remove(name);
            } else {
                boolean applies = db.attributes().remove("applies") != null;
                store.change(name, b -> {
                    b.dbInstanceStatus("available");
                    PendingModifiedValues waiting = db.shape().pendingModifiedValues();
                    if (applies && waiting != null) {
                        SdkShapes.copy(waiting, b);
                        b.pendingModifiedValues((PendingModifiedValues) null);
                    }
                });
            }
        }
    }
}
