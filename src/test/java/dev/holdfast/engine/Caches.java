package dev.holdfast.engine;

import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.elasticache.ElastiCacheClient;
import software.amazon.awssdk.services.elasticache.model.CacheCluster;
import software.amazon.awssdk.services.elasticache.model.ReplicationGroup;

/** Stacks with one replication group, and reads of that group. */
final class Caches {
    private static final String NETWORK = String.join(
            ",",
            Docs.VPC_IN_TWO_ZONES,
            Docs.document(
                    "CacheSubnetGroup",
                    "main",
                    "'cacheSubnetGroupDescription':'two zones','subnetIds':['${Subnet/a}','${Subnet/b}']"),
            Docs.document("SecurityGroup", "redis", "'vpcId':'${Vpc/main}','description':'cache'"),
            Docs.document("CacheParameterGroup", "redis", "'cacheParameterGroupFamily':'redis7','description':'p'"),
            Docs.document("CacheParameterGroup", "valkey", "'cacheParameterGroupFamily':'valkey8','description':'p'"));

    static String cache(String more, String... beside) {
        return Docs.of(
                NETWORK + Stream.of(beside).map(d -> "," + d).collect(Collectors.joining()),
                Docs.document("ReplicationGroup", "main", """
                'replicationGroupDescription':'sessions','cacheNodeType':'cache.t4g.small',
                'cacheSubnetGroupName':'${CacheSubnetGroup/main}','securityGroupIds':['${SecurityGroup/redis}'],
                'atRestEncryptionEnabled':true,'snapshotRetentionLimit':0,%s""".formatted(more)));
    }

    static String redis(String more, String... beside) {
        return cache(
                "'engine':'redis','engineVersion':'7.1','cacheParameterGroupName':'${CacheParameterGroup/redis}',"
                        + "'transitEncryptionEnabled':true," + more,
                beside);
    }

    static final String LOGS = Docs.document("LogGroup", "slow", "'logGroupName':'/cache/slow'");
    static final String SLOW_LOG = """
            'logDeliveryConfigurations':[{'logType':'slow-log','destinationType':'cloudwatch-logs','logFormat':'json',
              'destinationDetails':{'cloudWatchLogsDetails':{'logGroup':'${LogGroup/slow}'}}}],""";
    static final String SINGLE = "'numCacheClusters':1,'automaticFailoverEnabled':false,'multiAZEnabled':false";
    static final String PAIR = "'numCacheClusters':2,'automaticFailoverEnabled':true,'multiAZEnabled':true";

    static ReplicationGroup group(World world) {
        return world.somebody(ElastiCacheClient.class)
                .describeReplicationGroups(r -> {})
                .replicationGroups()
                .getFirst();
    }

    static CacheCluster node(World world) {
        return world.somebody(ElastiCacheClient.class)
                .describeCacheClusters(r -> {})
                .cacheClusters()
                .getFirst();
    }

    static long count(World world, String operation) {
        return world.calls("elasticache:" + operation);
    }

    static void allowed(World world) {
        for (int i = 0; i < 4; i++) {
            world.run(Duration.ofMinutes(10));
            world.approveHeld();
        }
        world.converged();
    }

    private Caches() {}
}
