package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** A lost database is restored from a snapshot and is never created empty. Copies of its data are not cleaned up. */
class DatabaseRestoreTest {
    private static final Duration LONG = Duration.ofMinutes(30);

    private static String going() {
        return Databases.postgres("'copyTagsToSnapshot':true,")
                .replace("'kind':'DbInstance',", "'kind':'DbInstance','lifecycle':{'onDelete':'Delete'},");
    }

    private static List<DBSnapshot> snapshots(World world) {
        return world.somebody(RdsClient.class).describeDBSnapshots(r -> {}).dbSnapshots();
    }

    /** Another principal deletes the database, and keeps a final snapshot. */
    private static void lose(World world, String snapshot) {
        world.somebody(RdsClient.class)
                .deleteDBInstance(r -> r.dbInstanceIdentifier(Databases.name(world))
                        .finalDBSnapshotIdentifier(snapshot)
                        .deleteAutomatedBackups(false));
        world.run(LONG);
    }

    @Test
    void aLostDatabaseSaysWhatIsLeftAndComesBackFromItsSnapshot() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            lose(world, "before-the-loss");

            assertThat(world.resource("DbInstance/main").reason()).hasToString("LostStateful");
            assertThat(world.resource("DbInstance/main").message())
                    .contains("the snapshot before-the-loss of 2026-01-01")
                    .contains("automated backups of db-");
            assertThat(Databases.instances(world)).isEmpty();

            world.desire(Databases.postgres("'dbSnapshotIdentifier':'before-the-loss','port':5433,")
                            .replace("'allocatedStorage':20", "'allocatedStorage':40"))
                    .run(LONG);
            assertThat(Databases.instances(world))
                    .as("the restore still needs an approval")
                    .isEmpty();
            world.view().verdicts().forEach((step, verdict) -> {
                if (verdict.isApprovable()) {
                    world.approve(step.hash());
                }
            });
            world.run(LONG);

            assertThat(Databases.calls(world, "RestoreDBInstanceFromDBSnapshot"))
                    .isEqualTo(1);
            assertThat(Databases.calls(world, "CreateDBInstance")).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(Databases.instance(world).masterUsername()).isEqualTo("admin1");
            assertThat(Databases.instance(world).masterUserSecret()).isNotNull();
            assertThat(Databases.instance(world).backupRetentionPeriod()).isEqualTo(7);
            assertThat(Databases.instance(world).endpoint().port()).isEqualTo(5433);
            assertThat(Databases.instance(world).pendingModifiedValues().allocatedStorage())
                    .as("a later call sets a field that the restore does not accept")
                    .isEqualTo(40);
        }
    }

    @Test
    void anInstanceThatSomebodyRestoredWithOurTagsIsUnexpectedAndStays() {
        try (World world = new World()) {
            world.desire(going(), Docs.UNLIMITED).converged();
            RdsClient rds = world.somebody(RdsClient.class);
            String name = Databases.name(world);
            rds.createDBSnapshot(r -> r.dbInstanceIdentifier(name).dbSnapshotIdentifier("theirs"));
            rds.restoreDBInstanceFromDBSnapshot(r -> r.dbInstanceIdentifier("restored")
                    .dbSnapshotIdentifier("theirs")
                    .dbSubnetGroupName(world.resource("DbSubnetGroup/main").physicalId())
                    .tags(Databases.instance(world).tagList()));

            world.run(Duration.ofHours(3));

            assertThat(Databases.instances(world))
                    .extracting(DBInstance::dbInstanceIdentifier)
                    .contains(name, "restored");
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(world.resource("DbInstance/main").physicalId()).isEqualTo(name);
            assertThat(world.view().drift())
                    .anyMatch(item ->
                            item.type() == DriftItem.DriftType.Unexpected && "restored".equals(item.physicalId()));
        }
    }

    @Test
    void theFinalSnapshotOfEachInstanceHasANameOfItsOwn() {
        try (World world = new World()) {
            for (int time = 1; time <= 2; time++) {
                world.desire(going(), Docs.UNLIMITED).run(LONG);
                world.approveHeld();
                world.converged();
                world.desire(Docs.of(Databases.NETWORK), Docs.UNLIMITED).run(LONG);
            }

            assertThat(Databases.instances(world)).isEmpty();
            assertThat(snapshots(world))
                    .hasSize(2)
                    .allMatch(s -> s.dbSnapshotIdentifier().contains("-final-"))
                    .extracting(DBSnapshot::dbiResourceId)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aSecondAttemptAfterASnapshotMakesAnotherOneOfTheSameInstance() {
        try (World world = new World()) {
            world.desire(going(), Docs.UNLIMITED).converged();
            DBInstance db = Databases.instance(world);
            String suffix = db.dbiResourceId().toLowerCase(java.util.Locale.ROOT);
            String first = db.dbInstanceIdentifier() + "-final-" + suffix.substring(suffix.length() - 8);
            world.somebody(RdsClient.class)
                    .createDBSnapshot(r ->
                            r.dbInstanceIdentifier(db.dbInstanceIdentifier()).dbSnapshotIdentifier(first));

            world.desire(Docs.of(Databases.NETWORK), Docs.UNLIMITED).run(LONG);

            assertThat(Databases.instances(world)).isEmpty();
            assertThat(snapshots(world))
                    .extracting(DBSnapshot::dbSnapshotIdentifier)
                    .containsExactlyInAnyOrder(first, first + "-2");
        }
    }

    @Test
    void aBrokenDatabaseOfWhichNoSnapshotCanBeMadeIsNotDeleted() {
        try (World world = new World()) {
            world.desire(going(), Docs.UNLIMITED).converged();
            Databases.rds(world).breaks(Databases.name(world), "incompatible-network");

            world.desire(Docs.of(Databases.NETWORK), Docs.UNLIMITED).run(Duration.ofHours(1));

            assertThat(Databases.instances(world)).hasSize(1);
            assertThat(snapshots(world)).isEmpty();
            assertThat(world.resource("DbInstance/main").message()).contains("no snapshot can be made");
        }
    }
}
