package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ApplyMethod;

/** A database is restarted or upgraded to another major version only if a user has approved that very step. */
class DatabaseApprovalsTest {
    private static final Duration LONG = Duration.ofMinutes(20);

    /** Another principal sets a parameter that takes effect only after a restart. */
    private static void setStatic(World world, String value) {
        RdsClient rds = world.somebody(RdsClient.class);
        rds.modifyDBParameterGroup(r -> r.dbParameterGroupName(Databases.parameterGroup(world))
                .parameters(p -> p.parameterName("rds.logical_replication")
                        .parameterValue(value)
                        .applyMethod(ApplyMethod.PENDING_REBOOT)));
    }

    @Test
    void aRestartIsAStepThatWaitsAndHappensOnce() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            setStatic(world, "1");

            world.run(LONG);

            assertThat(Databases.applyStatus(world)).isEqualTo("pending-reboot");
            assertThat(Databases.calls(world, "RebootDBInstance")).isZero();
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("DbInstance/main").reason()).hasToString("RestartNeedsApproval");
            assertThat(world.resource("DbInstance/main").isReady()).isTrue();
            assertThat(world.held().action()).isEqualTo(Action.Restart);

            world.approve(world.held().hash());
            world.run(LONG);

            assertThat(Databases.applyStatus(world)).isEqualTo("in-sync");
            assertThat(Databases.calls(world, "RebootDBInstance")).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);

            setStatic(world, "0");
            world.run(LONG);

            assertThat(Databases.calls(world, "RebootDBInstance"))
                    .as("the approval allows one restart only")
                    .isEqualTo(1);
            assertThat(world.held().action()).isEqualTo(Action.Restart);
        }
    }

    @Test
    void changesGoOnWhileARestartWaits() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            setStatic(world, "1");
            world.run(LONG);

            world.desire(Databases.postgres("'copyTagsToSnapshot':true,")).run(LONG);

            assertThat(Databases.instance(world).copyTagsToSnapshot()).isTrue();
            assertThat(Databases.calls(world, "RebootDBInstance")).isZero();
        }
    }

    @Test
    void whereNobodyIsToBeAskedARestartIsOnlyShown() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'rebootOnPending':'Never',")).converged();
            setStatic(world, "1");

            world.run(LONG);

            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(world.resource("DbInstance/main").conditions())
                    .anyMatch(c -> c.reason().equals("PendingReboot"));
        }
    }

    private static String sixteen(String more) {
        return Databases.postgres(more)
                .replace("'engineVersion':'15'", "'engineVersion':'16'")
                .replace("postgres15", "postgres16");
    }

    @Test
    void anotherMajorVersionIsAStepOfItsOwnThatWaits() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'applyImmediately':true,")).converged();

            world.desire(sixteen("'applyImmediately':true,'copyTagsToSnapshot':true,"))
                    .run(LONG);

            assertThat(Databases.instance(world).engineVersion()).startsWith("15.");
            assertThat(Databases.instance(world).copyTagsToSnapshot())
                    .as("the other changes do not wait")
                    .isTrue();
            assertThat(world.resource("DbInstance/main").reason()).hasToString("ChangeNeedsApproval");
            assertThat(world.resource("DbInstance/main").message()).contains("another major version");
            assertThat(world.held().changes())
                    .extracting(c -> c.component())
                    .containsExactlyInAnyOrder("engineVersion", "dbParameterGroupName");

            world.approve(world.held().hash());
            world.run(Duration.ofMinutes(40));

            assertThat(Databases.instance(world).engineVersion()).startsWith("16.");
            assertThat(Databases.parameterGroup(world))
                    .isEqualTo(world.resource("DbParameterGroup/main").physicalId());
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(world.somebody(RdsClient.class)
                            .describeDBParameterGroups(r -> {})
                            .dbParameterGroups())
                    .as("the group of the former version is deleted")
                    .extracting(g -> g.dbParameterGroupFamily())
                    .containsExactly("postgres16");
        }
    }

    @Test
    void anUpgradeThatWaitsForTheWindowIsSentOnce() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            world.desire(sixteen("")).run(LONG);
            world.approve(world.held().hash());

            world.run(Duration.ofHours(2));

            assertThat(Databases.modifications(world)).isEqualTo(1);
            assertThat(Databases.instance(world).engineVersion()).startsWith("15.");
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(world.resource("DbInstance/main").outlook().pending()).containsExactly("EngineVersion");

            Databases.rds(world).openWindow(Databases.name(world));
            world.run(LONG);

            assertThat(Databases.instance(world).engineVersion()).startsWith("16.");
            assertThat(Databases.modifications(world)).isEqualTo(1);
        }
    }

    @Test
    void aMinorVersionNeedsNoApproval() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'applyImmediately':true,")).converged();

            world.desire(Databases.postgres("'applyImmediately':true,")
                            .replace("'engineVersion':'15'", "'engineVersion':'15.16'"))
                    .converged();
            world.run(LONG);

            assertThat(Databases.instance(world).engineVersion()).isEqualTo("15.16");
        }
    }

    @Test
    void whatWaitsForTheWindowIsShownWithItsTime() {
        try (World world = new World()) {
            String document = Databases.postgres("'preferredMaintenanceWindow':'sun:03:30-sun:04:30',");
            world.desire(document).converged();
            assertThat(world.resource("DbInstance/main").outlook().pendingUntil())
                    .isNull();

            world.desire(document.replace("db.t4g.medium", "db.t4g.large")).converged();
            world.run(LONG);

            Instant until = world.resource("DbInstance/main").outlook().pendingUntil();
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(world.view().drift()).isEmpty();
            assertThat(world.resource("DbInstance/main").outlook().pending()).isEqualTo(List.of("DBInstanceClass"));
            assertThat(until).isNotNull().isAfter(world.clock.instant());
            assertThat(until.toString()).endsWith("T03:30:00Z");
        }
    }
}
