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
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.Endpoint;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.SourceType;

/** A database instance of PostgreSQL, MySQL or MariaDB, or a member of a cluster of Aurora. */
@Singleton
public final class DbInstanceKind extends DeclaredKind<DbInstanceKind.Spec> {
    private static final int PAGE = 100;
    /** DescribeDBInstances also lists the instances of Neptune and DocumentDB. */
    private static final Set<String> ENGINES = Set.of("postgres", "mysql", "mariadb", "aurora-postgresql");

    private static final String OWN = " Required, except for a member of a cluster, where the cluster sets it.";

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html">CreateDBInstance</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 63, lower = true, letterFirst = true)
            String dbInstanceIdentifier,

            @Doc("Size and family, such as db.t4g.medium.") @Required
            String dbInstanceClass,

            @Doc("The engine; aurora-postgresql for a member of a cluster.")
            @Required
            @Immutable
            @Offers({"postgres", "mysql", "mariadb", "aurora-postgresql"})
            String engine,

            @Doc("The cluster that the instance is a member of. The cluster holds the data and the shared settings.")
            @Immutable
            @Ref(value = "DbCluster", output = "identifier")
            String dbClusterIdentifier,

            @Doc("For a member: the order in which members take over when the writer fails, the lowest number first.")
            @Range(min = 0, max = 15)
            @Needs("dbClusterIdentifier")
            Integer promotionTier,

            @Doc("The version or its beginning: 15 matches every 15.x. A newer instance keeps its version." + OWN)
            @VersionPrefix(fits = "dbParameterGroupName")
            String engineVersion,

            @Doc("The database that is created with the instance.") @Immutable
            String dbName,

            @Doc("The name of the master user." + OWN) @Immutable
            String masterUsername,

            @Doc("Whether RDS keeps the master password in a secret of its own and rotates it. This must be true,"
                    + " because a document never contains a password." + OWN)
            Boolean manageMasterUserPassword,

            @Doc("The key that encrypts the secret of the master password.") @InitialOnly
            String masterUserSecretKmsKeyId,

            @Doc("The minimum size of the storage in GiB; storage autoscaling may enlarge it." + OWN) @Floor
            Integer allocatedStorage,

            @Doc("The size in GiB up to which RDS enlarges the storage by itself; 0: RDS never enlarges it.")
            Integer maxAllocatedStorage,

            @Doc("The type of storage.") @Offers({"gp2", "gp3", "io1", "io2"})
            String storageType,

            @Doc("The IOPS of the storage; with gp3 only from 400 GiB on.")
            Integer iops,

            @Doc("The throughput of the storage in MiB per second; with gp3 only from 400 GiB on.")
            Integer storageThroughput,

            @Doc("Whether the storage is encrypted." + OWN) @Immutable
            Boolean storageEncrypted,

            @Doc("The ARN of the key that encrypts the storage. The default is RDS's own key.") @Immutable
            String kmsKeyId,

            @Doc("The subnet group, with the subnets that RDS may place the instance in." + OWN)
            @Immutable
            @Ref("DbSubnetGroup")
            @ReadFrom("dbSubnetGroup.dbSubnetGroupName")
            String dbSubnetGroupName,

            @Doc("The security groups." + OWN) @Ref("SecurityGroup") @ReadFrom("vpcSecurityGroups.vpcSecurityGroupId")
            Set<String> vpcSecurityGroupIds,

            @Doc("The parameter group, with the settings of the engine.") @Ref("DbParameterGroup")
            String dbParameterGroupName,

            @Doc("The port that the database listens on.") @Range(min = 1150, max = 65535)
            Integer port,

            @Doc("Whether a standby in another zone takes over when the instance fails.")
            Boolean multiAZ,

            @Doc("The Availability Zone; not allowed with multiAZ.") @InitialOnly
            String availabilityZone,

            @Doc("Whether the instance has a public address. Required in the subnet group named default, where RDS"
                    + " assigns a public address by itself.")
            Boolean publiclyAccessible,

            @Doc("The days for which daily backups are kept; 0: no backups.") @Range(min = 0, max = 35)
            Integer backupRetentionPeriod,

            @Doc("The daily time in UTC at which backups are made, such as 02:00-03:00.")
            String preferredBackupWindow,

            @Doc("The weekly time in UTC at which RDS may change or restart the instance: sun:03:30-sun:04:30.")
            String preferredMaintenanceWindow,

            @Doc("Whether snapshots get the instance's tags.")
            Boolean copyTagsToSnapshot,

            @Doc("Whether RDS refuses to delete the instance.")
            Boolean deletionProtection,

            @Doc("Whether RDS installs minor versions by itself in the maintenance window.")
            Boolean autoMinorVersionUpgrade,

            @Doc("The logs that go to CloudWatch Logs: postgresql, upgrade, error, slowquery and others by engine.")
            Set<String> enableCloudwatchLogsExports,

            @Doc("Database Insights: standard or advanced.") DatabaseInsightsMode databaseInsightsMode,

            @Doc("Whether Performance Insights collects data.") @ReadFrom("performanceInsightsEnabled")
            Boolean enablePerformanceInsights,

            @Doc("The key that encrypts the data of Performance Insights.") @InitialOnly
            String performanceInsightsKMSKeyId,

            @Doc(
                    "The days for which Performance Insights keeps data: 7, a multiple of 31, or 731; for advanced at least 465.")
            Integer performanceInsightsRetentionPeriod,

            @Doc("The seconds between two samples of enhanced monitoring; 0: no samples.")
            Integer monitoringInterval,

            @Doc("The role with which enhanced monitoring writes its samples.") @Ref(value = "Role", output = "arn")
            String monitoringRoleArn,

            @Doc("Whether IAM may authenticate database users.") @ReadFrom("iamDatabaseAuthenticationEnabled")
            Boolean enableIAMDatabaseAuthentication,

            @Doc("The certificate authority of the server's certificate.")
            String caCertificateIdentifier,

            @Doc("The network type: IPV4, or DUAL for IPv4 and IPv6.") @Offers({"IPV4", "DUAL"})
            String networkType,

            @Doc("The snapshot from which the instance is restored with its data; used only for a new instance.")
            @InitialOnly
            String dbSnapshotIdentifier,

            @Doc("Whether RDS keeps the engine's version, for a charge, after its standard support has ended.")
            @InitialOnly
            @Offers({"open-source-rds-extended-support", "open-source-rds-extended-support-disabled"})
            String engineLifecycleSupport,

            @Doc("Whether changes that restart the instance or slow it down are made at once, and with them all changes"
                    + " that already wait for the maintenance window; otherwise they wait for the window.")
            @DeleteOnly
            @NotSent
            Boolean applyImmediately,

            @Doc("The handling of a restart that settings of the parameter group wait for. Approve, the default: the"
                    + " restart is a step that always waits for an approval. Never: the restart is only shown.")
            @DeleteOnly
            RestartRule rebootOnPending,

            @Doc("Whether a snapshot is taken before the instance is deleted; the default is true.") @DeleteOnly
            Boolean finalSnapshot,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            dbInstanceClass = Values.lower(dbInstanceClass);
            dbSubnetGroupName = Values.lower(dbSubnetGroupName);
            dbParameterGroupName = Values.lower(dbParameterGroupName);
            preferredMaintenanceWindow = Values.lower(preferredMaintenanceWindow);
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("DbInstance", Spec.class, RdsClient.class)
                .description(
                        "A database instance of RDS: PostgreSQL, MySQL or MariaDB, or a member of a cluster of Aurora.")
                .lists(
                        rds -> rds.describeDBInstancesPaginator(r -> r.maxRecords(PAGE)).dbInstances().stream()
                                .filter(db -> ENGINES.contains(db.engine()))
                                .toList(),
                        PointRead.of(
                                (rds, name) -> rds.describeDBInstances(r -> r.dbInstanceIdentifier(name))
                                        .dbInstances(),
                                DbInstanceNotFoundException.class))
                .named(DBInstance::dbInstanceIdentifier)
                .arn(DBInstance::dbInstanceArn)
                .tags(RdsTags.INLINE)
                // A change that waits for the maintenance window is no drift: the pending value counts as observed.
                .detail((scope, rds, db) -> db.pendingModifiedValues() == null ? Map.of() : db.pendingModifiedValues())
                .reads(Spec::maxAllocatedStorage, db -> Objects.requireNonNullElse(db.maxAllocatedStorage(), 0))
                .reads(Spec::port, DbInstanceStates::port)
                .reads(
                        Spec::dbParameterGroupName,
                        db -> Values.of(
                                Values.first(db.dbParameterGroups()), DBParameterGroupStatus::dbParameterGroupName))
                .reads(Spec::manageMasterUserPassword, db -> db.masterUserSecret() != null)
                .reads(Spec::enableCloudwatchLogsExports, DbInstanceStates::logs)
                .creates(
                        CreateDbInstanceRequest::builder,
                        (request, desired) -> {
                            FreshParameters.await(desired);
                            if (Integer.valueOf(0).equals(desired.spec().maxAllocatedStorage())) {
                                request.maxAllocatedStorage(null);
                            }
                        },
                        RdsClient::createDBInstance)
                // RDS does not accept all fields in a restore; an update sets the others, such as the size.
                .restores(
                        Spec::dbSnapshotIdentifier,
                        RestoreDbInstanceFromDbSnapshotRequest::builder,
                        DbInstanceCalls::restored,
                        RdsClient::restoreDBInstanceFromDBSnapshot)
                .patches(
                        ModifyDbInstanceRequest::builder,
                        null,
                        DbInstanceCalls::beside,
                        RdsClient::modifyDBInstance,
                        Spec::port,
                        Spec::enableCloudwatchLogsExports)
                // Never with a failover: pending settings take effect only if the instance itself restarts.
                .restarts((rds, name) -> rds.rebootDBInstance(r -> r.dbInstanceIdentifier(name)))
                .deletesObserved(DbInstanceCalls::delete)
                .state((known, db, desired) -> DbInstanceStates.facts(known, db)
                        .phase(DbInstanceStates.phase(db))
                        .health(DbInstanceStates.health(db))
                        .createdAt(db.instanceCreateTime())
                        .outlook(DbInstanceStates.outlook(
                                db, desired == null || desired.rebootOnPending() != RestartRule.Never)))
                .output("endpoint", "The host name of the instance.", db -> Values.of(db.endpoint(), Endpoint::address))
                .output("port", "The port of the instance.", db -> Values.of(db.endpoint(), Endpoint::port))
                .output("arn", "Its ARN.", DBInstance::dbInstanceArn)
                .output("resourceId", "The id that RDS never gives to another instance.", DBInstance::dbiResourceId)
                .supports(DbCertificates::runs, DbCertificates::support)
                .output(
                        "identifier",
                        "Its name, and the dimension DBInstanceIdentifier of its metrics.",
                        DBInstance::dbInstanceIdentifier)
                .output(
                        "masterUserSecretArn",
                        "The ARN of the secret in which RDS keeps the master password.",
                        db -> Values.of(db.masterUserSecret(), MasterUserSecret::secretArn))
                .info(info -> info.stateful("its data, except for a final snapshot, unless finalSnapshot is false;"
                        + " the data of a member of a cluster stay in the cluster"))
                .leavesOut("MasterUserPassword", "a document never contains a password; RDS manages the password")
                .leavesOut("DBSecurityGroups", "they belong to EC2-Classic, which AWS has ended")
                .leavesOut("LicenseModel", "each engine offered has only one license model")
                .leavesOut("OptionGroupName", "Holdfast does not manage option groups yet")
                .leavesOut("TdeCredentialArn, TdeCredentialPassword", "AWS does not support them any more")
                .leavesOut(
                        "Domain, DomainFqdn, DomainOu, DomainAuthSecretArn, DomainDnsIps, DomainIAMRoleName,"
                                + " CharacterSetName, NcharCharacterSetName, Timezone, ProcessorFeatures, DBSystemId, MultiTenant,"
                                + " AdditionalStorageVolumes",
                        "they are for Oracle, SQL Server and Db2, which are not offered")
                .leavesOut("EnableCustomerOwnedIp, BackupTarget", "this kind does not offer instances on Outposts")
                .leavesOut("CustomIamInstanceProfile", "it is for RDS Custom only")
                .leavesOut("DbCapacityReservationIdentifier", "Holdfast does not manage capacity reservations yet")
                .leavesOut(
                        "MasterUserAuthenticationType",
                        "the master user signs in with the password that RDS manages; enableIAMDatabaseAuthentication"
                                + " lets other users sign in by IAM")
                // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.dlv.html
                .leavesOut(
                        "DedicatedLogVolume",
                        "it adds a volume of 1024 GiB for io1 and io2, which AWS recommends from 5 TiB on; a switch"
                                + " takes the database out of service for an unknown time")
                .fault("DBInstanceAlreadyExists", EXISTS)
                .fault("DBClusterNotFoundFault", DEPENDENCY)
                // RDS rejects another change of the storage for at least six hours after the previous one.
                .fault("InvalidParameterCombination", "previous storage change", DEPENDENCY)
                .fault("DBParameterGroupNotFound", DEPENDENCY)
                .fault("InvalidParameterValue", "IAM role ARN value is invalid", DEPENDENCY)
                .fault("DBSnapshotAlreadyExists", CONFLICT)
                .fault("InstanceQuotaExceeded", QUOTA)
                .info(DbChecks::faults)
                .permissions(DbChecks.withSecret(Permissions.on("rds:{region}:{account}:db:{name}")
                        .touches(
                                "rds:CreateDBInstance",
                                "rds:{region}:{account}:subgrp:*",
                                "rds:{region}:{account}:pg:*",
                                "rds:{region}:{account}:og:default*")
                        // A member joins a cluster of the stack.
                        .needsOn("rds:{region}:{account}:cluster:*", "rds:CreateDBInstance")
                        .touches(
                                "rds:RestoreDBInstanceFromDBSnapshot",
                                "rds:{region}:{account}:snapshot:*",
                                "rds:{region}:{account}:subgrp:*",
                                "rds:{region}:{account}:pg:*",
                                "rds:{region}:{account}:og:default*")
                        .touches(
                                "rds:ModifyDBInstance",
                                "rds:{region}:{account}:pg:*",
                                "rds:{region}:{account}:og:default*")
                        .passesRoles("monitoring.rds.amazonaws.com", "monitoringRoleArn")))
                .page("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html");
    }

    @Override
    public Map<String, String> approvals(Spec desired, Spec observed) {
        return EngineVersions.approvals(
                observed.engine(), observed.engineVersion(), desired.engineVersion(), "dbParameterGroupName");
    }

    @Override
    public @Nullable String failure(Observed<Spec> observed, Instant since) {
        return DbEvents.failure(observed.client(RdsClient.class), SourceType.DB_INSTANCE, observed.physicalId(), since);
    }

    @Override
    public List<String> remains(Desired<Spec> desired, String lost) {
        return DbInstanceCalls.remains(desired.client(RdsClient.class), lost);
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        DbInstanceCalls.check(spec, findings);
    }
}
