package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that RDS accepts and does not carry out, and states that RDS leaves only after the user acts. */
class DatabaseFailuresTest {
    private static String at(String more) {
        return Databases.postgres("'applyImmediately':true," + more);
    }

    @Test
    void aChangeThatFailsAfterItWasAcceptedIsToldWithItsReasonAndNotSentForEver() {
        try (World world = new World()) {
            world.desire(at("")).converged();
            Databases.rds(world)
                    .failsNext(Databases.name(world), "The instance class db.t4g.large has no capacity in this zone.");

            String wanted = at("").replace("db.t4g.medium", "db.t4g.large");
            world.desire(wanted).run(Duration.ofHours(2));

            assertThat(Databases.modifications(world)).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Stalled);
            assertThat(world.resource("DbInstance/main").message()).contains("has no capacity in this zone");
            assertThat(world.events).anyMatch(e -> e.message().contains("has no capacity in this zone"));

            world.retry("DbInstance/main");
            world.run(Duration.ofMinutes(30));

            assertThat(Databases.modifications(world)).isEqualTo(2);
            assertThat(Databases.instance(world).dbInstanceClass()).isEqualTo("db.t4g.large");
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    /** A change may wait for almost a week, so that its failure is known long after the call. */
    @Test
    void aChangeThatFailsInTheMaintenanceWindowIsToldWithItsReasonAndNotSentForEver() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            world.desire(Databases.postgres("").replace("db.t4g.medium", "db.t4g.large"))
                    .converged();
            world.clock.advance(Duration.ofDays(5));
            world.run(Duration.ofMinutes(5));
            Databases.rds(world)
                    .failsNext(Databases.name(world), "The instance class db.t4g.large has no capacity in this zone.");

            Databases.rds(world).openWindow(Databases.name(world));
            world.run(Duration.ofMinutes(30));

            assertThat(Databases.modifications(world)).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Stalled);
            assertThat(world.resource("DbInstance/main").message()).contains("has no capacity in this zone");
        }
    }

    @Test
    void aFullStorageGrowsAllTheSame() {
        try (World world = new World()) {
            world.desire(at("")).converged();
            Databases.rds(world).breaks(Databases.name(world), "storage-full");

            world.desire(at("").replace("'allocatedStorage':20", "'allocatedStorage':50"))
                    .run(Duration.ofMinutes(30));

            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(50);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aBrokenDatabaseIsNotReadyAndNotReplaced() {
        try (World world = new World()) {
            world.desire(at("")).converged();
            Databases.rds(world).breaks(Databases.name(world), "inaccessible-encryption-credentials");

            world.run(Duration.ofHours(1));

            assertThat(world.resource("DbInstance/main").isReady()).isFalse();
            assertThat(Databases.calls(world, "CreateDBInstance")).isEqualTo(1);
            assertThat(Databases.modifications(world)).isZero();
        }
    }

    /** DescribeDBInstances also returns the instances of Neptune and DocumentDB. */
    @ParameterizedTest
    @ValueSource(strings = {"neptune", "docdb"})
    void anInstanceOfAnotherServiceIsIgnoredEvenWithOurTags(String engine) {
        try (World world = new World()) {
            world.desire(at("")).converged();
            Databases.rds(world).lists(Databases.name(world), "graph", engine);

            world.run(Duration.ofMinutes(90));

            assertThat(world.status("DbInstance/main")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(world.view().drift()).isEmpty();
            assertThat(world.view().plan().isEmpty()).isTrue();
            assertThat(Databases.calls(world, "DeleteDBInstance")).isZero();
            assertThat(Databases.modifications(world)).isZero();
        }
    }

    /** A group that RDS could not apply is reported by the instance only. */
    @Test
    void settingsThatRdsCouldNotApplyAreShown() {
        try (World world = new World()) {
            world.desire(at("")).converged();
            Databases.rds(world).failsToApplyParameters(Databases.name(world));

            world.run(Duration.ofMinutes(5));

            assertThat(world.resource("DbInstance/main").conditions())
                    .anyMatch(c -> c.reason().equals("ParametersFailed"));
            assertThat(world.resource("DbInstance/main").facts())
                    .containsEntry("Parameters", Databases.parameterGroup(world) + ": failed-to-apply");
        }
    }
}
