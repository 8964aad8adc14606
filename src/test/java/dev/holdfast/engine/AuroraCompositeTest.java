package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBCluster;

/** The composite Database with the engine aurora-postgresql: its creation, its changes and its deletion. */
class AuroraCompositeTest {
    private static final String NETWORK =
            Docs.document("Network", "main", "'cidrBlock':'10.20.0.0/16','zones':['a','b']");

    /** @param more members of the spec, each preceded by a comma */
    private static String database(String more) {
        return Docs.document("Database", "main", """
                'engine':'aurora-postgresql','engineVersion':'16','dbInstanceClass':'db.t4g.medium','deletionProtection':false,
                'overrides':{'DbCluster':{'applyImmediately':true}}%s""".formatted(more));
    }

    @Test
    void comesUpChangesAndGoes() {
        try (World world = new World()) {
            world.desire(Docs.of(NETWORK, database("")), Docs.UNLIMITED).converged();

            DBCluster cluster = Clusters.cluster(world);
            assertThat(cluster.dbClusterIdentifier()).isEqualTo("test-main");
            assertThat(cluster.dbClusterMembers())
                    .singleElement()
                    .satisfies(m -> assertThat(m.dbInstanceIdentifier()).isEqualTo("test-main-1"));
            assertThat(cluster.enabledCloudwatchLogsExports()).containsExactly("postgresql");
            assertThat(world.resource("Secret/main-database").isReady()).isTrue();

            world.desire(Docs.of(NETWORK, database(",'multiAZ':true,'backupRetentionPeriod':14")), Docs.UNLIMITED)
                    .converged();

            assertThat(Clusters.cluster(world).dbClusterMembers()).hasSize(2);
            assertThat(Clusters.cluster(world).multiAZ()).isTrue();
            assertThat(Clusters.cluster(world).backupRetentionPeriod()).isEqualTo(14);
            assertThat(Clusters.writer(world)).isEqualTo("test-main-1");

            world.desire(Docs.of(NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(40));

            assertThat(world.status("DbCluster/main")).isEqualTo(Status.Orphaned);
            assertThat(Databases.instances(world)).hasSize(2);
        }
    }

    @Test
    void goesWholeWhereItsLifecycleSaysSo() {
        try (World world = new World()) {
            String going =
                    database("").replace("'kind':'Database',", "'kind':'Database','lifecycle':{'onDelete':'Delete'},");
            world.desire(Docs.of(NETWORK, going), Docs.UNLIMITED).converged();

            world.desire(Docs.of(NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(40));

            assertThat(Clusters.all(world)).isEmpty();
            assertThat(Databases.instances(world)).isEmpty();
            assertThat(Clusters.snapshots(world))
                    .singleElement()
                    .satisfies(s -> assertThat(s.dbClusterSnapshotIdentifier()).startsWith("test-main-final-"));
        }
    }
}
