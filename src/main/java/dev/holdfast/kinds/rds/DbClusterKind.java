package dev.holdfast.kinds.rds;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbClusterRequest;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.DbClusterNotFoundException;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbClusterFromSnapshotRequest;
import software.amazon.awssdk.services.rds.model.SourceType;

/** A cluster of Aurora: the data, the users and the endpoints. Each instance of the cluster is a {@code DbInstance}. */
@Singleton
public final class DbClusterKind extends DeclaredKind<DbClusterKind.Spec> {
    private static final int PAGE = 100;
    /** DescribeDBClusters also lists the clusters of Neptune and DocumentDB, and Multi-AZ clusters. */
    static final Set<String> ENGINES = Set.of("aurora-postgresql");

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html">CreateDBCluster</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 63, lower = true, letterFirst = true)
            String dbClusterIdentifier,

            @Doc("The engine.") @Required @Immutable @Offers("aurora-postgresql")
            String engine,

            @Doc("The version or its beginning: 16 matches every 16.x. A newer cluster keeps its version.")
            @Required
            @VersionPrefix(fits = "dbClusterParameterGroupName")
            String engineVersion,

            @Doc("The database that is created with the cluster.") @Immutable
            String databaseName,

            @Doc("The name of the master user.") @Required @Immutable
            String masterUsername,

            @Doc("Whether RDS keeps the master password in a secret of its own and rotates it. This must be true,"
                    + " because a document never contains a password.")
            @Required
            Boolean manageMasterUserPassword,

            @Doc("The key that encrypts the secret of the master password.") @InitialOnly
            String masterUserSecretKmsKeyId,

            @Doc("The subnet group, with the subnets that RDS may place members in.")
            @Required
            @Immutable
            @Ref("DbSubnetGroup")
            @ReadFrom("dbSubnetGroup")
            String dbSubnetGroupName,

            @Doc("The security groups.")
            @Required
            @Ref("SecurityGroup")
            @ReadFrom("vpcSecurityGroups.vpcSecurityGroupId")
            Set<String> vpcSecurityGroupIds,

            @Doc("The parameter group, with the settings of the engine for the whole cluster.")
            @Ref("DbClusterParameterGroup")
            @ReadFrom("dbClusterParameterGroup")
            String dbClusterParameterGroupName,

            @Doc("The parameter group that an upgrade to another major version assigns to all members; the default"
                    + " is the new version's default group. Later, the members' documents set the group.")
            @Ref("DbParameterGroup")
            @DeleteOnly
            @NotSent
            String dbInstanceParameterGroupName,

            @Doc("The port that the members listen on.") @Range(min = 1150, max = 65535)
            Integer port,

            @Doc("Whether the storage is encrypted.") @Required @Immutable
            Boolean storageEncrypted,

            @Doc("The ARN of the key that encrypts the storage. The default is RDS's own key.") @Immutable
            String kmsKeyId,

            @Doc("The pricing of the storage: aurora or aurora-iopt1. RDS switches to aurora-iopt1 once in 30 days.")
            @Offers({"aurora", "aurora-iopt1"})
            String storageType,

            @Doc("The capacity of members of the class db.serverless.")
            ServerlessCapacity serverlessV2ScalingConfiguration,

            @Doc("The days for which backups are kept.") @Range(min = 1, max = 35)
            Integer backupRetentionPeriod,

            @Doc("The daily time in UTC at which backups are made, such as 02:00-03:00.")
            String preferredBackupWindow,

            @Doc("The weekly time in UTC at which RDS may change or restart the cluster: sun:03:30-sun:04:30.")
            String preferredMaintenanceWindow,

            @Doc("Whether snapshots get the cluster's tags.")
            Boolean copyTagsToSnapshot,

            @Doc("Whether RDS refuses to delete the cluster.")
            Boolean deletionProtection,

            @Doc("The logs that go to CloudWatch Logs: postgresql, instance, iam-db-auth-error.")
            Set<String> enableCloudwatchLogsExports,

            @Doc("Database Insights of all members: standard or advanced.")
            DatabaseInsightsMode databaseInsightsMode,

            @Doc("Whether Performance Insights collects data.") @ReadFrom("performanceInsightsEnabled")
            Boolean enablePerformanceInsights,

            @Doc("The key that encrypts the data of Performance Insights.") @InitialOnly
            String performanceInsightsKMSKeyId,

            @Doc(
                    "The days for which Performance Insights keeps data: 7, a multiple of 31, or 731; for advanced at least 465.")
            Integer performanceInsightsRetentionPeriod,

            @Doc("Whether IAM may authenticate database users.") @ReadFrom("iamDatabaseAuthenticationEnabled")
            Boolean enableIAMDatabaseAuthentication,

            @Doc("The network type: IPV4, or DUAL for IPv4 and IPv6.") @Offers({"IPV4", "DUAL"})
            String networkType,

            @Doc("The snapshot from which the cluster is restored with its data; used only for a new cluster.")
            @InitialOnly
            String snapshotIdentifier,

            @Doc("Whether RDS keeps the engine's version, for a charge, after its standard support has ended.")
            @InitialOnly
            @Offers({"open-source-rds-extended-support", "open-source-rds-extended-support-disabled"})
            String engineLifecycleSupport,

            @Doc("Whether changes that restart the cluster are made at once, together with all changes that already"
                    + " wait for the maintenance window; otherwise they wait for the window.")
            @DeleteOnly
            @NotSent
            Boolean applyImmediately,

            @Doc("The handling of a restart of members that settings of the cluster's parameter group wait for. Approve"
                    + " (default): the restart is a step that always waits for an approval. Never: it is only shown.")
            @DeleteOnly
            RestartRule rebootOnPending,

            @Doc("Whether a snapshot is taken before the cluster is deleted; the default is true.") @DeleteOnly
            Boolean finalSnapshot,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            dbSubnetGroupName = Values.lower(dbSubnetGroupName);
            dbClusterParameterGroupName = Values.lower(dbClusterParameterGroupName);
            preferredMaintenanceWindow = Values.lower(preferredMaintenanceWindow);
        }
    }

    /** Capacities in Aurora capacity units, in steps of 0.5. */
    public record ServerlessCapacity(
            @Doc("The smallest capacity of a member; 0: an idle member pauses.") @Required
            Double minCapacity,

            @Doc("The largest capacity of a member, 256 at most.") @Required
            Double maxCapacity,

            @Doc("The idle seconds after which a member pauses, if minCapacity is 0.") @Range(min = 300, max = 86400)
            Integer secondsUntilAutoPause) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("DbCluster", Spec.class, RdsClient.class)
                .description("A cluster of Aurora PostgreSQL: the data and the endpoints. Its members are DbInstances.")
                .lists(
                        rds -> rds.describeDBClustersPaginator(r -> r.maxRecords(PAGE)).dbClusters().stream()
                                .filter(c -> ENGINES.contains(c.engine()))
                                .toList(),
                        PointRead.of(
                                (rds, name) -> rds.describeDBClusters(r -> r.dbClusterIdentifier(name))
                                        .dbClusters(),
                                DbClusterNotFoundException.class))
                .named(DBCluster::dbClusterIdentifier)
                .arn(DBCluster::dbClusterArn)
                .tags(RdsTags.INLINE)
                // A change that waits for the maintenance window is no drift: the pending value counts as observed.
                .detail((scope, rds, c) -> c.pendingModifiedValues() == null ? Map.of() : c.pendingModifiedValues())
                // RDS omits the default storage type from its answer.
                .reads(Spec::storageType, c -> Objects.requireNonNullElse(c.storageType(), "aurora"))
                .reads(Spec::manageMasterUserPassword, c -> c.masterUserSecret() != null)
                .reads(Spec::enableCloudwatchLogsExports, DbClusterCalls::logs)
                .creates(CreateDbClusterRequest::builder, RdsClient::createDBCluster)
                // RDS does not accept all fields in a restore; an update sets the others, such as the master password.
                .restores(
                        Spec::snapshotIdentifier,
                        RestoreDbClusterFromSnapshotRequest::builder,
                        (request, desired) -> {},
                        RdsClient::restoreDBClusterFromSnapshot)
                .patches(
                        ModifyDbClusterRequest::builder,
                        null,
                        DbClusterCalls::beside,
                        RdsClient::modifyDBCluster,
                        Spec::enableCloudwatchLogsExports)
                .restarts(DbClusterCalls::restart)
                .deletesObserved(DbClusterCalls::delete)
                .state((known, c, desired) -> DbClusterStates.facts(known, c)
                        .phase(DbClusterStates.phase(c))
                        .health(DbClusterStates.health(c))
                        .createdAt(c.clusterCreateTime())
                        .outlook(DbClusterStates.outlook(
                                c, desired == null || desired.rebootOnPending() != RestartRule.Never)))
                .output("endpoint", "The host name of the member that writes.", DBCluster::endpoint)
                .output("readerEndpoint", "The host name of the members that only read.", DBCluster::readerEndpoint)
                .output("port", "The port of the cluster.", DBCluster::port)
                .output("arn", "Its ARN.", DBCluster::dbClusterArn)
                .output("resourceId", "The id that RDS never gives to another cluster.", DBCluster::dbClusterResourceId)
                .output(
                        "identifier",
                        "Its name, and the dimension DBClusterIdentifier of its metrics.",
                        DBCluster::dbClusterIdentifier)
                .output(
                        "masterUserSecretArn",
                        "The ARN of the secret in which RDS keeps the master password.",
                        c -> Values.of(c.masterUserSecret(), MasterUserSecret::secretArn))
                .supports(
                        c -> c.engine() + " " + EngineVersions.major(c.engine(), c.engineVersion()),
                        (rds, c) -> EngineVersions.support(rds, c.engine(), c.engineVersion()))
                .info(info -> info.stateful(
                        "the data of all its members, except for a final snapshot, unless finalSnapshot is false"))
                .leavesOut("MasterUserPassword", "a document never contains a password; RDS manages the password")
                .leavesOut("AvailabilityZones", "RDS uses the zones of the subnet group; a member sets its own zone")
                .leavesOut("CharacterSetName, BacktrackWindow", "they are for Aurora MySQL, which is not offered")
                .leavesOut("OptionGroupName", "Aurora PostgreSQL has no options")
                .leavesOut("EngineMode, ScalingConfiguration", "Aurora Serverless v1 has ended")
                .leavesOut(
                        "DBClusterInstanceClass, AllocatedStorage, Iops, PubliclyAccessible, CACertificateIdentifier",
                        "they are for Multi-AZ clusters, which are not offered; a member of Aurora sets its own values")
                .leavesOut(
                        "AutoMinorVersionUpgrade, MonitoringInterval, MonitoringRoleArn",
                        "each member of Aurora sets its own values")
                .leavesOut(
                        "GlobalClusterIdentifier, EnableGlobalWriteForwarding, ReplicationSourceIdentifier, SourceRegion,"
                                + " PreSignedUrl",
                        "Holdfast does not manage databases of several regions yet")
                .leavesOut("EnableHttpEndpoint", "a separate call changes it for a cluster; not offered yet")
                .leavesOut("EnableLocalWriteForwarding", "it is mainly for Aurora MySQL; not offered yet")
                .leavesOut("Domain, DomainIAMRoleName", "Active Directory is not offered yet")
                .leavesOut(
                        "EnableLimitlessDatabase, ClusterScalabilityType",
                        "Holdfast does not manage Limitless Database yet")
                .leavesOut("RdsCustomClusterConfiguration, DBSystemId", "AWS reserves them for its own use")
                .leavesOut("MasterUserAuthenticationType", "not offered yet")
                .leavesOut(
                        "WithExpressConfiguration, AssociatedRoles",
                        "a cluster without a network of its own is not offered yet")
                .fault("DBClusterAlreadyExistsFault", EXISTS)
                .fault("InvalidDBClusterStateFault", "still contains", DEPENDENCY)
                .fault("DBClusterParameterGroupNotFound", DEPENDENCY)
                .fault("DBClusterSnapshotAlreadyExistsFault", CONFLICT)
                .fault("DBClusterQuotaExceededFault", QUOTA)
                .info(DbChecks::faults)
                .permissions(DbClusterCalls.permissions())
                .page("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html");
    }

    @Override
    public Map<String, String> approvals(Spec desired, Spec observed) {
        return EngineVersions.approvals(
                observed.engine(), observed.engineVersion(), desired.engineVersion(), "dbClusterParameterGroupName");
    }

    @Override
    public @Nullable String failure(Observed<Spec> observed, Instant since) {
        return DbEvents.failure(observed.client(RdsClient.class), SourceType.DB_CLUSTER, observed.physicalId(), since);
    }

    @Override
    public List<String> remains(Desired<Spec> desired, String lost) {
        return DbClusterCalls.remains(desired.client(RdsClient.class), lost);
    }

    @Override
    public List<String> holders(Observed<Spec> observed) {
        return DbClusterCalls.members(observed.client(RdsClient.class), observed.physicalId());
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        DbClusterCalls.check(spec, findings);
    }
}
