package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterSnapshot;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * An Aurora cluster and its members are created, are changed without a restart that no user requested, and are never
 * lost.
 */
class DatabaseClusterTest {
    private static final Duration LONG = Duration.ofMinutes(20);

    @Test
    void isCreatedWithItsMembersAndItsPasswordStandsNowhere() {
        try (World world = new World()) {
            world.desire(Clusters.two("'port':5433,")).converged();

            DBCluster cluster = Clusters.cluster(world);
            assertThat(cluster.engineVersion()).startsWith("15.");
            assertThat(cluster.port()).isEqualTo(5433);
            assertThat(cluster.masterUserSecret().secretArn()).contains("secret:rds!cluster-");
            assertThat(cluster.dbClusterMembers()).hasSize(2);
            assertThat(Clusters.writer(world))
                    .isEqualTo(world.resource("DbInstance/a").physicalId());
            assertThat(Databases.instances(world))
                    .allMatch(db -> db.engineVersion().equals(cluster.engineVersion()))
                    .extracting(DBInstance::availabilityZone)
                    .doesNotHaveDuplicates();
            assertThat(world.resource("DbCluster/main").outputs())
                    .containsEntry("endpoint", cluster.endpoint())
                    .containsEntry("readerEndpoint", cluster.readerEndpoint())
                    .containsEntry("port", 5433)
                    .containsEntry(
                            "masterUserSecretArn", cluster.masterUserSecret().secretArn());
            assertThat(Clusters.calls(world, "ModifyDBCluster")).isZero();
            assertThat(Clusters.calls(world, "ModifyDBInstance")).isZero();
        }
    }

    @Test
    void aFailoverIsNoDrift() {
        try (World world = new World()) {
            world.desire(Clusters.two("")).converged();
            String before = Clusters.writer(world);

            world.somebody(RdsClient.class).failoverDBCluster(r -> r.dbClusterIdentifier(Clusters.name(world)));
            world.run(LONG);

            assertThat(Clusters.writer(world)).isNotEqualTo(before);
            assertThat(world.view().converged()).isTrue();
            assertThat(world.view().drift()).isEmpty();
            assertThat(Clusters.calls(world, "ModifyDBInstance")).isZero();
        }
    }

    @Test
    void goesAfterItsMembersWithASnapshotAndItsBackups() {
        try (World world = new World()) {
            world.desire(Clusters.going(Clusters.two("")), Docs.UNLIMITED).converged();
            String resource = Clusters.cluster(world).dbClusterResourceId();
            String name = Clusters.name(world);

            world.desire(Docs.of(Clusters.NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(40));

            assertThat(Clusters.all(world)).isEmpty();
            assertThat(Databases.instances(world)).isEmpty();
            assertThat(Clusters.snapshots(world))
                    .singleElement()
                    .satisfies(s -> assertThat(s.dbClusterSnapshotIdentifier()).startsWith(name + "-final-"));
            assertThat(Databases.rds(world).retainedClusterBackups()).containsExactly(resource);
        }
    }

    @Test
    void whatIsNoLongerDesiredStaysAndWhatVanishedIsNotMadeAnew() {
        try (World world = new World()) {
            world.desire(Clusters.two("")).converged();
            String name = Clusters.name(world);
            world.desire(Docs.of(Clusters.NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(10));
            assertThat(world.status("DbCluster/main")).isEqualTo(Status.Orphaned);
            assertThat(world.status("DbInstance/a")).isEqualTo(Status.Orphaned);
            assertThat(Databases.instances(world)).hasSize(2);

            world.desire(Clusters.two("")).converged();
            RdsClient rds = world.somebody(RdsClient.class);
            Databases.instances(world)
                    .forEach(db -> rds.deleteDBInstance(r -> r.dbInstanceIdentifier(db.dbInstanceIdentifier())));
            rds.deleteDBCluster(r -> r.dbClusterIdentifier(name).finalDBSnapshotIdentifier("before-the-loss"));
            world.run(Duration.ofHours(1));

            assertThat(world.resource("DbCluster/main").reason()).hasToString("LostStateful");
            assertThat(world.resource("DbCluster/main").message())
                    .contains("the snapshot before-the-loss of 2026-01-01");
            assertThat(Clusters.all(world)).isEmpty();
            assertThat(Databases.instances(world)).isEmpty();
        }
    }

    @Test
    void comesBackFromItsSnapshotWithItsMembers() {
        try (World world = new World()) {
            world.desire(Clusters.two("")).converged();
            String name = Clusters.name(world);
            RdsClient rds = world.somebody(RdsClient.class);
            Databases.instances(world)
                    .forEach(db -> rds.deleteDBInstance(r -> r.dbInstanceIdentifier(db.dbInstanceIdentifier())));
            rds.deleteDBCluster(r -> r.dbClusterIdentifier(name).finalDBSnapshotIdentifier("before-the-loss"));
            world.run(LONG);

            world.desire(Clusters.two("'snapshotIdentifier':'before-the-loss',"))
                    .run(LONG);
            assertThat(Clusters.all(world))
                    .as("the restore still needs an approval")
                    .isEmpty();
            world.view().verdicts().forEach((step, verdict) -> {
                if (verdict.isApprovable()) {
                    world.approve(step.hash());
                }
            });
            world.run(Duration.ofMinutes(40));

            assertThat(Clusters.calls(world, "RestoreDBClusterFromSnapshot"))
                    .as(world.describe())
                    .isEqualTo(1);
            assertThat(Clusters.calls(world, "CreateDBCluster")).isEqualTo(1);
            assertThat(Clusters.cluster(world).masterUserSecret())
                    .as(world.describe())
                    .isNotNull();
            assertThat(Clusters.cluster(world).dbClusterMembers()).hasSize(2);
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void aSecondAttemptAfterASnapshotMakesAnotherOneOfTheSameCluster() {
        try (World world = new World()) {
            world.desire(Clusters.going(Clusters.two("")), Docs.UNLIMITED).converged();
            DBCluster cluster = Clusters.cluster(world);
            String id = cluster.dbClusterResourceId().toLowerCase(java.util.Locale.ROOT);
            String first = cluster.dbClusterIdentifier() + "-final-" + id.substring(id.length() - 8);
            world.somebody(RdsClient.class)
                    .createDBClusterSnapshot(r ->
                            r.dbClusterIdentifier(cluster.dbClusterIdentifier()).dbClusterSnapshotIdentifier(first));

            world.desire(Docs.of(Clusters.NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(40));

            assertThat(Clusters.all(world)).isEmpty();
            assertThat(Clusters.snapshots(world))
                    .extracting(DBClusterSnapshot::dbClusterSnapshotIdentifier)
                    .containsExactlyInAnyOrder(first, first + "-2");
        }
    }

    @Test
    void deletionProtectionIsNeverLifted() {
        try (World world = new World()) {
            world.desire(Clusters.going(Clusters.aurora("'deletionProtection':true,")), Docs.UNLIMITED)
                    .converged();

            world.desire(Docs.of(Clusters.NETWORK), Docs.UNLIMITED).run(Duration.ofHours(1));

            assertThat(Clusters.all(world))
                    .singleElement()
                    .satisfies(c -> assertThat(c.deletionProtection()).isTrue());
            assertThat(Clusters.snapshots(world)).isEmpty();
            assertThat(world.resource("DbCluster/main").message()).contains("deletion protection");
        }
    }
}
