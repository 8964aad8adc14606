package dev.holdfast.kinds.rds;

import static dev.holdfast.kind.OwnershipForm.TAG;
import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DENIED;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;
import software.amazon.awssdk.services.rds.model.DbInstanceNotFoundException;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;

/** A database instance of PostgreSQL, MySQL or MariaDB. */
@Singleton
public final class DbInstanceKind extends DeclaredKind<DbInstanceKind.Spec> {
    private static final int PAGE = 100;
    /** DescribeDBInstances also lists the instances of Neptune and DocumentDB, and members of clusters. */
    private static final Set<String> ENGINES = Set.of("postgres", "mysql", "mariadb");

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html">CreateDBInstance</a> */
    public record Spec(
            @Doc("The name, in lower case.") @PhysicalName(max = 63, lower = true, letterFirst = true) @Nullable
            String dbInstanceIdentifier,

            @Doc("Size and family, such as db.t4g.medium.") @Required @Nullable
            String dbInstanceClass,

            @Doc("The engine.") @Required @Immutable @Offers({"postgres", "mysql", "mariadb"}) @Nullable
            String engine,

            @Doc("The version or its beginning: 15 goes with every 15.x; an instance that is newer stays as it is.")
            @Required
            @VersionPrefix
            @Nullable
            String engineVersion,

            @Doc("The database that is created with the instance.") @Immutable @Nullable
            String dbName,

            @Doc("The name of the master user.") @Required @Immutable @Nullable
            String masterUsername,

            @Doc("Whether RDS keeps the master password in a secret of its own and rotates it; the only way that this"
                    + " kind offers: a password never stands in a document.")
            @Required
            @Nullable
            Boolean manageMasterUserPassword,

            @Doc("The key that encrypts the secret of the master password.") @InitialOnly @Nullable
            String masterUserSecretKmsKeyId,

            @Doc("GiB of storage at least; storage autoscaling may add to it.") @Required @Floor @Nullable
            Integer allocatedStorage,

            @Doc("GiB up to which RDS grows the storage by itself; 0 never.") @Nullable
            Integer maxAllocatedStorage,

            @Doc("The type of storage.") @Offers({"gp2", "gp3", "io1", "io2"}) @Nullable
            String storageType,

            @Doc("IOPS of the storage; for gp3 from 400 GiB on.") @Nullable
            Integer iops,

            @Doc("MiB per second of the storage; for gp3 from 400 GiB on.") @Nullable
            Integer storageThroughput,

            @Doc("Whether the storage is encrypted.") @Required @Immutable @Nullable
            Boolean storageEncrypted,

            @Doc("The ARN of the key that encrypts the storage; absent: RDS's own.") @Immutable @Nullable
            String kmsKeyId,

            @Doc("The subnets that the instance may stand in.")
            @Required
            @Immutable
            @Ref("DbSubnetGroup")
            @ReadFrom("dbSubnetGroup.dbSubnetGroupName")
            @Nullable
            String dbSubnetGroupName,

            @Doc("The security groups.")
            @Required
            @Ref("SecurityGroup")
            @ReadFrom("vpcSecurityGroups.vpcSecurityGroupId")
            @Nullable
            Set<String> vpcSecurityGroupIds,

            @Doc("The settings of the engine.") @Ref("DbParameterGroup") @Nullable
            String dbParameterGroupName,

            @Doc("The port.") @Range(min = 1150, max = 65535) @Nullable
            Integer port,

            @Doc("Whether a standby in another zone takes over.") @Nullable
            Boolean multiAZ,

            @Doc("The zone; not with a standby.") @InitialOnly @Nullable
            String availabilityZone,

            @Doc("Whether the instance has a public address.") @Nullable
            Boolean publiclyAccessible,

            @Doc("Days for which daily backups are kept; 0: none.") @Range(min = 0, max = 35) @Nullable
            Integer backupRetentionPeriod,

            @Doc("When backups are made, in UTC: 02:00-03:00.") @Nullable
            String preferredBackupWindow,

            @Doc("When RDS may change or restart the instance, in UTC: sun:03:30-sun:04:30.") @Nullable
            String preferredMaintenanceWindow,

            @Doc("Whether snapshots get the instance's tags.") @Nullable
            Boolean copyTagsToSnapshot,

            @Doc("Whether RDS refuses to delete the instance.") @Nullable
            Boolean deletionProtection,

            @Doc("Whether RDS installs minor versions by itself in the maintenance window.") @Nullable
            Boolean autoMinorVersionUpgrade,

            @Doc("Which logs go to CloudWatch Logs: postgresql, upgrade, error, slowquery and others by engine.")
            @Nullable
            Set<String> enableCloudwatchLogsExports,

            @Doc("Database Insights: standard or advanced.") @Nullable
            DatabaseInsightsMode databaseInsightsMode,

            @Doc("Whether Performance Insights collects data.") @ReadFrom("performanceInsightsEnabled") @Nullable
            Boolean enablePerformanceInsights,

            @Doc("The key of these data.") @InitialOnly @Nullable
            String performanceInsightsKMSKeyId,

            @Doc("Days for which these data are kept: 7, 465 or more for advanced, 731 at most.") @Nullable
            Integer performanceInsightsRetentionPeriod,

            @Doc("Seconds between two samples of enhanced monitoring; 0: none.") @Nullable
            Integer monitoringInterval,

            @Doc("The role that enhanced monitoring writes with.") @Ref(value = "Role", output = "arn") @Nullable
            String monitoringRoleArn,

            @Doc("Whether IAM may authenticate database users.") @ReadFrom("iamDatabaseAuthenticationEnabled") @Nullable
            Boolean enableIAMDatabaseAuthentication,

            @Doc("The certificate authority of the server's certificate.") @Nullable
            String caCertificateIdentifier,

            @Doc("IPV4 or DUAL.") @Offers({"IPV4", "DUAL"}) @Nullable
            String networkType,

            @Doc("Whether the engine stays, at a price, beyond the end of its standard support.")
            @InitialOnly
            @Offers({"open-source-rds-extended-support", "open-source-rds-extended-support-disabled"})
            @Nullable
            String engineLifecycleSupport,

            @Doc("Whether changes that restart the instance or slow it down are made at once, with everything that"
                    + " waits for the maintenance window already; otherwise they wait for it.")
            @DeleteOnly
            @NotSent
            @Nullable
            Boolean applyImmediately,

            @Doc("Whether a snapshot is made before the instance is deleted; absent: yes.") @DeleteOnly @Nullable
            Boolean finalSnapshot,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            dbInstanceClass = lower(dbInstanceClass);
            preferredMaintenanceWindow = lower(preferredMaintenanceWindow);
        }

        private static @Nullable String lower(@Nullable String text) {
            return text == null || Unresolved.is(text) ? text : text.toLowerCase(Locale.ROOT);
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "DbInstance",
                        Spec.class,
                        RdsClient.class,
                        TAG,
                        "A database instance of RDS: PostgreSQL, MySQL or MariaDB.")
                .lists(
                        rds -> rds.describeDBInstancesPaginator(r -> r.maxRecords(PAGE)).dbInstances().stream()
                                .filter(db -> ENGINES.contains(db.engine()))
                                .toList(),
                        PointRead.of(
                                (rds, name) -> rds.describeDBInstances(r -> r.dbInstanceIdentifier(name))
                                        .dbInstances(),
                                DbInstanceNotFoundException.class))
                .id(DBInstance::dbInstanceIdentifier)
                .name(DBInstance::dbInstanceIdentifier)
                .arn(DBInstance::dbInstanceArn)
                .tags(RdsTags.INLINE)
                .reads(
                        Spec::dbInstanceClass,
                        PendingValues.or(PendingModifiedValues::dbInstanceClass, DBInstance::dbInstanceClass))
                .reads(Spec::engineVersion, PendingValues.or(PendingModifiedValues::engineVersion, DBInstance::engineVersion))
                .reads(
                        Spec::allocatedStorage,
                        PendingValues.or(PendingModifiedValues::allocatedStorage, DBInstance::allocatedStorage))
                .reads(Spec::maxAllocatedStorage, db -> Objects.requireNonNullElse(db.maxAllocatedStorage(), 0))
                .reads(Spec::storageType, PendingValues.or(PendingModifiedValues::storageType, DBInstance::storageType))
                .reads(Spec::iops, PendingValues.or(PendingModifiedValues::iops, DBInstance::iops))
                .reads(
                        Spec::storageThroughput,
                        PendingValues.or(PendingModifiedValues::storageThroughput, DBInstance::storageThroughput))
                .reads(Spec::multiAZ, PendingValues.or(PendingModifiedValues::multiAZ, DBInstance::multiAZ))
                .reads(
                        Spec::backupRetentionPeriod,
                        PendingValues.or(PendingModifiedValues::backupRetentionPeriod, DBInstance::backupRetentionPeriod))
                .reads(
                        Spec::caCertificateIdentifier,
                        PendingValues.or(PendingModifiedValues::caCertificateIdentifier, DBInstance::caCertificateIdentifier))
                .reads(
                        Spec::enableIAMDatabaseAuthentication,
                        PendingValues.or(
                                PendingModifiedValues::iamDatabaseAuthenticationEnabled,
                                DBInstance::iamDatabaseAuthenticationEnabled))
                .reads(Spec::port, PendingValues::port)
                .reads(
                        Spec::dbParameterGroupName,
                        db -> db.dbParameterGroups().stream()
                                .map(g -> g.dbParameterGroupName())
                                .findFirst()
                                .orElse(null))
                .reads(Spec::manageMasterUserPassword, db -> db.masterUserSecret() != null)
                .reads(Spec::enableCloudwatchLogsExports, PendingValues::logs)
                .creates(
                        CreateDbInstanceRequest::builder,
                        (request, desired) -> {
                            if (Integer.valueOf(0).equals(desired.spec().maxAllocatedStorage())) {
                                request.maxAllocatedStorage(null);
                            }
                        },
                        RdsClient::createDBInstance,
                        made -> made.dbInstance().dbInstanceIdentifier())
                .updates(
                        DbInstanceRules::modify,
                        Spec::dbInstanceClass,
                        Spec::engineVersion,
                        Spec::manageMasterUserPassword,
                        Spec::allocatedStorage,
                        Spec::maxAllocatedStorage,
                        Spec::storageType,
                        Spec::iops,
                        Spec::storageThroughput,
                        Spec::vpcSecurityGroupIds,
                        Spec::dbParameterGroupName,
                        Spec::port,
                        Spec::multiAZ,
                        Spec::publiclyAccessible,
                        Spec::backupRetentionPeriod,
                        Spec::preferredBackupWindow,
                        Spec::preferredMaintenanceWindow,
                        Spec::copyTagsToSnapshot,
                        Spec::deletionProtection,
                        Spec::autoMinorVersionUpgrade,
                        Spec::enableCloudwatchLogsExports,
                        Spec::databaseInsightsMode,
                        Spec::enablePerformanceInsights,
                        Spec::performanceInsightsRetentionPeriod,
                        Spec::monitoringInterval,
                        Spec::monitoringRoleArn,
                        Spec::enableIAMDatabaseAuthentication,
                        Spec::caCertificateIdentifier,
                        Spec::networkType)
                .deletesObserved(DbInstanceKind::delete)
                .state((known, db) -> known.phase(DbInstanceStates.phase(db))
                        .health(DbInstanceStates.health(db))
                        .createdAt(db.instanceCreateTime()))
                .output(
                        "endpoint",
                        "The host name.",
                        db -> db.endpoint() == null ? null : db.endpoint().address())
                .output(
                        "port",
                        "The port.",
                        db -> db.endpoint() == null ? null : db.endpoint().port())
                .output("arn", "Its ARN.", DBInstance::dbInstanceArn)
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
                .info(KindInfo.Builder::stateful)
                .leavesOut("MasterUserPassword", "a password never stands in a document; RDS manages it")
                .leavesOut("DBSecurityGroups", "they are of EC2-Classic, which AWS has ended")
                .leavesOut("LicenseModel", "the engines offered have one each")
                .leavesOut("OptionGroupName", "option groups are no kind yet")
                .leavesOut("CharacterSetName", "for Oracle only")
                .leavesOut("NcharCharacterSetName", "for Oracle only")
                .leavesOut("DBClusterIdentifier", "members of clusters are no kind yet")
                .leavesOut("TdeCredentialArn", "AWS does not support it any more")
                .leavesOut("TdeCredentialPassword", "AWS does not support it any more")
                .leavesOut("Domain", "Active Directory is for SQL Server and Oracle")
                .leavesOut("DomainFqdn", "Active Directory is for SQL Server and Oracle")
                .leavesOut("DomainOu", "Active Directory is for SQL Server and Oracle")
                .leavesOut("DomainAuthSecretArn", "Active Directory is for SQL Server and Oracle")
                .leavesOut("DomainDnsIps", "Active Directory is for SQL Server and Oracle")
                .leavesOut("DomainIAMRoleName", "Active Directory is for SQL Server and Oracle")
                .leavesOut("PromotionTier", "for members of clusters")
                .leavesOut("Timezone", "for SQL Server and Db2 only")
                .leavesOut("ProcessorFeatures", "for Oracle and SQL Server only")
                .leavesOut("EnableCustomerOwnedIp", "Outposts are no place that this kind offers")
                .leavesOut("BackupTarget", "Outposts are no place that this kind offers")
                .leavesOut("CustomIamInstanceProfile", "for RDS Custom only")
                .leavesOut("DBSystemId", "for Oracle only")
                .leavesOut("MultiTenant", "for Oracle only")
                .leavesOut("DbCapacityReservationIdentifier", "reservations of capacity are no kind yet")
                .leavesOut("DedicatedLogVolume", "not offered yet")
                .leavesOut("AdditionalStorageVolumes", "for Oracle and SQL Server only")
                .leavesOut("MasterUserAuthenticationType", "not offered yet")
                .fault("DBInstanceAlreadyExists", EXISTS)
                .fault("InvalidDBInstanceState", CONFLICT)
                .fault("InvalidParameterCombination", "deletion protection", DENIED)
                .fault("DBSubnetGroupNotFoundFault", DEPENDENCY)
                .fault("DBParameterGroupNotFound", DEPENDENCY)
                .fault("InvalidParameterValue", "IAM role ARN value is invalid", DEPENDENCY)
                .fault("KMSKeyNotAccessibleFault", DEPENDENCY)
                .fault("StorageQuotaExceeded", QUOTA)
                .fault("InstanceQuotaExceeded", QUOTA)
                .permissions(Permissions.on("rds:{region}:{account}:db:{name}")
                        .touches(
                                "rds:CreateDBInstance",
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

    /** Automated backups outlive the instance. */
    private static void delete(RdsClient rds, Observed<Spec> observed) {
        Spec applied = observed.applied();
        boolean skip = applied != null && Boolean.FALSE.equals(applied.finalSnapshot());
        rds.deleteDBInstance(r -> r.dbInstanceIdentifier(observed.physicalId())
                .skipFinalSnapshot(skip)
                .deleteAutomatedBackups(false)
                .finalDBSnapshotIdentifier(skip ? null : observed.physicalId() + "-final"));
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        DbInstanceRules.check(spec, findings);
    }
}
