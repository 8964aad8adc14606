package dev.holdfast.engine;

import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;

/** A small stack with one Aurora cluster and its members, and the state of both in RDS. */
final class Clusters {
    private Clusters() {}

    static final String NETWORK = String.join(
            ",",
            Databases.SUBNETS,
            Docs.document(
                    "DbClusterParameterGroup",
                    "main",
                    "'dbParameterGroupFamily':'aurora-postgresql15','description':'p','parameters':{'rds.force_ssl':'1'}"));

    /** @param more members of the cluster's spec, each followed by a comma */
    static String cluster(String more) {
        return Docs.document("DbCluster", "main", """
                        'engine':'aurora-postgresql','engineVersion':'15','masterUsername':'admin1','databaseName':'app',
                        'manageMasterUserPassword':true,'storageEncrypted':true,'dbSubnetGroupName':'${DbSubnetGroup/main}',
                        'vpcSecurityGroupIds':['${SecurityGroup/db}'],
                        'dbClusterParameterGroupName':'${DbClusterParameterGroup/main}',%s
                        'backupRetentionPeriod':7""".formatted(more));
    }

    /** @param more members of the spec, each preceded by a comma */
    static String member(String name, String more) {
        return Docs.document(
                "DbInstance",
                name,
                "'dbInstanceClass':'db.t4g.medium','engine':'aurora-postgresql','dbClusterIdentifier':'${DbCluster/main.identifier}'"
                        + more);
    }

    static String aurora(String more, String... members) {
        return Docs.of(Stream.concat(Stream.of(NETWORK, cluster(more)), Stream.of(members))
                .toArray(String[]::new));
    }

    static String two(String more) {
        return aurora(more, member("a", ",'promotionTier':0"), member("b", ",'promotionTier':1"));
    }

    /** Sets {@code onDelete}, so that clusters and members are deleted when their documents are removed. */
    static String going(String documents) {
        return documents
                .replace("'kind':'DbCluster',", "'kind':'DbCluster','lifecycle':{'onDelete':'Delete'},")
                .replace("'kind':'DbInstance',", "'kind':'DbInstance','lifecycle':{'onDelete':'Delete'},");
    }

    static List<DBCluster> all(World world) {
        return world.somebody(RdsClient.class).describeDBClusters(r -> {}).dbClusters();
    }

    static DBCluster cluster(World world) {
        return all(world).getFirst();
    }

    static String name(World world) {
        return cluster(world).dbClusterIdentifier();
    }

    static List<DBClusterSnapshot> snapshots(World world) {
        return world.somebody(RdsClient.class)
                .describeDBClusterSnapshots(r -> {})
                .dbClusterSnapshots();
    }

    /** The name of the writer instance. */
    static String writer(World world) {
        return cluster(world).dbClusterMembers().stream()
                .filter(DBClusterMember::isClusterWriter)
                .map(DBClusterMember::dbInstanceIdentifier)
                .findFirst()
                .orElseThrow();
    }

    static long calls(World world, String operation) {
        return Databases.calls(world, operation);
    }
}
