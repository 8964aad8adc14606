package dev.holdfast.kinds.rds;

import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Getter;
import dev.holdfast.kinds.rds.DbInstanceKind.Spec;
import java.util.List;

/**
 * What an instance says by itself, and what the cluster says for its members.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html">Members of
 *     CreateDBInstance that do not apply to Aurora</a>
 */
final class DbMembers {
    private static final String AURORA = "aurora-";

    /** Without a cluster, nobody else says them. */
    private static final List<Getter<Spec, ?>> REQUIRED = List.of(
            Spec::engineVersion,
            Spec::masterUsername,
            Spec::manageMasterUserPassword,
            Spec::allocatedStorage,
            Spec::storageEncrypted,
            Spec::dbSubnetGroupName,
            Spec::vpcSecurityGroupIds);

    /** What a member has from its cluster, besides. */
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
                            : engine + " has its data in a cluster, found no dbClusterIdentifier",
                    member
                            ? "say aurora-postgresql, or leave out dbClusterIdentifier"
                            : "declare a DbCluster and refer to it in dbClusterIdentifier");
        }
        if (member) {
            REQUIRED.forEach(field -> refuse(field, findings));
            OF_CLUSTER.forEach(field -> refuse(field, findings));
        } else {
            REQUIRED.stream()
                    .filter(field -> !findings.declares(field))
                    .forEach(field ->
                            findings.wrong(field, "missing: required, except of a member of a cluster", "add it"));
        }
    }

    private static void refuse(Getter<Spec, ?> field, Findings<Spec> findings) {
        if (findings.declares(field)) {
            findings.wrong(
                    field, "the cluster says it for all its members", "leave it out here and say it in the DbCluster");
        }
    }
}
