package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * A database is created with all its fields, is changed without a restart that no user requested, and is never lost.
 */
class DatabaseTest {
    @Test
    void isCreatedWithEveryOwnedFieldAndItsPasswordStandsNowhere() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'port':5433,")).converged();

            DBInstance db = Databases.instance(world);
            assertThat(db.engineVersion()).startsWith("15.");
            assertThat(db.endpoint().port()).isEqualTo(5433);
            assertThat(db.masterUserSecret().secretArn()).contains("secret:rds!");
            assertThat(world.resource("DbInstance/main").outputs())
                    .containsEntry("port", 5433)
                    .containsEntry("masterUserSecretArn", db.masterUserSecret().secretArn());
            assertThat(Databases.modifications(world)).isZero();
        }
    }

    @Test
    void aChangeThatWaitsForTheWindowIsNoDriftAndIsSentOnce() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();

            world.desire(Databases.postgres("").replace("db.t4g.medium", "db.t4g.large"))
                    .converged();
            world.run(Duration.ofHours(3));

            assertThat(Databases.instance(world).dbInstanceClass()).isEqualTo("db.t4g.medium");
            assertThat(Databases.instance(world).pendingModifiedValues().dbInstanceClass())
                    .isEqualTo("db.t4g.large");
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(Databases.modifications(world)).isEqualTo(1);
        }
    }

    @Test
    void aHarmlessChangeDoesNotMakeWhatWaits() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            Databases.modify(world, r -> r.allocatedStorage(50).applyImmediately(false));
            world.run(Duration.ofMinutes(5));

            world.desire(Databases.postgres("'copyTagsToSnapshot':true,")).converged();

            assertThat(Databases.instance(world).copyTagsToSnapshot()).isTrue();
            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(20);
            assertThat(Databases.instance(world).pendingModifiedValues().allocatedStorage())
                    .isEqualTo(50);
        }
    }

    /**
     * The flag applies everything that waits for the window.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.ApplyImmediately.html">Schedule
     *     modifications</a>
     */
    @ParameterizedTest
    @ValueSource(strings = {"'copyTagsToSnapshot':true,", "'preferredBackupWindow':'05:00-05:30',"})
    void aChangeThatNeverWaitsLeavesWhatWaitsToTheWindow(String harmless) {
        try (World world = new World()) {
            world.desire(Databases.postgres("'applyImmediately':true,")).converged();
            Databases.modify(world, r -> r.allocatedStorage(50).applyImmediately(false));

            world.desire(Databases.postgres("'applyImmediately':true," + harmless))
                    .converged();
            world.run(Duration.ofMinutes(30));

            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(20);
            assertThat(Databases.instance(world).pendingModifiedValues().allocatedStorage())
                    .isEqualTo(50);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 0})
    void onlyTheSwitchOfBackupsRestartsTheInstance(int days) {
        try (World world = new World()) {
            world.desire(Databases.postgres("'applyImmediately':true,")).converged();
            Databases.modify(world, r -> r.allocatedStorage(50).applyImmediately(false));

            world.desire(Databases.postgres("'applyImmediately':true,")
                            .replace("'backupRetentionPeriod':7", "'backupRetentionPeriod':" + days))
                    .converged();
            world.run(Duration.ofMinutes(30));

            assertThat(Databases.instance(world).backupRetentionPeriod()).isEqualTo(days);
            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(days == 0 ? 50 : 20);
        }
    }

    @Test
    void applyImmediatelyMakesAChangeAtOnce() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();

            world.desire(Databases.postgres("'applyImmediately':true,").replace("db.t4g.medium", "db.t4g.large"))
                    .converged();
            world.run(Duration.ofMinutes(10));

            assertThat(Databases.instance(world).dbInstanceClass()).isEqualTo("db.t4g.large");
        }
    }

    @Test
    void storageThatRdsAddedAndANewerVersionStay() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            Databases.modify(
                    world, r -> r.allocatedStorage(60).engineVersion("15.99").applyImmediately(true));

            world.run(Duration.ofHours(1));

            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(60);
            assertThat(world.view().drift()).isEmpty();
        }
    }

    @Test
    void aDatabaseThatVanishedIsNotMadeAnewAndOneThatIsNoLongerDesiredStays() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            String name = Databases.instance(world).dbInstanceIdentifier();
            world.desire(Docs.of(Databases.NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(10));
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Orphaned);
            assertThat(Databases.instance(world).dbInstanceStatus()).isEqualTo("available");

            world.desire(Databases.postgres("")).converged();
            world.somebody(RdsClient.class)
                    .deleteDBInstance(r -> r.dbInstanceIdentifier(name).skipFinalSnapshot(true));
            world.run(Duration.ofHours(1));

            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Stalled);
            assertThat(world.resource("DbInstance/main").reason()).hasToString("LostStateful");
            assertThat(world.somebody(RdsClient.class)
                            .describeDBInstances(r -> {})
                            .dbInstances())
                    .isEmpty();
        }
    }

    @Test
    void aDatabaseThatMayGoLeavesASnapshotAndItsBackups() {
        try (World world = new World()) {
            String going = Databases.postgres("")
                    .replace("'kind':'DbInstance',", "'kind':'DbInstance','lifecycle':{'onDelete':'Delete'},");
            world.desire(going, Docs.UNLIMITED).converged();
            String resource = Databases.instance(world).dbiResourceId();

            world.desire(Docs.of(Databases.NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(30));

            assertThat(world.somebody(RdsClient.class)
                            .describeDBInstances(r -> {})
                            .dbInstances())
                    .isEmpty();
            assertThat(Databases.rds(world).retainedBackups()).containsExactly(resource);
        }
    }
}
