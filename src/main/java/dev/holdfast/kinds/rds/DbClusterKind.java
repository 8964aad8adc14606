package dev.holdfast.kinds.rds;

import static dev.holdfast.kind.OwnershipForm.TAG;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DENIED;
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
import software.amazon.awssdk.services.rds.model.ModifyDbClusterRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbClusterFromSnapshotRequest;
import software.amazon.awssdk.services.rds.model.SourceType;

/** A cluster of Aurora: the data, the users and the endpoints. The instances that serve it are a {@code DbInstance} each. */
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

            @Doc("The version or its beginning: 16 goes with every 16.x; a cluster that is newer stays as it is.")
            @Required
            @VersionPrefix
            String engineVersion,

            @Doc("The database that is created with the cluster.") @Immutable
            String databaseName,

            @Doc("The name of the master user.") @Required @Immutable
            String masterUsername,

            @Doc("Whether RDS keeps the master password in a secret of its own and rotates it; the only way that this"
                    + " kind offers: a password never stands in a document.")
            @Required
            Boolean manageMasterUserPassword,

            @Doc("The key that encrypts the secret of the master password.") @InitialOnly
            String masterUserSecretKmsKeyId,

            @Doc("The subnets that the members may stand in.")
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

            @Doc("The settings of the engine that hold for the whole cluster.")
            @Ref("DbClusterParameterGroup")
            @ReadFrom("dbClusterParameterGroup")
            String dbClusterParameterGroupName,

            @Doc(
                    "The parameter group that an upgrade to another major version gives to all members; absent: the default"
                            + " one of the new version. Their own documents say it afterwards.")
            @Ref("DbParameterGroup")
            @DeleteOnly
            @NotSent
            String dbInstanceParameterGroupName,

            @Doc("The port.") @Range(min = 1150, max = 65535)
            Integer port,

            @Doc("Whether the storage is encrypted.") @Required @Immutable
            Boolean storageEncrypted,

            @Doc("The ARN of the key that encrypts the storage; absent: RDS's own.") @Immutable
            String kmsKeyId,

            @Doc("How storage is paid for: aurora, or aurora-iopt1, to which RDS changes a cluster once in 30 days.")
            @Offers({"aurora", "aurora-iopt1"})
            String storageType,

            @Doc("The capacity of members of the class db.serverless.")
            ServerlessCapacity serverlessV2ScalingConfiguration,

            @Doc("Days for which backups are kept.") @Range(min = 1, max = 35)
            Integer backupRetentionPeriod,

            @Doc("When backups are made, in UTC: 02:00-03:00.")
            String preferredBackupWindow,

            @Doc("When RDS may change or restart the cluster, in UTC: sun:03:30-sun:04:30.")
            String preferredMaintenanceWindow,

            @Doc("Whether snapshots get the cluster's tags.")
            Boolean copyTagsToSnapshot,

            @Doc("Whether RDS refuses to delete the cluster.")
            Boolean deletionProtection,

            @Doc("Which logs go to CloudWatch Logs: postgresql, instance, iam-db-auth-error.")
            Set<String> enableCloudwatchLogsExports,

            @Doc("Database Insights of all members: standard or advanced.")
            DatabaseInsightsMode databaseInsightsMode,

            @Doc("Whether Performance Insights collects data.") @ReadFrom("performanceInsightsEnabled")
            Boolean enablePerformanceInsights,

            @Doc("The key of these data.") @InitialOnly String performanceInsightsKMSKeyId,

            @Doc("Days for which these data are kept: 7, 465 or more for advanced, 731 at most.")
            Integer performanceInsightsRetentionPeriod,

            @Doc("Whether IAM may authenticate database users.") @ReadFrom("iamDatabaseAuthenticationEnabled")
            Boolean enableIAMDatabaseAuthentication,

            @Doc("IPV4 or DUAL.") @Offers({"IPV4", "DUAL"}) String networkType,

            @Doc("The snapshot that the cluster is made of, with its data; of use only where there is no cluster yet.")
            @InitialOnly
            String snapshotIdentifier,

            @Doc("Whether the engine stays, at a price, beyond the end of its standard support.")
            @InitialOnly
            @Offers({"open-source-rds-extended-support", "open-source-rds-extended-support-disabled"})
            String engineLifecycleSupport,

            @Doc("Whether changes that restart the cluster are made at once, with everything that waits for the"
                    + " maintenance window already; otherwise they wait for it.")
            @DeleteOnly
            @NotSent
            Boolean applyImmediately,

            @Doc("Whether a restart of members that settings of the cluster's parameter group wait for is a step of the"
                    + " plan, which always waits for an approval; Never: it is only shown. Absent: Approve.")
            @DeleteOnly
            RestartRule rebootOnPending,

            @Doc("Whether a snapshot is made before the cluster is deleted; absent: yes.") @DeleteOnly
            Boolean finalSnapshot,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            dbSubnetGroupName = DbChecks.lower(dbSubnetGroupName);
            dbClusterParameterGroupName = DbChecks.lower(dbClusterParameterGroupName);
            preferredMaintenanceWindow = DbChecks.lower(preferredMaintenanceWindow);
        }
    }

    /** In Aurora capacity units, by halves. */
    public record ServerlessCapacity(
            @Doc("The least capacity of a member; 0: it pauses.") @Required
            Double minCapacity,

            @Doc("The largest capacity of a member, 256 at most.") @Required
            Double maxCapacity,

            @Doc("After how many idle seconds a member pauses, where minCapacity is 0.") @Range(min = 300, max = 86400)
            Integer secondsUntilAutoPause) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "DbCluster",
                        Spec.class,
                        RdsClient.class,
                        TAG,
                        "A cluster of Aurora PostgreSQL: the data and the endpoints. Its members are DbInstances.")
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
                // A change that waits for the window is made already, as far as the desired state is concerned.
                .detail((scope, rds, c) -> c.pendingModifiedValues() == null ? Map.of() : c.pendingModifiedValues())
                // RDS does not say the usual type of storage.
                .reads(Spec::storageType, c -> Objects.requireNonNullElse(c.storageType(), "aurora"))
                .reads(Spec::manageMasterUserPassword, c -> c.masterUserSecret() != null)
                .reads(Spec::enableCloudwatchLogsExports, DbClusterCalls::logs)
                .creates(
                        CreateDbClusterRequest::builder,
                        RdsClient::createDBCluster,
                        made -> made.dbCluster().dbClusterIdentifier())
                // What a restore does not take, such as the master password, follows as an update.
                .restores(
                        Spec::snapshotIdentifier,
                        RestoreDbClusterFromSnapshotRequest::builder,
                        (request, desired) -> {},
                        RdsClient::restoreDBClusterFromSnapshot,
                        made -> made.dbCluster().dbClusterIdentifier())
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
                .output("port", "The port.", DBCluster::port)
                .output("arn", "Its ARN.", DBCluster::dbClusterArn)
                .output("resourceId", "Its id that no other cluster ever has.", DBCluster::dbClusterResourceId)
                .output(
                        "identifier",
                        "Its name, the dimension DBClusterIdentifier of its metrics.",
                        DBCluster::dbClusterIdentifier)
                .output(
                        "masterUserSecretArn",
                        "The secret in which RDS keeps the master password.",
                        c -> c.masterUserSecret() == null
                                ? null
                                : c.masterUserSecret().secretArn())
                .supports(
                        c -> c.engine() + " " + EngineVersions.major(c.engine(), c.engineVersion()),
                        (rds, c) -> EngineVersions.support(rds, c.engine(), c.engineVersion()))
                .info(info -> info.stateful(
                        "the data of all its members, except for a final snapshot, unless finalSnapshot is false"))
                .leavesOut("MasterUserPassword", "a password never stands in a document; RDS manages it")
                .leavesOut("AvailabilityZones", "RDS takes those of the subnet group; a member says its own")
                .leavesOut("CharacterSetName, BacktrackWindow", "for Aurora MySQL, which is not offered")
                .leavesOut("OptionGroupName", "Aurora PostgreSQL has no options")
                .leavesOut("EngineMode, ScalingConfiguration", "Aurora Serverless v1 has ended")
                .leavesOut(
                        "DBClusterInstanceClass, AllocatedStorage, Iops, PubliclyAccessible, CACertificateIdentifier",
                        "for Multi-AZ clusters, which are not offered; a member of Aurora says its own")
                .leavesOut(
                        "AutoMinorVersionUpgrade, MonitoringInterval, MonitoringRoleArn",
                        "each member of Aurora says its own")
                .leavesOut(
                        "GlobalClusterIdentifier, EnableGlobalWriteForwarding, ReplicationSourceIdentifier, SourceRegion,"
                                + " PreSignedUrl",
                        "databases of several regions are no kind yet")
                .leavesOut(
                        "EnableHttpEndpoint", "the call that changes it for a cluster is another one; not offered yet")
                .leavesOut("EnableLocalWriteForwarding", "for Aurora MySQL first of all; not offered yet")
                .leavesOut("Domain, DomainIAMRoleName", "Active Directory is not offered yet")
                .leavesOut("EnableLimitlessDatabase, ClusterScalabilityType", "Limitless Database is no kind yet")
                .leavesOut("RdsCustomClusterConfiguration, DBSystemId", "AWS reserves them")
                .leavesOut("MasterUserAuthenticationType", "not offered yet")
                .leavesOut(
                        "WithExpressConfiguration, AssociatedRoles",
                        "a cluster without a network of its own is not offered yet")
                .fault("DBClusterAlreadyExistsFault", EXISTS)
                .fault("InvalidDBClusterStateFault", "still contains", DEPENDENCY)
                .fault("InvalidDBClusterStateFault", CONFLICT)
                .fault("InvalidDBInstanceState", CONFLICT)
                .fault("InvalidParameterCombination", "deletion protection", DENIED)
                .fault("DBSubnetGroupNotFoundFault", DEPENDENCY)
                .fault("DBClusterParameterGroupNotFound", DEPENDENCY)
                .fault("KMSKeyNotAccessibleFault", DEPENDENCY)
                .fault("DBClusterSnapshotAlreadyExistsFault", CONFLICT)
                .fault("DBClusterQuotaExceededFault", QUOTA)
                .fault("StorageQuotaExceeded", QUOTA)
                .permissions(DbClusterCalls.permissions())
                .page("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html");
    }

    @Override
    public Map<String, String> approvals(Spec desired, Spec observed) {
        return DbClusterCalls.approvals(desired, observed);
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
