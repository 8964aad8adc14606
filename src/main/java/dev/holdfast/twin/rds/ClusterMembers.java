package dev.holdfast.twin.rds;

import static dev.holdfast.twin.store.TwinErrors.combination;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.rds.model.*;

/** The instances of clusters: the values that they inherit, the choice of the writer, and RDS's rules for members. */
final class ClusterMembers {
    /**
     * WRITER is an attribute of a cluster: the chosen writer. WAITS is an attribute of a member: a change awaits its
     * restart.
     */
    private static final String WRITER = "writer";

    private static final String WAITS = "cluster-group-waits";

    /**
     * The members of a request that only a cluster accepts, with their names in RDS's errors.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html">Members of
     *     CreateDBInstance that do not apply to Aurora</a>
     */
    private static final Map<String, String> OF_CLUSTER = Map.ofEntries(
            Map.entry("DBName", "database name"),
            Map.entry("MasterUsername", "master user name"),
            Map.entry("MasterUserPassword", "master user password"),
            Map.entry("ManageMasterUserPassword", "master user password"),
            Map.entry("AllocatedStorage", "storage"),
            Map.entry("MaxAllocatedStorage", "storage"),
            Map.entry("Iops", "storage"),
            Map.entry("StorageThroughput", "storage"),
            Map.entry("StorageType", "storage type"),
            Map.entry("StorageEncrypted", "storage encryption"),
            Map.entry("KmsKeyId", "storage encryption"),
            Map.entry("VpcSecurityGroupIds", "vpc security groups"),
            Map.entry("Port", "port"),
            Map.entry("DBPortNumber", "port"),
            Map.entry("MultiAZ", "availability zones"),
            Map.entry("BackupRetentionPeriod", "backup retention"),
            Map.entry("PreferredBackupWindow", "backup window"),
            Map.entry("EnableCloudwatchLogsExports", "log exports"),
            Map.entry("CloudwatchLogsExportConfiguration", "log exports"),
            Map.entry("EnableIAMDatabaseAuthentication", "IAM database authentication"),
            Map.entry("DeletionProtection", "deletion protection"),
            Map.entry("DatabaseInsightsMode", "Database Insights mode"),
            Map.entry("EnablePerformanceInsights", "Performance Insights"),
            Map.entry("PerformanceInsightsRetentionPeriod", "Performance Insights"),
            Map.entry("EngineLifecycleSupport", "engine lifecycle support"));

    /** The statuses of a cluster in which RDS accepts a new member. */
    private static final Set<String> OPEN = Set.of("available", "creating", "modifying", "backing-up");

    private final ResourceStore<DBCluster, DBCluster.Builder> clusters;
    private final ResourceStore<DBInstance, DBInstance.Builder> instances;

    ClusterMembers(
            ResourceStore<DBCluster, DBCluster.Builder> clusters,
            ResourceStore<DBInstance, DBInstance.Builder> instances) {
        this.clusters = clusters;
        this.instances = instances;
        instances.shows(this::inherit);
    }

    /** The instances in the order of their creation, including those that are being deleted. */
    Stream<DBInstance> of(String cluster) {
        return instances.stream().filter(db -> cluster.equals(db.dbClusterIdentifier()));
    }

    private static @Nullable String settingOfCluster(SdkPojo request) {
        return OF_CLUSTER.entrySet().stream()
                .filter(e -> SdkShapes.get(request, e.getKey()) instanceof Object value
                        && !(value instanceof Collection<?> many && many.isEmpty()))
                .map(Map.Entry::getValue)
                .sorted()
                .findFirst()
                .orElse(null);
    }

    /** The request for a new member, with the values that the member inherits from its cluster. */
    CreateDbInstanceRequest joins(CreateDbInstanceRequest r) {
        DBCluster cluster =
                clusters.seen(r.dbClusterIdentifier().toLowerCase(Locale.ROOT)).shape();
        String setting = settingOfCluster(r);
        if (setting != null) {
            throw combination("The requested DB Instance will be a member of a DB Cluster. Set " + setting
                    + " for the DB Cluster.");
        }
        if (!OPEN.contains(cluster.status())) {
            throw DatabaseClusters.state(
                    "DB cluster " + cluster.dbClusterIdentifier() + " is in state " + cluster.status());
        }
        if (!r.engine().equals(cluster.engine())) {
            throw combination("The engine name requested for your DB instance (" + r.engine()
                    + ") doesn't match the engine name of your DB cluster (" + cluster.engine() + ").");
        }
        if (r.engineVersion() != null && !r.engineVersion().equals(cluster.engineVersion())) {
            throw combination("The engine version that you requested for your DB instance (" + r.engineVersion()
                    + ") does not match the engine version of your DB cluster (" + cluster.engineVersion() + ").");
        }
        if (r.dbSubnetGroupName() != null && !r.dbSubnetGroupName().equals(cluster.dbSubnetGroup())) {
            throw combination("The DB subnet group of the DB instance isn't the one of its DB cluster.");
        }
        if (r.dbInstanceClass().equals("db.serverless") && cluster.serverlessV2ScalingConfiguration() == null) {
            throw DatabaseClusters.state("Set the Serverless v2 scaling configuration on the parent DB cluster before"
                    + " creating a Serverless v2 DB instance.");
        }
        return r.toBuilder()
                .dbClusterIdentifier(cluster.dbClusterIdentifier())
                .masterUsername(cluster.masterUsername())
                .dbName(cluster.databaseName())
                .engineVersion(cluster.engineVersion())
                .dbSubnetGroupName(cluster.dbSubnetGroup())
                .vpcSecurityGroupIds(cluster.vpcSecurityGroups().stream()
                        .map(VpcSecurityGroupMembership::vpcSecurityGroupId)
                        .toList())
                .port(cluster.port())
                .allocatedStorage(1)
                .storageType("aurora")
                .storageEncrypted(cluster.storageEncrypted())
                .kmsKeyId(cluster.kmsKeyId())
                .promotionTier(r.promotionTier() == null ? Integer.valueOf(1) : r.promotionTier())
                .build();
    }

    /** Refuses a change of a setting that belongs to the cluster. */
    void refuseModify(ModifyDbInstanceRequest r, DBInstance old) {
        if (old.dbClusterIdentifier() == null) {
            if (r.promotionTier() != null) {
                throw combination("PromotionTier is only supported for members of DB clusters.");
            }
            return;
        }
        String setting = r.engineVersion() != null ? "the DB engine version" : settingOfCluster(r);
        if (setting != null) {
            throw combination("The specified DB Instance is a member of a cluster. Modify " + setting
                    + " for the DB Cluster using the ModifyDbCluster API");
        }
    }

    /** Sets the values that a member inherits from its cluster. */
    private void inherit(StoredResource<DBInstance> member, DBInstance.Builder shown) {
        DBInstance db = member.shape();
        DBCluster cluster = db.dbClusterIdentifier() == null ? null : clusters.get(db.dbClusterIdentifier());
        if (cluster == null) {
            return;
        }
        shown.engineVersion(cluster.engineVersion())
                .endpoint(db.endpoint().toBuilder().port(cluster.port()).build())
                .vpcSecurityGroups(cluster.vpcSecurityGroups())
                .storageType(cluster.storageType() == null ? "aurora" : cluster.storageType())
                .backupRetentionPeriod(cluster.backupRetentionPeriod())
                .preferredBackupWindow(cluster.preferredBackupWindow())
                .iamDatabaseAuthenticationEnabled(cluster.iamDatabaseAuthenticationEnabled())
                .databaseInsightsMode(cluster.databaseInsightsMode())
                .performanceInsightsEnabled(cluster.performanceInsightsEnabled())
                .performanceInsightsRetentionPeriod(cluster.performanceInsightsRetentionPeriod());
        if (cluster.status().equals("upgrading") && db.dbInstanceStatus().equals("available")) {
            shown.dbInstanceStatus("upgrading");
        }
    }

    /** Sets the members of a cluster, and whether they are in several zones. */
    void show(StoredResource<DBCluster> cluster, DBCluster.Builder shown) {
        List<DBInstance> all = of(cluster.id()).toList();
        String writer = writer(cluster, all);
        Set<String> zones = new HashSet<>();
        all.forEach(db -> zones.add(db.availabilityZone()));
        shown.multiAZ(zones.size() > 1)
                .dbClusterMembers(all.stream()
                        .map(db -> DBClusterMember.builder()
                                .dbInstanceIdentifier(db.dbInstanceIdentifier())
                                .isClusterWriter(db.dbInstanceIdentifier().equals(writer))
                                .promotionTier(db.promotionTier())
                                .dbClusterParameterGroupStatus(
                                        instances
                                                        .stored(db.dbInstanceIdentifier())
                                                        .attributes()
                                                        .containsKey(WAITS)
                                                ? "pending-reboot"
                                                : "in-sync")
                                .build())
                        .toList());
    }

    /**
     * The chosen writer, or initially the first member. If the writer is deleted, the member with the lowest tier
     * follows.
     */
    private static @Nullable String writer(StoredResource<DBCluster> cluster, List<DBInstance> all) {
        List<DBInstance> staying = all.stream()
                .filter(db -> !db.dbInstanceStatus().equals("deleting"))
                .toList();
        String chosen = cluster.attributes().get(WRITER);
        if (staying.stream().anyMatch(db -> db.dbInstanceIdentifier().equals(chosen))) {
            return chosen;
        }
        String next = staying.stream()
                .min(Comparator.comparing(DBInstance::promotionTier))
                .map(DBInstance::dbInstanceIdentifier)
                .orElse(null);
        if (next != null) {
            cluster.attributes().put(WRITER, next);
        }
        return next;
    }

    /** @param wanted the member that becomes the writer; null selects any other member */
    void failOver(String cluster, @Nullable String wanted) {
        List<DBInstance> all = of(cluster).toList();
        String writer = writer(clusters.stored(cluster), all);
        String next = all.stream()
                .filter(db -> !db.dbInstanceIdentifier().equals(writer))
                .filter(db -> wanted == null || db.dbInstanceIdentifier().equalsIgnoreCase(wanted))
                .filter(db -> db.dbInstanceStatus().equals("available"))
                .min(Comparator.comparing(DBInstance::promotionTier))
                .map(DBInstance::dbInstanceIdentifier)
                .orElseThrow(
                        () -> DatabaseClusters.state("Cluster " + cluster + " has no other member to fail over to."));
        clusters.stored(cluster).attributes().put(WRITER, next);
    }

    /** A change of the cluster's parameter group takes effect on each member only after a restart. */
    void needRestart(String cluster) {
        of(cluster)
                .forEach(db ->
                        instances.stored(db.dbInstanceIdentifier()).attributes().put(WAITS, "true"));
    }

    /** @param member the restarted instance, which need not be a member of a cluster */
    void restarted(String member) {
        instances.stored(member).attributes().remove(WAITS);
    }

    /** Gives all members a parameter group and the version of their cluster. */
    void belongTo(String cluster, String group) {
        String version = clusters.need(cluster).engineVersion();
        of(cluster).toList().forEach(db -> {
            instances.change(
                    db.dbInstanceIdentifier(),
                    b -> b.dbParameterGroups(InstanceGroups.status(group, "in-sync"))
                            .engineVersion(version));
            restarted(db.dbInstanceIdentifier());
        });
    }
}
