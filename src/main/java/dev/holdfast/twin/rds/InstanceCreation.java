package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.Identifiers;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.services.rds.model.*;

/**
 * Creates instances with the values of the request and the values that RDS chooses.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html">CreateDBInstance</a>
 */
final class InstanceCreation {
    private final TwinContext context;
    private final ResourceStore<DBInstance, DBInstance.Builder> store;
    private final SubnetGroups subnetGroups;
    private final InstanceGroups groups;
    private final ClusterMembers members;
    private final MasterSecrets secrets;
    /** Engines with a version that RDS no longer offers. */
    private final Set<String> withdrawn = new HashSet<>();

    final InstanceClasses classes = new InstanceClasses();

    InstanceCreation(
            TwinContext context,
            ResourceStore<DBInstance, DBInstance.Builder> store,
            SubnetGroups subnetGroups,
            InstanceGroups groups,
            ClusterMembers members) {
        this.context = context;
        this.store = store;
        this.subnetGroups = subnetGroups;
        this.groups = groups;
        this.members = members;
        this.secrets = new MasterSecrets(context);
    }

    /** From now on RDS creates no instance of this version. */
    void withdraws(String engine, String version) {
        withdrawn.add(engine + " " + version);
    }

    /** The request for an instance with the data, the engine, the size and the users of a snapshot. */
    static CreateDbInstanceRequest ofSnapshot(RestoreDbInstanceFromDbSnapshotRequest r, DBSnapshot snapshot) {
        if (r.dbName() != null) {
            throw combination("DBName must be null when restoring for this Engine.");
        }
        if (r.allocatedStorage() != null && r.allocatedStorage() < snapshot.allocatedStorage()) {
            throw invalid("The allocated storage size can't be less than the size of the snapshot.");
        }
        CreateDbInstanceRequest.Builder whole = SdkShapes.copy(snapshot, CreateDbInstanceRequest.builder());
        boolean small = InstanceRules.isSmall(snapshot.storageType(), snapshot.allocatedStorage());
        whole.storageEncrypted(snapshot.encrypted())
                .iops(small ? null : snapshot.iops())
                .storageThroughput(small ? null : snapshot.storageThroughput());
        return SdkShapes.copy(r, whole).tags(r.tags()).build();
    }

    /**
     * Creates an instance, which is in the status creating at first.
     *
     * @return the name of the instance
     */
    String make(CreateDbInstanceRequest r) {
        String name = Identifiers.lower(r.dbInstanceIdentifier());
        if (store.has(name)) {
            throw refused("DBInstanceAlreadyExists", "DB instance already exists");
        }
        Identifiers.check("DBInstanceIdentifier", name, 63);
        InstanceRules.refuseStorage(r.storageType(), r.allocatedStorage(), r.iops(), r.storageThroughput());
        InstanceRules.WINDOWS.refuse(r.preferredBackupWindow(), r.preferredMaintenanceWindow());
        boolean managed = Boolean.TRUE.equals(r.manageMasterUserPassword());
        InstanceRules.refuseMonitoring(r.monitoringInterval(), r.monitoringRoleArn());
        if (withdrawn.contains(r.engine() + " " + r.engineVersion())) {
            throw combination("Cannot find version " + r.engineVersion() + " for " + r.engine());
        }
        DBSubnetGroup subnets = subnetGroups.seen(r.dbSubnetGroupName());
        String version = DatabaseVersions.full(r.engine(), r.engineVersion());
        String group = groups.group(r.engine(), version, r.dbParameterGroupName());
        List<String> security = groups.securityGroups(subnets.vpcId(), r.vpcSecurityGroupIds());
        Subnet subnet = subnet(r, subnets);
        String eni = context.peer(TwinEc2.class)
                .createInterface(subnet.subnetIdentifier(), security, "RDSNetworkInterface", true);
        groups.holds(name, eni);
        boolean multi = Boolean.TRUE.equals(r.multiAZ());
        int port = InstanceRules.port(r.port(), r.engine());
        store.create(r, db -> {
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
                    .vpcSecurityGroups(InstanceGroups.memberships(security))
                    .dbParameterGroups(InstanceGroups.status(group, "in-sync"))
                    .multiAZ(multi)
                    .availabilityZone(subnet.subnetAvailabilityZone().name())
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
                    .publiclyAccessible(InstanceRules.isPublic(r))
                    .deletionProtection(Boolean.TRUE.equals(r.deletionProtection()))
                    .copyTagsToSnapshot(Boolean.TRUE.equals(r.copyTagsToSnapshot()));
            InstanceRules.defaults(r, db);
            if (managed) {
                db.masterUserSecret(secrets.make("rds!db-", r.masterUsername(), r.masterUserSecretKmsKeyId()));
            }
            if (db.build().storageEncrypted() && r.kmsKeyId() == null) {
                db.kmsKeyId(context.arn("kms", "key/" + context.uuid()));
            }
        });
        return name;
    }

    /** The subnet in the requested zone. Members of a cluster get different zones if possible. */
    private Subnet subnet(CreateDbInstanceRequest r, DBSubnetGroup group) {
        String zone = r.availabilityZone();
        if (zone != null) {
            return group.subnets().stream()
                    .filter(s -> zone.equals(s.subnetAvailabilityZone().name()))
                    .findFirst()
                    .orElseThrow(() -> combination(
                            "The DB subnet group " + group.dbSubnetGroupName() + " has no subnet in " + zone + "."));
        }
        long others = r.dbClusterIdentifier() == null
                ? 0
                : members.of(r.dbClusterIdentifier()).count();
        return group.subnets().get((int) (others % group.subnets().size()));
    }
}
