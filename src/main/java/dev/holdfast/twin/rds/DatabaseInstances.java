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
    private static final String RESTARTS = "restarts";

    private final TwinContext context;
    private final ResourceStore<DBSubnetGroup, DBSubnetGroup.Builder> subnetGroups;
    private final ResourceStore<DBParameterGroup, DBParameterGroup.Builder> parameterGroups;
    private final ResourceStore<DBInstance, DBInstance.Builder> store;
    private final Map<String, String> interfaces = new HashMap<>();
    private final Set<String> snapshots = new HashSet<>();
    /** Automated backups that outlive their instance, by the instance's resource id. */
    private final Set<String> retainedBackups = new TreeSet<>();

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

    Set<String> retainedBackups() {
        return Set.copyOf(retainedBackups);
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
        InstanceRules.refuseStorage(r.storageType(), r.allocatedStorage(), r.iops(), r.storageThroughput());
        boolean managed = Boolean.TRUE.equals(r.manageMasterUserPassword());
        if (r.masterUsername() == null || (!managed && r.masterUserPassword() == null)) {
            throw invalid("The parameter MasterUserPassword must be provided and must not be blank.");
        }
        if ((r.monitoringInterval() != null && r.monitoringInterval() > 0) != (r.monitoringRoleArn() != null)) {
            throw combination(
                    "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other than 0.");
        }
        DBSubnetGroup subnets = subnetGroups.seen(r.dbSubnetGroupName()).shape();
        String version = InstanceRules.version(r.engine(), r.engineVersion());
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
            InstanceRules.defaults(r, db);
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

    private String group(String engine, String version, @Nullable String asked) {
        String family = engine + InstanceRules.major(engine, version);
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

    private static String parameterGroup(DBInstance db) {
        return db.dbParameterGroups().getFirst().dbParameterGroupName();
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
        InstanceRules.refuseModify(r, old);
        String wanted = InstanceRules.upgrade(r, old);
        if (r.dbParameterGroupName() != null) {
            group(old.engine(), wanted == null ? old.engineVersion() : wanted, r.dbParameterGroupName());
        } else if (wanted != null && !parameterGroup(old).startsWith("default.")) {
            throw combination("The current DB instance parameter group " + parameterGroup(old)
                    + " is custom. You must explicitly specify a new DB parameter group, either default or custom, for"
                    + " the engine version upgrade.");
        }
        boolean now = Boolean.TRUE.equals(r.applyImmediately());
        PendingModifiedValues waiting = InstanceRules.waiting(r, old);
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

    /** Groups, and the secret of the master password, never wait. */
    private void atOnce(ModifyDbInstanceRequest r, DBInstance old, DBInstance.Builder db) {
        InstanceRules.atOnce(r, old, db);
        if (!r.vpcSecurityGroupIds().isEmpty()) {
            List<String> groups = securityGroups(old.dbSubnetGroup().vpcId(), r.vpcSecurityGroupIds());
            db.vpcSecurityGroups(memberships(groups));
            context.peer(TwinEc2.class).setInterfaceGroups(held(old.dbInstanceIdentifier()), groups);
        }
        String upgrade = InstanceRules.upgrade(r, old);
        if (r.dbParameterGroupName() != null || upgrade != null) {
            String group =
                    group(old.engine(), upgrade == null ? old.engineVersion() : upgrade, r.dbParameterGroupName());
            db.dbParameterGroups(status(group, upgrade == null ? "pending-reboot" : "pending-database-upgrade"));
        }
        if (Boolean.TRUE.equals(r.manageMasterUserPassword()) && old.masterUserSecret() == null) {
            db.masterUserSecret(s -> s.secretArn(
                            context.arn("secretsmanager", "secret:rds!db-" + context.uuid() + "-" + context.hex(6)))
                    .secretStatus("active"));
        }
    }

    /** The interface by which an instance stands in its subnet. */
    private String held(String name) {
        return Objects.requireNonNull(interfaces.get(name));
    }

    /** RDS makes every change that waits, also those of other callers. */
    void applyPending(String name) {
        works(store.seen(name).id(), "modifying", Delay.DATABASE);
        store.stored(name).attributes().put("applies", "true");
    }

    /** What waits for a restart is made, unless the standby takes over. */
    DBInstance reboot(RebootDbInstanceRequest r) {
        settle();
        DBInstance db = store.seen(r.dbInstanceIdentifier()).shape();
        if (!db.dbInstanceStatus().equals("available")) {
            throw state(db, "is not in available state");
        }
        boolean fails = Boolean.TRUE.equals(r.forceFailover());
        if (fails && !Boolean.TRUE.equals(db.multiAZ())) {
            throw combination("Cannot reboot with force failover a DB instance that is not Multi-AZ.");
        }
        works(db.dbInstanceIdentifier(), fails ? "failing-over" : "rebooting", Delay.TASK_START);
        if (!fails) {
            store.stored(db.dbInstanceIdentifier()).attributes().put(RESTARTS, "true");
        }
        return store.shown(store.need(db.dbInstanceIdentifier()));
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
        if (Boolean.FALSE.equals(r.deleteAutomatedBackups()) && db.backupRetentionPeriod() > 0) {
            retainedBackups.add(db.dbiResourceId());
        }
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
                context.peer(TwinEc2.class).deleteInterface(held(name));
                interfaces.remove(name);
                store.remove(name);
            } else {
                boolean applies = db.attributes().remove("applies") != null;
                boolean restarted = db.attributes().remove(RESTARTS) != null;
                DBParameterGroupStatus group = db.shape().dbParameterGroups().getFirst();
                boolean upgraded = applies && "pending-database-upgrade".equals(group.parameterApplyStatus());
                store.change(name, b -> {
                    b.dbInstanceStatus("available");
                    if (upgraded || (restarted && "pending-reboot".equals(group.parameterApplyStatus()))) {
                        b.dbParameterGroups(status(group.dbParameterGroupName(), "in-sync"));
                    }
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
