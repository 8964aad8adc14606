package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The number of reads does not grow with the number of databases, caches and distributions, except by pages and by the
 * share of the slow facets.
 */
class ManyDataStoresTest {
    private static final int MANY = 100;
    /** The slow facets of all resources are read within about nine passes. */
    private static final int PASSES = 10;

    private static String stores(int n) {
        StringBuilder all = new StringBuilder(String.join(
                ",",
                Databases.NETWORK,
                Docs.document(
                        "CacheSubnetGroup",
                        "main",
                        "'cacheSubnetGroupDescription':'two zones','subnetIds':['${Subnet/a}','${Subnet/b}']"),
                Docs.document(
                        "CacheParameterGroup", "main", "'cacheParameterGroupFamily':'redis7','description':'p'")));
        IntStream.range(0, n)
                .forEach(i -> all.append(',')
                        .append(Docs.document("DbInstance", "db" + i, """
                                'dbInstanceClass':'db.t4g.medium','engine':'postgres','engineVersion':'15',
                                'masterUsername':'admin1','manageMasterUserPassword':true,'allocatedStorage':20,
                                'storageType':'gp3','storageEncrypted':true,'dbSubnetGroupName':'${DbSubnetGroup/main}',
                                'vpcSecurityGroupIds':['${SecurityGroup/db}'],
                                'dbParameterGroupName':'${DbParameterGroup/main}','backupRetentionPeriod':7"""))
                        .append(',')
                        .append(Docs.document("ReplicationGroup", "cache" + i, """
                                'replicationGroupDescription':'sessions','cacheNodeType':'cache.t4g.small','engine':'redis',
                                'engineVersion':'7.1','cacheParameterGroupName':'${CacheParameterGroup/main}',
                                'cacheSubnetGroupName':'${CacheSubnetGroup/main}','transitEncryptionEnabled':true,
                                'securityGroupIds':['${SecurityGroup/db}'],'atRestEncryptionEnabled':true,'numCacheClusters':2,'automaticFailoverEnabled':true"""))
                        .append(',')
                        .append(Docs.document("Distribution", "site" + i, """
                                'enabled':true,'comment':'site',
                                'origins':[{'id':'media','domainName':'media.s3.eu-west-2.amazonaws.com'}],
                                'defaultCacheBehavior':{'targetOriginId':'media',
                                  'viewerProtocolPolicy':'redirect-to-https',
                                  'cachePolicyId':'658327ea-f89d-4fab-a63d-7e88639e58f6'}""")));
        return Docs.of(all.toString());
    }

    /** @return the requests of the pass that sent most, by operation */
    private static Map<String, Long> worst(int n) {
        try (World world = new World()) {
            world.desire(stores(n), Docs.UNLIMITED).converged();
            world.run(Duration.ofMinutes(25));
            PassReport worst = world.pass();
            for (int i = 0; i < PASSES; i++) {
                world.clock.advance(Duration.ofMinutes(1));
                PassReport pass = world.pass();
                assertThat(pass.writes()).isZero();
                worst = pass.total() > worst.total() ? pass : worst;
            }
            System.out.println("requests a pass at " + n + " databases, caches and distributions: " + worst.total()
                    + ", of them " + worst.requests());
            return new TreeMap<>(worst.requests());
        }
    }

    @Test
    void aHundredOfEachCostPages() {
        Map<String, Long> one = worst(1);

        Map<String, Long> many = worst(MANY);

        Map<String, Long> more = new TreeMap<>();
        many.forEach((operation, count) -> {
            long added = count - one.getOrDefault(operation, 0L);
            if (added > 0) {
                more.put(operation, added);
            }
        });
        // There are two hundred nodes of the caches, and three hundred resources in the tagging API: two more pages of
        // each.
        assertThat(more).allSatisfy((operation, added) -> assertThat(added).isLessThanOrEqualTo(2));
    }
}
