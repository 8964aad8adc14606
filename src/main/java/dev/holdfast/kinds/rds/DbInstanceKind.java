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
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.RestoreDbInstanceFromDbSnapshotRequest;
import software.amazon.awssdk.services.rds.model.SourceType;

/** A database instance of PostgreSQL, MySQL or MariaDB, or a member of a cluster of Aurora. */
@Singleton
public final class DbInstanceKind extends DeclaredKind<DbInstanceKind.Spec> {
    private static final int PAGE = 100;
    /** DescribeDBInstances also lists the instances of Neptune and DocumentDB. */
    private static final Set<String> ENGINES = Set.of("postgres", "mysql", "mariadb", "aurora-postgresql");

    private static final String OWN = " Required, except of a member of a cluster, where the cluster says it.";

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

            @Doc("The cluster that the instance is a member of: it has the data, and says what concerns all members.")
            @Immutable
            @Ref(value = "DbCluster", output = "identifier")
            String dbClusterIdentifier,

            @Doc("Of a member: which one takes over when the writer fails, the lowest number first.")
            @Range(min = 0, max = 15)
            @Needs("dbClusterIdentifier")
            Integer promotionTier,

            @Doc("The version or its beginning: 15 goes with every 15.x; an instance that is newer stays as it is."
                    + OWN)
            @VersionPrefix
            String engineVersion,

            @Doc("The database that is created with the instance.") @Immutable
            String dbName,

            @Doc("The name of the master user." + OWN) @Immutable
            String masterUsername,

            @Doc("Whether RDS keeps the master password in a secret of its own and rotates it; the only way that this"
                    + " kind offers: a password never stands in a document." + OWN)
            Boolean manageMasterUserPassword,

            @Doc("The key that encrypts the secret of the master password.") @InitialOnly
            String masterUserSecretKmsKeyId,

            @Doc("GiB of storage at least; storage autoscaling may add to it." + OWN) @Floor
            Integer allocatedStorage,

            @Doc("GiB up to which RDS grows the storage by itself; 0 never.")
            Integer maxAllocatedStorage,

            @Doc("The type of storage.") @Offers({"gp2", "gp3", "io1", "io2"})
            String storageType,

            @Doc("IOPS of the storage; for gp3 from 400 GiB on.")
            Integer iops,

            @Doc("MiB per second of the storage; for gp3 from 400 GiB on.")
            Integer storageThroughput,

            @Doc("Whether the storage is encrypted." + OWN) @Immutable
            Boolean storageEncrypted,

            @Doc("The ARN of the key that encrypts the storage; absent: RDS's own.") @Immutable
            String kmsKeyId,

            @Doc("The subnets that the instance may stand in." + OWN)
            @Immutable
            @Ref("DbSubnetGroup")
            @ReadFrom("dbSubnetGroup.dbSubnetGroupName")
            String dbSubnetGroupName,

            @Doc("The security groups." + OWN) @Ref("SecurityGroup") @ReadFrom("vpcSecurityGroups.vpcSecurityGroupId")
            Set<String> vpcSecurityGroupIds,

            @Doc("The settings of the engine.") @Ref("DbParameterGroup")
            String dbParameterGroupName,

            @Doc("The port.") @Range(min = 1150, max = 65535)
            Integer port,

            @Doc("Whether a standby in another zone takes over.")
            Boolean multiAZ,

            @Doc("The zone; not with a standby.") @InitialOnly
            String availabilityZone,

            @Doc(
                    "Whether the instance has a public address; required in the subnet group named default, where RDS gives"
                            + " it one by itself.")
            Boolean publiclyAccessible,

            @Doc("Days for which daily backups are kept; 0: none.") @Range(min = 0, max = 35)
            Integer backupRetentionPeriod,

            @Doc("When backups are made, in UTC: 02:00-03:00.")
            String preferredBackupWindow,

            @Doc("When RDS may change or restart the instance, in UTC: sun:03:30-sun:04:30.")
            String preferredMaintenanceWindow,

            @Doc("Whether snapshots get the instance's tags.")
            Boolean copyTagsToSnapshot,

            @Doc("Whether RDS refuses to delete the instance.")
            Boolean deletionProtection,

            @Doc("Whether RDS installs minor versions by itself in the maintenance window.")
            Boolean autoMinorVersionUpgrade,

            @Doc("Which logs go to CloudWatch Logs: postgresql, upgrade, error, slowquery and others by engine.")
            Set<String> enableCloudwatchLogsExports,

            @Doc("Database Insights: standard or advanced.") DatabaseInsightsMode databaseInsightsMode,

            @Doc("Whether Performance Insights collects data.") @ReadFrom("performanceInsightsEnabled")
            Boolean enablePerformanceInsights,

            @Doc("The key of these data.") @InitialOnly String performanceInsightsKMSKeyId,

            @Doc("Days for which these data are kept: 7, 465 or more for advanced, 731 at most.")
            Integer performanceInsightsRetentionPeriod,

            @Doc("Seconds between two samples of enhanced monitoring; 0: none.")
            Integer monitoringInterval,

            @Doc("The role that enhanced monitoring writes with.") @Ref(value = "Role", output = "arn")
            String monitoringRoleArn,

            @Doc("Whether IAM may authenticate database users.") @ReadFrom("iamDatabaseAuthenticationEnabled")
            Boolean enableIAMDatabaseAuthentication,

            @Doc("The certificate authority of the server's certificate.")
            String caCertificateIdentifier,

            @Doc("IPV4 or DUAL.") @Offers({"IPV4", "DUAL"}) String networkType,

            @Doc(
                    "The snapshot that the instance is made of, with its data; of use only where there is no instance yet.")
            @InitialOnly
            String dbSnapshotIdentifier,

            @Doc("Whether the engine stays, at a price, beyond the end of its standard support.")
            @InitialOnly
            @Offers({"open-source-rds-extended-support", "open-source-rds-extended-support-disabled"})
            String engineLifecycleSupport,

            @Doc("Whether changes that restart the instance or slow it down are made at once, with everything that"
                    + " waits for the maintenance window already; otherwise they wait for it.")
            @DeleteOnly
            @NotSent
            Boolean applyImmediately,

            @Doc(
                    "Whether a restart that settings of the parameter group wait for is a step of the plan, which always waits"
                            + " for an approval; Never: it is only shown. Absent: Approve.")
            @DeleteOnly
            RestartRule rebootOnPending,

            @Doc("Whether a snapshot is made before the instance is deleted; absent: yes.") @DeleteOnly
            Boolean finalSnapshot,

            @Doc("Tags.") @TagMap Map<String, String> tags) {
        public Spec {
            dbInstanceClass = DbChecks.lower(dbInstanceClass);
            dbSubnetGroupName = DbChecks.lower(dbSubnetGroupName);
            dbParameterGroupName = DbChecks.lower(dbParameterGroupName);
            preferredMaintenanceWindow = DbChecks.lower(preferredMaintenanceWindow);
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "DbInstance",
                        Spec.class,
                        RdsClient.class,
                        TAG,
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
                // A change that waits for the window is made already, as far as the desired state is concerned.
                .detail((scope, rds, db) -> db.pendingModifiedValues() == null ? Map.of() : db.pendingModifiedValues())
                .reads(Spec::maxAllocatedStorage, db -> Objects.requireNonNullElse(db.maxAllocatedStorage(), 0))
                .reads(Spec::port, DbInstanceStates::port)
                .reads(
                        Spec::dbParameterGroupName,
                        db -> db.dbParameterGroups().stream()
                                .map(g -> g.dbParameterGroupName())
                                .findFirst()
                                .orElse(null))
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
                        RdsClient::createDBInstance,
                        made -> made.dbInstance().dbInstanceIdentifier())
                // What a restore does not take, such as the size, follows as an update.
                .restores(
                        Spec::dbSnapshotIdentifier,
                        RestoreDbInstanceFromDbSnapshotRequest::builder,
                        DbInstanceCalls::restored,
                        RdsClient::restoreDBInstanceFromDBSnapshot,
                        made -> made.dbInstance().dbInstanceIdentifier())
                .patches(
                        ModifyDbInstanceRequest::builder,
                        null,
                        DbInstanceCalls::beside,
                        RdsClient::modifyDBInstance,
                        Spec::port,
                        Spec::enableCloudwatchLogsExports)
                // Never with a failover: only a restart of the instance itself makes what waits for one.
                .restarts((rds, name) -> rds.rebootDBInstance(r -> r.dbInstanceIdentifier(name)))
                .deletesObserved(DbInstanceCalls::delete)
                .state((known, db, desired) -> DbInstanceStates.facts(known, db)
                        .phase(DbInstanceStates.phase(db))
                        .health(DbInstanceStates.health(db))
                        .createdAt(db.instanceCreateTime())
                        .outlook(DbInstanceStates.outlook(
                                db, desired == null || desired.rebootOnPending() != RestartRule.Never)))
                .output(
                        "endpoint",
                        "The host name.",
                        db -> db.endpoint() == null ? null : db.endpoint().address())
                .output(
                        "port",
                        "The port.",
                        db -> db.endpoint() == null ? null : db.endpoint().port())
                .output("arn", "Its ARN.", DBInstance::dbInstanceArn)
                .output("resourceId", "Its id that no other instance ever has.", DBInstance::dbiResourceId)
                .supports(
                        db -> db.engine() + " " + EngineVersions.major(db.engine(), db.engineVersion()),
                        (rds, db) -> EngineVersions.support(rds, db.engine(), db.engineVersion()))
                .output(
                        "identifier",
                        "Its name, the dimension DBInstanceIdentifier of its metrics.",
                        DBInstance::dbInstanceIdentifier)
                .output(
                        "masterUserSecretArn",
                        "The secret in which RDS keeps the master password.",
                        db -> db.masterUserSecret() == null
                                ? null
                                : db.masterUserSecret().secretArn())
                .info(info -> info.stateful("its data, except for a final snapshot, unless finalSnapshot is false;"
                        + " the data of a member of a cluster are in the cluster"))
                .leavesOut("MasterUserPassword", "a password never stands in a document; RDS manages it")
                .leavesOut("DBSecurityGroups", "they are of EC2-Classic, which AWS has ended")
                .leavesOut("LicenseModel", "the engines offered have one each")
                .leavesOut("OptionGroupName", "option groups are no kind yet")
                .leavesOut("TdeCredentialArn, TdeCredentialPassword", "AWS does not support them any more")
                .leavesOut(
                        "Domain, DomainFqdn, DomainOu, DomainAuthSecretArn, DomainDnsIps, DomainIAMRoleName,"
                                + " CharacterSetName, NcharCharacterSetName, Timezone, ProcessorFeatures, DBSystemId, MultiTenant,"
                                + " AdditionalStorageVolumes",
                        "for Oracle, SQL Server and Db2, which are not offered")
                .leavesOut("EnableCustomerOwnedIp, BackupTarget", "Outposts are no place that this kind offers")
                .leavesOut("CustomIamInstanceProfile", "for RDS Custom only")
                .leavesOut("DbCapacityReservationIdentifier", "reservations of capacity are no kind yet")
                .leavesOut(
                        "MasterUserAuthenticationType",
                        "the master user signs in with the password that RDS manages; enableIAMDatabaseAuthentication"
                                + " lets other users sign in by IAM")
                // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.dlv.html
                .leavesOut(
                        "DedicatedLogVolume",
                        "a second volume of 1024 GiB, for io1 and io2, which AWS recommends from 5 TiB on; to switch it takes"
                                + " the database out of service for an unknown time")
                .fault("DBInstanceAlreadyExists", EXISTS)
                .fault("InvalidDBInstanceState", CONFLICT)
                .fault("InvalidDBClusterStateFault", CONFLICT)
                .fault("DBClusterNotFoundFault", DEPENDENCY)
                .fault("InvalidParameterCombination", "deletion protection", DENIED)
                // For six hours after a change of the storage, or longer.
                .fault("InvalidParameterCombination", "previous storage change", DEPENDENCY)
                .fault("DBSubnetGroupNotFoundFault", DEPENDENCY)
                .fault("DBParameterGroupNotFound", DEPENDENCY)
                .fault("InvalidParameterValue", "IAM role ARN value is invalid", DEPENDENCY)
                .fault("KMSKeyNotAccessibleFault", DEPENDENCY)
                .fault("DBSnapshotAlreadyExists", CONFLICT)
                .fault("StorageQuotaExceeded", QUOTA)
                .fault("InstanceQuotaExceeded", QUOTA)
                .permissions(Permissions.on("rds:{region}:{account}:db:{name}")
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
                        // RDS makes the secret of the master password in the caller's name.
                        // https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html
                        .touches("secretsmanager:CreateSecret", "secretsmanager:{region}:{account}:secret:rds!*")
                        .touches("secretsmanager:TagResource", "secretsmanager:{region}:{account}:secret:rds!*")
                        .touches("kms:DescribeKey", "kms:{region}:{account}:key/*")
                        .passesRoles("monitoring.rds.amazonaws.com", "monitoringRoleArn")
                        .needsServiceRole("rds.amazonaws.com"))
                .page("https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html");
    }

    @Override
    public Map<String, String> approvals(Spec desired, Spec observed) {
        return DbInstanceCalls.approvals(desired, observed);
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
