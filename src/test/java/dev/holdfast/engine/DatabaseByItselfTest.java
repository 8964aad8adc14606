package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;

/**
 * Changes that RDS makes by itself, and values that RDS stores in another form. They must not cause endless updates, a
 * replacement or a wrong database.
 */
class DatabaseByItselfTest {
    private static final Duration LONG = Duration.ofMinutes(30);

    private static String version(String version) {
        return Databases.postgres("'autoMinorVersionUpgrade':false,")
                .replace("'engineVersion':'15'", "'engineVersion':'" + version + "'");
    }

    /**
     * When AWS withdraws a minor version, RDS upgrades the database in the window, whatever
     * {@code autoMinorVersionUpgrade} is.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/PostgreSQLReleaseNotes/postgresql-release-calendar.html">Release
     *     calendar</a>
     */
    @Test
    void aVersionThatAwsHasReplacedIsNoDrift() {
        try (World world = new World()) {
            world.desire(version("15.10")).converged();
            assertThat(Databases.instance(world).engineVersion()).isEqualTo("15.10");
            Databases.rds(world).withdraws("postgres", "15.10");
            Databases.rds(world).upgrades(Databases.name(world), "15.13");

            world.run(LONG);

            assertThat(world.status("DbInstance/main")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(world.resource("DbInstance/main").reason()).isEqualTo(Reason.NewerVersion);
            assertThat(world.view().drift()).isEmpty();
            assertThat(Databases.modifications(world)).isZero();
        }
    }

    /**
     * RDS raises the major version when its support ends, and accepts neither an older version nor a group of the
     * older one.
     *
     * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html">Extended Support</a>
     */
    @Test
    void aNewerMajorVersionIsShownAndTheOtherFieldsAreStillApplied() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            Databases.rds(world).upgrades(Databases.name(world), "16.11");
            world.run(LONG);

            world.desire(Databases.postgres("'copyTagsToSnapshot':true,")).converged();
            world.run(LONG);

            assertThat(Databases.instance(world).copyTagsToSnapshot()).isTrue();
            assertThat(Databases.instance(world).engineVersion()).isEqualTo("16.11");
            assertThat(Databases.parameterGroup(world)).isEqualTo("default.postgres16");
            assertThat(Databases.modifications(world)).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(world.resource("DbInstance/main").reason()).isEqualTo(Reason.NewerVersion);
            assertThat(world.resource("DbInstance/main").message()).contains("engineVersion 16.11", "older 15");
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("NewerVersion"))
                    .hasSize(1);

            world.restart().run(LONG);

            assertThat(world.resource("DbInstance/main").reason()).isEqualTo(Reason.NewerVersion);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("NewerVersion"))
                    .as("a restart repeats no event")
                    .hasSize(1);
        }
    }

    @Test
    void aVersionThatAwsDoesNotOfferIsRefusedWithTheWayOut() {
        try (World world = new World()) {
            Databases.rds(world).withdraws("postgres", "15.10");

            world.desire(version("15.10")).run(LONG);

            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Stalled);
            assertThat(world.resource("DbInstance/main").message())
                    .contains("Cannot find version 15.10 for postgres", "set only its beginning");

            world.desire(version("15")).converged();

            assertThat(Databases.instance(world).engineVersion()).startsWith("15.");
        }
    }

    /** RDS stores the names of groups and windows in lower case, which is no difference and causes no replacement. */
    @Test
    void capitalLettersAreNoDifference() {
        try (World world = new World()) {
            String groups = Databases.NETWORK
                    .replace("'dbSubnetGroupDescription'", "'dbSubnetGroupName':'shop','dbSubnetGroupDescription'")
                    .replace("'dbParameterGroupFamily'", "'dbParameterGroupName':'shop','dbParameterGroupFamily'");
            world.desire(Docs.of(groups)).converged();
            String document = Databases.postgres("'preferredMaintenanceWindow':'Sun:03:00-Sun:04:00',")
                    .replace(Databases.NETWORK, groups)
                    .replace("'${DbSubnetGroup/main}'", "'Shop'")
                    .replace("'${DbParameterGroup/main}'", "'Shop'");
            world.desire(document).converged();
            String id = Databases.instance(world).dbiResourceId();

            world.run(LONG);

            assertThat(Databases.instance(world).dbSubnetGroup().dbSubnetGroupName())
                    .isEqualTo("shop");
            assertThat(Databases.parameterGroup(world)).isEqualTo("shop");
            assertThat(Databases.instance(world).dbiResourceId()).isEqualTo(id);
            assertThat(Databases.modifications(world)).isZero();
            assertThat(world.view().plan().steps()).isEmpty();
        }
    }

    private static String mysql(String parameters) {
        return Databases.postgres("")
                .replace("'postgres15'", "'mysql8.0'")
                .replace("'rds.force_ssl':'1'", parameters)
                .replace("'engine':'postgres','engineVersion':'15'", "'engine':'mysql','engineVersion':'8.0'");
    }

    /**
     * Without this delay RDS could create the first database with the engine's default character set, and never change
     * it.
     */
    @Test
    void theFirstDatabaseWaitsForItsCharacterSet() {
        try (World world = new World()) {
            world.desire(mysql("'character_set_server':'utf8mb4','collation_server':'utf8mb4_bin'"))
                    .run(Duration.ofMinutes(4));
            assertThat(world.somebody(RdsClient.class)
                            .describeDBInstances(r -> {})
                            .dbInstances())
                    .isEmpty();
            assertThat(world.status("DbParameterGroup/main")).isEqualTo(Status.Synced);
            assertThat(world.resource("DbInstance/main").message()).contains("less than five minutes old");

            world.run(LONG);

            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    /** RDS creates the first database of PostgreSQL independently of the parameter group. */
    @Test
    void aDatabaseOfPostgresWaitsForNoParameters() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).run(Duration.ofMinutes(3));

            assertThat(Databases.instance(world).dbInstanceStatus()).isEqualTo("creating");
            assertThat(Databases.calls(world, "DescribeEvents")).isZero();
        }
    }

    private static String group(String parameters) {
        return Docs.of(Docs.document(
                "DbParameterGroup",
                "main",
                "'dbParameterGroupFamily':'postgres15','description':'p','parameters':{" + parameters + "}"));
    }

    /**
     * RDS returns booleans as 1 and 0, and names in lower case.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/45394">The endless difference in another tool</a>
     */
    @Test
    void aParameterThatRdsWritesInAnotherFormIsNoDrift() {
        try (World world = new World()) {
            world.desire(group("'rds.force_ssl':'off','Log_Connections':'TRUE','work_mem':'08192',"
                            + "'shared_preload_libraries':'pg_stat_statements, pgaudit'"))
                    .converged();

            world.run(LONG);

            assertThat(Databases.calls(world, "ModifyDBParameterGroup")).isEqualTo(1);
            assertThat(world.view().drift()).isEmpty();
            assertThat(world.view().converged()).as(world.describe()).isTrue();

            String name = world.resource("DbParameterGroup/main").physicalId();
            world.somebody(RdsClient.class)
                    .modifyDBParameterGroup(r -> r.dbParameterGroupName(name)
                            .parameters(p -> p.parameterName("rds.force_ssl")
                                    .parameterValue("1")
                                    .applyMethod("immediate")));
            world.run(LONG);

            assertThat(Databases.calls(world, "ModifyDBParameterGroup"))
                    .as("another meaning is drift")
                    .isEqualTo(2);
        }
    }
}
