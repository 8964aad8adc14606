package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * RDS and ElastiCache refuse each change after which the window of backups or snapshots overlaps the window of
 * maintenance. When the two windows change places, one call changes both.
 */
class WindowChangesTest {
    @Test
    void theWindowsOfACacheChangePlacesInOneCall() {
        try (World world = new World()) {
            String windows = "'snapshotWindow':'%s','preferredMaintenanceWindow':'%s'," + Caches.SINGLE;
            world.desire(Caches.redis(windows.formatted("02:00-03:00", "sun:04:00-sun:05:00")))
                    .converged();

            world.desire(Caches.redis(windows.formatted("04:00-05:00", "sun:02:00-sun:03:00")))
                    .converged();

            assertThat(Caches.group(world).snapshotWindow()).isEqualTo("04:00-05:00");
            assertThat(Caches.node(world).preferredMaintenanceWindow()).isEqualTo("sun:02:00-sun:03:00");
            assertThat(Caches.count(world, "ModifyReplicationGroup")).isEqualTo(1);
        }
    }

    @Test
    void theWindowsOfADatabaseChangePlacesInOneCall() {
        try (World world = new World()) {
            String windows = "'preferredBackupWindow':'%s','preferredMaintenanceWindow':'%s',";
            world.desire(Databases.postgres(windows.formatted("02:00-03:00", "sun:04:00-sun:05:00")))
                    .converged();

            world.desire(Databases.postgres(windows.formatted("04:00-05:00", "sun:02:00-sun:03:00")))
                    .converged();

            assertThat(Databases.instance(world).preferredBackupWindow()).isEqualTo("04:00-05:00");
            assertThat(Databases.instance(world).preferredMaintenanceWindow()).isEqualTo("sun:02:00-sun:03:00");
            assertThat(Databases.modifications(world)).isEqualTo(1);
        }
    }

    /** The document sets only one window, and somebody has moved the other: AWS's answer says what is wrong. */
    @Test
    void aWindowThatOverlapsAnUnownedOneStallsWithTheAnswerOfRds() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'preferredMaintenanceWindow':'sun:04:00-sun:05:00',"))
                    .converged();
            Databases.modify(world, r -> r.preferredBackupWindow("06:00-07:00"));

            world.desire(Databases.postgres("'preferredMaintenanceWindow':'sun:06:00-sun:07:00',"))
                    .run(Duration.ofMinutes(5));

            assertThat(world.resource("DbInstance/main").status()).isEqualTo(Status.Stalled);
            assertThat(world.resource("DbInstance/main").message())
                    .contains("The backup window and maintenance window must not overlap.");
        }
    }
}
