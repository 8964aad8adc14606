package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.Identifiers;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TimedWork;
import dev.holdfast.twin.store.TwinContext;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.rds.model.*;

/**
 * Clusters of Aurora. A cluster has the data, the users and the endpoints. Its members are instances, which can be
 * added and deleted.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Overview.html">Clusters of Aurora</a>
 */
final class DatabaseClusters {
    private static final int PAGE = 100;
    /** The attributes of a stored cluster. */
    private static final String APPLIES = "applies";

    private static final String FAILS = "fails";
    private static final String GROUP_OF_MEMBERS = "group-of-members";

    private final TwinContext context;
    private final SubnetGroups subnetGroups;
    private final ParameterGroups<DBClusterParameterGroup, DBClusterParameterGroup.Builder> parameterGroups;
    private final InstanceGroups groups;
    private final ClusterSnapshots snapshots;
    private final DatabaseEvents events;
    private final MasterSecrets secrets;
    final ResourceStore<DBCluster, DBCluster.Builder> store;
    private final TimedWork<DBCluster, DBCluster.Builder> work;
    private final ClusterMembers members;

    DatabaseClusters(
            TwinContext context,
            SubnetGroups subnetGroups,
            ParameterGroups<DBClusterParameterGroup, DBClusterParameterGroup.Builder> parameterGroups,
            InstanceGroups groups,
            ClusterSnapshots snapshots,
            DatabaseEvents events,
            ResourceStore<DBInstance, DBInstance.Builder> instances) {
        this.context = context;
        this.subnetGroups = subnetGroups;
        this.parameterGroups = parameterGroups;
        this.groups = groups;
        this.snapshots = snapshots;
        this.events = events;
        this.secrets = new MasterSecrets(context);
        this.store = context.store(DBCluster::builder, DBCluster::dbClusterIdentifier)
                .type("rds:cluster")
                .arn(DBCluster::dbClusterArn)
                .missing(name -> error(404, "DBClusterNotFoundFault", "DBCluster " + name + " not found."))
                .pages(PAGE)
                .tagRules(TwinRds.TAG_RULES)
                .showsTags();
        this.work = new TimedWork<>(context, store, DBCluster.Builder::status, this::end);
        this.members = new ClusterMembers(store, instances);
        store.shows(members::show);
    }

    ClusterMembers members() {
        return members;
    }

    Stream<DBCluster> stream() {
        return work.stream();
    }

    DescribeDbClustersResponse page(DescribeDbClustersRequest r) {
        settle();
        String asked = r.dbClusterIdentifier();
        List<String> names = Identifiers.selected(asked == null ? null : asked.substring(asked.lastIndexOf(':') + 1));
        return store.page(
                r,
                DescribeDbClustersResponse.builder(),
                store.visible(names).filter(c -> r.filters().stream().allMatch(f -> passes(c, f))));
    }

    private static boolean passes(DBCluster cluster, Filter filter) {
        return switch (filter.name()) {
            case "db-cluster-id" ->
                filter.values().stream()
                        .anyMatch(v -> v.equals(cluster.dbClusterIdentifier()) || v.equals(cluster.dbClusterArn()));
            case "db-cluster-resource-id" -> filter.values().contains(cluster.dbClusterResourceId());
            case "engine" -> filter.values().contains(cluster.engine());
            case "clone-group-id", "domain" -> false;
            default -> throw invalid("Unrecognized filter name: " + filter.name());
        };
    }

    DBCluster create(CreateDbClusterRequest r) {
        settle();
        ClusterRules.refuseCreate(r);
        return make(r);
    }

    /** Creates a cluster with the data, the users and the encryption of a snapshot. It has no members. */
    DBCluster restore(RestoreDbClusterFromSnapshotRequest r) {
        settle();
        DBClusterSnapshot snapshot = snapshots.seen(r.snapshotIdentifier());
        if (!r.engine().equals(snapshot.engine())) {
            throw combination("The engine " + r.engine() + " is not the snapshot's, " + snapshot.engine());
        }
        CreateDbClusterRequest.Builder whole = CreateDbClusterRequest.builder()
                .masterUsername(snapshot.masterUsername())
                .storageEncrypted(snapshot.storageEncrypted())
                .kmsKeyId(snapshot.kmsKeyId())
                .engineVersion(snapshot.engineVersion())
                .backupRetentionPeriod(snapshot.backupRetentionPeriod());
        return make(SdkShapes.copy(r, whole).tags(r.tags()).build());
    }

    private DBCluster make(CreateDbClusterRequest r) {
        String name = Identifiers.lower(r.dbClusterIdentifier());
        if (store.has(name)) {
            throw refused("DBClusterAlreadyExistsFault", "DB Cluster already exists");
        }
        DBSubnetGroup subnets = subnetGroups.seen(r.dbSubnetGroupName());
        String version = DatabaseVersions.full(r.engine(), r.engineVersion());
        String group = group(r.engine(), version, r.dbClusterParameterGroupName());
        List<String> security = groups.securityGroups(subnets.vpcId(), r.vpcSecurityGroupIds());
        String host = context.hex(11) + "." + context.region() + ".rds.amazonaws.com";
        store.create(r, made -> {
            made.dbClusterIdentifier(name)
                    .dbClusterArn(context.arn("rds", "cluster:" + name))
                    .dbClusterResourceId("cluster-" + context.hex(26).toUpperCase(Locale.ROOT))
                    .status("creating")
                    .engineVersion(version)
                    .clusterCreateTime(context.now())
                    .endpoint(name + ".cluster-c" + host)
                    .readerEndpoint(name + ".cluster-ro-c" + host)
                    .hostedZoneId("Z1TTGA775OQIYO")
                    .dbSubnetGroup(subnets.dbSubnetGroupName())
                    .availabilityZones(subnets.subnets().stream()
                            .map(s -> s.subnetAvailabilityZone().name())
                            .distinct()
                            .toList())
                    .dbClusterParameterGroup(group)
                    .vpcSecurityGroups(InstanceGroups.memberships(security));
            ClusterRules.defaults(r, made);
            if (Boolean.TRUE.equals(r.manageMasterUserPassword())) {
                made.masterUserSecret(secrets.make("rds!cluster-", r.masterUsername(), r.masterUserSecretKmsKeyId()));
            }
            if (Boolean.TRUE.equals(r.storageEncrypted()) && r.kmsKeyId() == null) {
                made.kmsKeyId(context.arn("kms", "key/" + context.uuid()));
            }
        });
        work.begin(name, "creating", Delay.DATABASE);
        return store.shown(name);
    }

    private String group(String engine, String version, @Nullable String asked) {
        return parameterGroups.usable(asked, DatabaseVersions.family(engine, version));
    }

    /** Applies some changes at once. The others wait for the maintenance window, or for {@code ApplyImmediately}. */
    DBCluster modify(ModifyDbClusterRequest r) {
        settle();
        String name = seen(r.dbClusterIdentifier()).id();
        DBCluster old = store.need(name);
        if (!old.status().equals("available")) {
            throw state("Cluster " + name + " is not in available state: " + old.status());
        }
        ClusterRules.refuseModify(r, old, context.now());
        String upgrade = DatabaseVersions.upgrade(old.engine(), old.engineVersion(), r.engineVersion());
        String version = upgrade == null ? old.engineVersion() : upgrade;
        String group = r.dbClusterParameterGroupName() == null
                ? null
                : group(old.engine(), version, r.dbClusterParameterGroupName());
        if (upgrade != null) {
            refuseUpgrade(r, old, upgrade);
        }
        List<String> security = r.vpcSecurityGroupIds().isEmpty()
                ? List.of()
                : groups.securityGroups(subnetGroups.seen(old.dbSubnetGroup()).vpcId(), r.vpcSecurityGroupIds());
        ClusterPendingModifiedValues waiting = ClusterRules.waiting(r, old);
        store.change(name, made -> {
            ClusterRules.atOnce(r, old, made, context.now());
            made.pendingModifiedValues(waiting);
            if (group != null) {
                made.dbClusterParameterGroup(group);
            } else if (upgrade != null) {
                made.dbClusterParameterGroup("default." + DatabaseVersions.family(old.engine(), upgrade));
            }
            if (!security.isEmpty()) {
                made.vpcSecurityGroups(InstanceGroups.memberships(security));
            }
            if (Boolean.TRUE.equals(r.manageMasterUserPassword()) && old.masterUserSecret() == null) {
                made.masterUserSecret(secrets.make("rds!cluster-", old.masterUsername(), r.masterUserSecretKmsKeyId()));
            }
        });
        if (!security.isEmpty()) {
            members.of(name).forEach(m -> groups.secure(m.dbInstanceIdentifier(), security));
        }
        if (group != null && upgrade == null && !group.equals(old.dbClusterParameterGroup())) {
            members.needRestart(name);
        }
        if (Boolean.TRUE.equals(r.applyImmediately())) {
            applyPending(name);
        } else {
            work.begin(name, "modifying", Delay.VISIBLE);
            settle();
        }
        return store.shown(name);
    }

    /**
     * A major upgrade needs new parameter groups: RDS does not replace custom groups of the cluster or of its members
     * itself.
     */
    private void refuseUpgrade(ModifyDbClusterRequest r, DBCluster old, String version) {
        if (r.dbClusterParameterGroupName() == null
                && !old.dbClusterParameterGroup().startsWith("default.")) {
            throw combination("The current DB cluster parameter group " + old.dbClusterParameterGroup()
                    + " is custom. You must explicitly specify a new DB cluster parameter group, either default or"
                    + " custom, for the engine version upgrade.");
        }
        String wanted = r.dbInstanceParameterGroupName();
        members.of(old.dbClusterIdentifier())
                .map(InstanceGroups::of)
                .filter(group -> wanted == null && !group.startsWith("default."))
                .findFirst()
                .ifPresent(group -> {
                    throw combination("The current DB instance parameter group " + group
                            + " is custom. You must explicitly specify a new DB instance parameter group, either"
                            + " default or custom, for the engine version upgrade.");
                });
        store.stored(old.dbClusterIdentifier())
                .attributes()
                .put(GROUP_OF_MEMBERS, groups.group(old.engine(), version, wanted));
    }

    /** RDS applies every waiting change, including those of other callers. */
    void applyPending(String name) {
        DBCluster cluster = seen(name).shape();
        String next = cluster.pendingModifiedValues() == null
                ? null
                : cluster.pendingModifiedValues().engineVersion();
        work.begin(name, next == null ? "modifying" : "upgrading", Delay.DATABASE);
        store.stored(name).attributes().put(APPLIES, "true");
        settle();
    }

    DBCluster delete(DeleteDbClusterRequest r) {
        settle();
        DBCluster cluster = seen(r.dbClusterIdentifier()).shape();
        String name = cluster.dbClusterIdentifier();
        if (Boolean.TRUE.equals(cluster.deletionProtection())) {
            throw combination("Cannot delete protected Cluster, please disable deletion protection and try again.");
        }
        boolean skip = Boolean.TRUE.equals(r.skipFinalSnapshot());
        if (skip && r.finalDBSnapshotIdentifier() != null) {
            throw combination("You cannot specify both FinalDBSnapshotIdentifier and SkipFinalSnapshot");
        }
        if (!skip && r.finalDBSnapshotIdentifier() == null) {
            throw combination("FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified.");
        }
        if (cluster.status().equals("deleting")) {
            throw state("Cluster " + name + " is already being deleted");
        }
        if (members.of(name).anyMatch(m -> !m.dbInstanceStatus().equals("deleting"))) {
            throw state("Cluster cannot be deleted, it still contains DB instances in non-deleting state.");
        }
        if (!skip) {
            snapshot(r.finalDBSnapshotIdentifier(), name);
        }
        if (Boolean.FALSE.equals(r.deleteAutomatedBackups())) {
            snapshots.retain(cluster);
        }
        work.run(name, "deleting", Delay.DATABASE);
        // Without a delay, settle() has already removed the cluster.
        return store.has(name) ? store.shown(name) : cluster;
    }

    DBClusterSnapshot snapshot(@Nullable String name, String of) {
        settle();
        StoredResource<DBCluster> cluster = seen(of);
        if (!cluster.shape().status().equals("available")) {
            throw state("Can't create a snapshot because the database cluster " + of
                    + " isn't currently in the available state.");
        }
        boolean copies = Boolean.TRUE.equals(cluster.shape().copyTagsToSnapshot());
        return snapshots.make(name, cluster.shape(), copies ? cluster.tags() : Map.of());
    }

    /** Makes another member the writer. */
    DBCluster failover(FailoverDbClusterRequest r) {
        settle();
        DBCluster cluster = seen(r.dbClusterIdentifier()).shape();
        String name = cluster.dbClusterIdentifier();
        if (!cluster.status().equals("available")) {
            throw state("Cluster " + name + " is not in available state: " + cluster.status());
        }
        members.failOver(name, r.targetDBInstanceIdentifier());
        work.run(name, "failing-over", Delay.TASK_START);
        return store.shown(name);
    }

    void parametersChanged(String group, List<Parameter> changed) {
        if (changed.stream().noneMatch(p -> p.applyMethod() == ApplyMethod.PENDING_REBOOT)) {
            return;
        }
        stream()
                .filter(c -> c.dbClusterParameterGroup().equals(group))
                .forEach(c -> members.needRestart(c.dbClusterIdentifier()));
    }

    /** Sets a status that lasts until a caller changes the cluster. */
    void breaks(String cluster, String status) {
        settle();
        store.change(seen(cluster).id(), b -> b.status(status));
    }

    /** RDS accepts the next change that takes time, and does not apply it. */
    void failsNext(String cluster, String why) {
        seen(cluster).attributes().put(FAILS, why);
    }

    private StoredResource<DBCluster> seen(@Nullable String name) {
        return store.seen(String.valueOf(name).toLowerCase(Locale.ROOT));
    }

    static AwsServiceException state(String message) {
        return refused("InvalidDBClusterStateFault", message);
    }

    /** Ends the work that is over by now. */
    void settle() {
        work.settle();
    }

    private void end(TimedWork.Ended ended) {
        StoredResource<DBCluster> cluster = store.stored(ended.name());
        if (ended.on().equals("deleting")) {
            secrets.delete(cluster.shape().masterUserSecret());
            store.remove(ended.name());
            return;
        }
        boolean worked = cluster.attributes().remove(APPLIES) != null;
        String fails = worked ? cluster.attributes().remove(FAILS) : null;
        if (fails != null) {
            events.add(SourceType.DB_CLUSTER, ended.name(), "failure", fails);
        }
        ClusterPendingModifiedValues waiting = cluster.shape().pendingModifiedValues();
        String ofMembers = worked ? cluster.attributes().remove(GROUP_OF_MEMBERS) : null;
        store.change(ended.name(), b -> {
            b.status("available");
            if (worked && fails == null && waiting != null) {
                SdkShapes.copy(waiting, b);
            }
            if (worked) {
                b.pendingModifiedValues((ClusterPendingModifiedValues) null);
            }
        });
        if (ofMembers != null && fails == null) {
            members.belongTo(ended.name(), ofMembers);
        }
    }
}
