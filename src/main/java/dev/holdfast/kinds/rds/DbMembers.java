package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Components;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Getter;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import java.util.List;

/**
 * The fields that an instance sets itself, and the fields that a cluster sets for its members.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html">Members of
 *     CreateDBInstance that do not apply to Aurora</a>
 */
final class DbMembers {
    private static final String AURORA = "aurora-";

    /** The fields that an instance without a cluster has to set. */
    private static final List<Getter<Spec, ?>> REQUIRED = List.of(
            Spec::engineVersion,
            Spec::masterUsername,
            Spec::manageMasterUserPassword,
            Spec::allocatedStorage,
            Spec::storageEncrypted,
            Spec::dbSubnetGroupName,
            Spec::vpcSecurityGroupIds);

    /** The other fields whose values a member gets from its cluster. */
    private static final List<Getter<Spec, ?>> OF_CLUSTER = List.of(
            Spec::dbName,
            Spec::masterUserSecretKmsKeyId,
            Spec::maxAllocatedStorage,
            Spec::storageType,
            Spec::iops,
            Spec::storageThroughput,
            Spec::kmsKeyId,
            Spec::port,
            Spec::multiAZ,
            Spec::backupRetentionPeriod,
            Spec::preferredBackupWindow,
            Spec::copyTagsToSnapshot,
            Spec::deletionProtection,
            Spec::enableCloudwatchLogsExports,
            Spec::databaseInsightsMode,
            Spec::enablePerformanceInsights,
            Spec::performanceInsightsKMSKeyId,
            Spec::performanceInsightsRetentionPeriod,
            Spec::enableIAMDatabaseAuthentication,
            Spec::networkType,
            Spec::dbSnapshotIdentifier,
            Spec::engineLifecycleSupport,
            Spec::finalSnapshot);

    private DbMembers() {}

    static boolean isMember(Spec spec) {
        return spec.dbClusterIdentifier() != null;
    }

    static void check(Spec spec, Findings<Spec> findings) {
        boolean member = findings.declares(Spec::dbClusterIdentifier);
        String engine = spec.engine();
        if (engine != null && engine.startsWith(AURORA) != member) {
            findings.wrong(
                    Spec::engine,
                    member
                            ? "expected the engine of a cluster, found " + engine
                            : engine + " keeps its data in a cluster, found no dbClusterIdentifier",
                    member
                            ? "set engine to aurora-postgresql, or remove dbClusterIdentifier"
                            : "declare a DbCluster and refer to it in dbClusterIdentifier");
        }
        if (member) {
            REQUIRED.forEach(field -> refuse(field, findings));
            OF_CLUSTER.forEach(field -> refuse(field, findings));
        } else {
            REQUIRED.stream()
                    .filter(field -> !findings.declares(field))
                    .forEach(field -> findings.wrong(
                            field,
                            Components.nameOf(field) + " is missing: required, except for a member of a cluster",
                            "set " + Components.nameOf(field)));
        }
    }

    private static void refuse(Getter<Spec, ?> field, Findings<Spec> findings) {
        if (findings.declares(field)) {
            String name = Components.nameOf(field);
            findings.wrong(
                    field,
                    "the cluster sets " + name + " for all its members",
                    "remove " + name + " here and set it in the DbCluster");
        }
    }
}
