package dev.holdfast.composites;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The parts of an Aurora database that replace an instance: a cluster, and instances that are its members.
 *
 * @param identifier the name of the cluster in AWS
 */
record AuroraParts(DatabaseComposite.Spec spec, Expansion into, String identifier) {
    /** Only the storage for temporary files of each member can run full: a cluster's volume has no limit. */
    static final String FREE_STORAGE = "FreeLocalStorage";

    /** The lowest priority that a member can have. */
    private static final int LAST_TIER = 15;

    /** Reports settings that a cluster does not have. */
    void check() {
        if (spec.allocatedStorage() != null) {
            into.mistake(
                    "/allocatedStorage",
                    "the storage of an Aurora cluster grows automatically",
                    "remove allocatedStorage");
        }
        if (spec.maxAllocatedStorage() != null) {
            into.mistake(
                    "/maxAllocatedStorage",
                    "the storage of an Aurora cluster grows automatically",
                    "remove maxAllocatedStorage");
        }
        if (spec.multiAZ() && spec.members() < 2) {
            into.mistake(
                    "/members",
                    "expected 2 members or more with multiAZ, found " + spec.members(),
                    "raise members, or remove multiAZ");
        }
    }

    CompositePart cluster(CompositePart subnets, CompositePart parameters, List<String> groups) {
        return into.part("DbCluster")
                .set("dbClusterIdentifier", identifier, "/dbInstanceIdentifier")
                .set("engine", spec.engine(), "/engine")
                .set("engineVersion", spec.engineVersion(), "/engineVersion")
                .set("databaseName", spec.dbName(), "/dbName")
                .set("masterUsername", spec.masterUsername(), "/masterUsername")
                .set("manageMasterUserPassword", true)
                .set("storageEncrypted", true)
                .set("dbSubnetGroupName", subnets.ref())
                .set("dbClusterParameterGroupName", parameters.ref())
                .set(
                        "vpcSecurityGroupIds",
                        groups,
                        spec.vpcSecurityGroupIds() == null ? "/network" : "/vpcSecurityGroupIds")
                .set("port", spec.port(), "/port")
                .set("backupRetentionPeriod", spec.backupRetentionPeriod(), "/backupRetentionPeriod")
                .set("preferredBackupWindow", spec.preferredBackupWindow(), "/preferredBackupWindow")
                .set("preferredMaintenanceWindow", spec.preferredMaintenanceWindow(), "/preferredMaintenanceWindow")
                .set("copyTagsToSnapshot", true)
                .set("deletionProtection", spec.deletionProtection(), "/deletionProtection")
                .set("enableIAMDatabaseAuthentication", false)
                .set("enableCloudwatchLogsExports", spec.logs(), "/logs")
                .tags(spec.tags());
    }

    /** The first member is the first writer; RDS selects the next writer in this order. */
    List<CompositePart> members(CompositePart cluster) {
        return IntStream.rangeClosed(1, spec.members())
                .mapToObj(number -> into.part("DbInstance", String.valueOf(number))
                        .set("dbInstanceIdentifier", identifier + "-" + number, "/dbInstanceIdentifier")
                        .set("dbInstanceClass", spec.dbInstanceClass(), "/dbInstanceClass")
                        .set("engine", spec.engine(), "/engine")
                        .set("dbClusterIdentifier", cluster.ref("identifier"))
                        .set("promotionTier", Math.min(number - 1, LAST_TIER), "/members")
                        .set("publiclyAccessible", false)
                        .set("autoMinorVersionUpgrade", true)
                        .set(
                                "preferredMaintenanceWindow",
                                spec.preferredMaintenanceWindow(),
                                "/preferredMaintenanceWindow")
                        .tags(spec.tags()))
                .toList();
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/dimensions.html">Dimensions</a> */
    static List<Object> dimensions(CompositePart cluster) {
        return List.of(
                JsonFields.of("name", "DBClusterIdentifier", "value", cluster.ref("identifier")),
                JsonFields.of("name", "Role", "value", "WRITER"));
    }
}
