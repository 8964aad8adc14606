package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.rds.TwinRds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** A database is created whole, changed without a restart that nobody asked for, and never lost. */
class DatabaseTest {
    private static final String NETWORK = String.join(
            ",",
            Docs.vpc(""),
            Docs.subnet("a", "10.0.0.0/24", "eu-west-2a"),
            Docs.subnet("b", "10.0.1.0/24", "eu-west-2b"),
            Docs.document(
                    "DbSubnetGroup",
                    "main",
                    "'dbSubnetGroupDescription':'two zones','subnetIds':['${Subnet/a}','${Subnet/b}']"),
            Docs.document("SecurityGroup", "db", "'vpcId':'${Vpc/main}','description':'database'"),
            Docs.document(
                    "DbParameterGroup",
                    "main",
                    "'dbParameterGroupFamily':'postgres15','description':'p','parameters':{'rds.force_ssl':'1'}"));

    private static String database(String more) {
        return Docs.of(NETWORK, Docs.document("DbInstance", "main", """
                        'dbInstanceClass':'db.t4g.medium','engine':'postgres','engineVersion':'15','masterUsername':'admin1',
                        'manageMasterUserPassword':true,'allocatedStorage':20,'maxAllocatedStorage':100,'storageType':'gp3',
                        'storageEncrypted':true,'dbSubnetGroupName':'${DbSubnetGroup/main}',
                        'vpcSecurityGroupIds':['${SecurityGroup/db}'],'dbParameterGroupName':'${DbParameterGroup/main}',
                        'backupRetentionPeriod':7,%s'multiAZ':false""".formatted(more)));
    }

    private static DBInstance instance(World world) {
        List<DBInstance> all =
                world.somebody(RdsClient.class).describeDBInstances(r -> {}).dbInstances();
        return all.getFirst();
    }

    private static long modifications(World world) {
        return world.twin.log().counts(c -> true).getOrDefault("rds:ModifyDBInstance", 0L);
    }

    @Test
    void isCreatedWithEveryOwnedFieldAndItsPasswordStandsNowhere() {
        try (World world = new World()) {
            world.desire(database("'port':5433,")).converged();

            DBInstance db = instance(world);
            assertThat(db.engineVersion()).startsWith("15.");
            assertThat(db.endpoint().port()).isEqualTo(5433);
            assertThat(db.masterUserSecret().secretArn()).contains("secret:rds!");
            assertThat(world.resource("DbInstance/main").outputs())
                    .containsEntry("port", 5433)
                    .containsEntry("masterUserSecretArn", db.masterUserSecret().secretArn());
            assertThat(modifications(world)).isZero();
        }
    }

    @Test
    void aChangeThatWaitsForTheWindowIsNoDriftAndIsSentOnce() {
        try (World world = new World()) {
            world.desire(database("")).converged();

            world.desire(database("").replace("db.t4g.medium", "db.t4g.large")).converged();
            world.run(Duration.ofHours(3));

            assertThat(instance(world).dbInstanceClass()).isEqualTo("db.t4g.medium");
            assertThat(instance(world).pendingModifiedValues().dbInstanceClass())
                    .isEqualTo("db.t4g.large");
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(modifications(world)).isEqualTo(1);
        }
    }

    @Test
    void aHarmlessChangeDoesNotMakeWhatWaits() {
        try (World world = new World()) {
            world.desire(database("")).converged();
            world.somebody(RdsClient.class)
                    .modifyDBInstance(
                            r -> r.dbInstanceIdentifier(instance(world).dbInstanceIdentifier())
                                    .allocatedStorage(50)
                                    .applyImmediately(false));
            world.run(Duration.ofMinutes(5));

            world.desire(database("'copyTagsToSnapshot':true,")).converged();

            assertThat(instance(world).copyTagsToSnapshot()).isTrue();
            assertThat(instance(world).allocatedStorage()).isEqualTo(20);
            assertThat(instance(world).pendingModifiedValues().allocatedStorage())
                    .isEqualTo(50);
        }
    }

    @Test
    void applyImmediatelyMakesAChangeAtOnce() {
        try (World world = new World()) {
            world.desire(database("")).converged();

            world.desire(database("'applyImmediately':true,").replace("db.t4g.medium", "db.t4g.large"))
                    .converged();
            world.run(Duration.ofMinutes(10));

            assertThat(instance(world).dbInstanceClass()).isEqualTo("db.t4g.large");
        }
    }

    @Test
    void storageThatRdsAddedAndANewerVersionStay() {
        try (World world = new World()) {
            world.desire(database("")).converged();
            world.somebody(RdsClient.class)
                    .modifyDBInstance(
                            r -> r.dbInstanceIdentifier(instance(world).dbInstanceIdentifier())
                                    .allocatedStorage(60)
                                    .engineVersion("15.99")
                                    .applyImmediately(true));

            world.run(Duration.ofHours(1));

            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
            assertThat(instance(world).allocatedStorage()).isEqualTo(60);
            assertThat(world.view().drift()).isEmpty();
        }
    }

    @Test
    void aDatabaseThatVanishedIsNotMadeAnewAndOneThatIsNoLongerDesiredStays() {
        try (World world = new World()) {
            world.desire(database("")).converged();
            String name = instance(world).dbInstanceIdentifier();
            world.desire(Docs.of(NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(10));
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Orphaned);
            assertThat(instance(world).dbInstanceStatus()).isEqualTo("available");

            world.desire(database("")).converged();
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
            String going = database("")
                    .replace("'kind':'DbInstance',", "'kind':'DbInstance','lifecycle':{'onDelete':'Delete'},");
            world.desire(going, Docs.UNLIMITED).converged();
            String resource = instance(world).dbiResourceId();

            world.desire(Docs.of(NETWORK), Docs.UNLIMITED).run(Duration.ofMinutes(30));

            assertThat(world.somebody(RdsClient.class)
                            .describeDBInstances(r -> {})
                            .dbInstances())
                    .isEmpty();
            assertThat(world.account().service(World.REGION, TwinRds.class).retainedBackups())
                    .containsExactly(resource);
        }
    }

    @Test
    void anotherMajorVersionIsRefusedByRdsAndSaysWhy() {
        try (World world = new World()) {
            world.desire(database("")).converged();

            world.desire(database("").replace("'engineVersion':'15'", "'engineVersion':'16'"))
                    .run(Duration.ofMinutes(10));

            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Stalled);
            assertThat(world.resource("DbInstance/main").message()).contains("AllowMajorVersionUpgrade");
            assertThat(instance(world).engineVersion()).startsWith("15.");
        }
    }
}
