package dev.holdfast.twin.rds;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.ec2.TwinEc2;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.CreateDbClusterRequest;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBCluster;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbClusterRequest;

/**
 * Clusters of Aurora behave as in RDS. The texts of the errors are AWS's own, as users have quoted them.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html">CreateDBCluster</a>
 */
class TwinRdsClustersTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinAccount account = new TwinAccount("123456789012", clock, new TwinSettings(), 1);
    private final TwinRds rds = account.service("eu-west-2", TwinRds.class);
    private final TwinEc2 ec2 = account.service("eu-west-2", TwinEc2.class);

    @BeforeEach
    void aSubnetGroup() {
        String vpc = ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        rds.createDBSubnetGroup(r -> r.dbSubnetGroupName("one")
                .dbSubnetGroupDescription("x")
                .subnetIds(subnet(vpc, "10.0.0.0/24", "eu-west-2a"), subnet(vpc, "10.0.1.0/24", "eu-west-2b")));
        rds.createDBClusterParameterGroup(r -> r.dbClusterParameterGroupName("Mine")
                .dbParameterGroupFamily("aurora-postgresql16")
                .description("x"));
        rds.createDBParameterGroup(r -> r.dbParameterGroupName("members")
                .dbParameterGroupFamily("aurora-postgresql15")
                .description("x"));
    }

    private String subnet(String vpc, String cidr, String zone) {
        return ec2.createSubnet(r -> r.vpcId(vpc).cidrBlock(cidr).availabilityZone(zone))
                .subnet()
                .subnetId();
    }

    private void create(Consumer<CreateDbClusterRequest.Builder> more) {
        rds.createDBCluster(r -> {
            r.dbClusterIdentifier("Main")
                    .engine("aurora-postgresql")
                    .engineVersion("15")
                    .masterUsername("master")
                    .manageMasterUserPassword(true)
                    .storageEncrypted(true)
                    .dbSubnetGroupName("one");
            more.accept(r);
        });
    }

    private void member(String name, Consumer<CreateDbInstanceRequest.Builder> more) {
        rds.createDBInstance(r -> {
            r.dbInstanceIdentifier(name)
                    .dbInstanceClass("db.t4g.medium")
                    .engine("aurora-postgresql")
                    .dbClusterIdentifier("main");
            more.accept(r);
        });
    }

    private void modify(Consumer<ModifyDbClusterRequest.Builder> change) {
        rds.modifyDBCluster(r -> {
            r.dbClusterIdentifier("main").applyImmediately(true);
            change.accept(r);
        });
    }

    private void available() {
        clock.advance(Duration.ofMinutes(10));
    }

    private void withMembers(String... names) {
        create(r -> {});
        available();
        for (String name : names) {
            member(name, r -> {});
        }
        available();
    }

    private DBCluster main() {
        return rds.describeDBClusters(r -> r.dbClusterIdentifier("main"))
                .dbClusters()
                .getFirst();
    }

    private DBInstance instance(String name) {
        return rds.describeDBInstances(r -> r.dbInstanceIdentifier(name))
                .dbInstances()
                .getFirst();
    }

    private String writer() {
        return main().dbClusterMembers().stream()
                .filter(DBClusterMember::isClusterWriter)
                .map(DBClusterMember::dbInstanceIdentifier)
                .findFirst()
                .orElse("nobody");
    }

    @Test
    void creatingTakesMinutesInWhichNothingChanges() {
        create(r -> {});
        clock.advance(Duration.ofMinutes(1));

        assertThat(main().status()).isEqualTo("creating");
        assertThat(main().dbClusterIdentifier()).isEqualTo("main");
        refused("InvalidDBClusterStateFault", "not in available state", () -> modify(r -> r.port(5433)));
        refused("DBClusterAlreadyExistsFault", "already exists", () -> create(r -> {}));

        available();
        assertThat(main().status()).isEqualTo("available");
        assertThat(main().dbClusterMembers()).isEmpty();
        assertThat(main().storageType()).as("the usual type is not said").isNull();
    }

    @Test
    void onlyTheClusterIsToldWhatConcernsAllMembers() {
        create(r -> {});
        available();

        refused(
                "InvalidParameterCombination",
                "will be a member of a DB Cluster",
                () -> member("a", r -> r.port(5433)));
        refused(
                "InvalidParameterCombination",
                "Set master user name for the DB Cluster",
                () -> member("a", r -> r.masterUsername("me")));
        refused("DBClusterNotFoundFault", "not found", () -> member("a", r -> r.dbClusterIdentifier("another")));
        refused("InvalidParameterCombination", "engine name", () -> member("a", r -> r.engine("aurora-mysql")));
        refused(
                "InvalidDBClusterStateFault",
                "Set the Serverless v2 scaling configuration on the parent",
                () -> member("a", r -> r.dbInstanceClass("db.serverless")));
        member("a", r -> r.promotionTier(3));
        available();

        assertThat(instance("a").engineVersion()).isEqualTo(main().engineVersion());
        assertThat(instance("a").promotionTier()).isEqualTo(3);
        refused(
                "InvalidParameterCombination",
                "Modify backup retention for the DB Cluster using the ModifyDbCluster API",
                () -> rds.modifyDBInstance(r -> r.dbInstanceIdentifier("a").backupRetentionPeriod(9)));
        refused(
                "InvalidParameterCombination",
                "Modify the DB engine version for the DB Cluster",
                () -> rds.modifyDBInstance(r -> r.dbInstanceIdentifier("a").engineVersion("15.99")));
    }

    @Test
    void aMemberShowsWhatItsClusterSays() {
        withMembers("a");

        modify(r -> r.port(5433).backupRetentionPeriod(9));
        available();

        assertThat(instance("a").endpoint().port()).isEqualTo(5433);
        assertThat(instance("a").backupRetentionPeriod()).isEqualTo(9);
    }

    @Test
    void theFirstMemberWritesUntilItFailsOverOrGoes() {
        withMembers("a", "b", "c");
        assertThat(writer()).isEqualTo("a");

        rds.failoverDBCluster(r -> r.dbClusterIdentifier("main").targetDBInstanceIdentifier("c"));
        assertThat(main().status()).isEqualTo("failing-over");
        available();
        assertThat(writer()).isEqualTo("c");

        rds.deleteDBInstance(r -> r.dbInstanceIdentifier("c"));
        assertThat(writer()).isEqualTo("a");
        available();
        assertThat(main().dbClusterMembers()).hasSize(2);
    }

    @Test
    void aClusterGoesAfterItsMembersOnly() {
        withMembers("a");
        refused(
                "InvalidDBClusterStateFault",
                "still contains DB instances in non-deleting state",
                () -> rds.deleteDBCluster(r -> r.dbClusterIdentifier("main").skipFinalSnapshot(true)));
        refused(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance",
                () -> rds.deleteDBInstance(r -> r.dbInstanceIdentifier("a").finalDBSnapshotIdentifier("x")));
        rds.deleteDBInstance(r -> r.dbInstanceIdentifier("a").skipFinalSnapshot(true));
        available();
        refused(
                "InvalidParameterCombination",
                "You cannot specify both",
                () -> rds.deleteDBCluster(r ->
                        r.dbClusterIdentifier("main").skipFinalSnapshot(true).finalDBSnapshotIdentifier("x")));
        refused(
                "InvalidParameterCombination",
                "FinalDBSnapshotIdentifier is required",
                () -> rds.deleteDBCluster(r -> r.dbClusterIdentifier("main")));
        refused(
                "InvalidDBSubnetGroupStateFault",
                "still using it",
                () -> rds.deleteDBSubnetGroup(r -> r.dbSubnetGroupName("one")));

        rds.deleteDBCluster(r -> r.dbClusterIdentifier("main").finalDBSnapshotIdentifier("Last"));
        assertThat(main().status()).isEqualTo("deleting");
        available();

        refused("DBClusterNotFoundFault", "main", this::main);
        assertThat(rds.describeDBClusterSnapshots(r -> r.dbClusterIdentifier("main"))
                        .dbClusterSnapshots())
                .singleElement()
                .satisfies(s -> assertThat(s.dbClusterSnapshotIdentifier()).isEqualTo("last"));
    }

    @Test
    void protectionHoldsUntilSomebodyTakesItOff() {
        create(r -> r.deletionProtection(true));
        available();

        refused(
                "InvalidParameterCombination",
                "disable deletion protection",
                () -> rds.deleteDBCluster(r -> r.dbClusterIdentifier("main").skipFinalSnapshot(true)));
    }

    @Test
    void anUpgradeNeedsItsFlagAndGroupsOfTheNewFamily() {
        create(r -> {});
        available();
        member("a", r -> r.dbParameterGroupName("members"));
        available();

        refused("InvalidParameterCombination", "AllowMajorVersionUpgrade", () -> modify(r -> r.engineVersion("16")));
        refused(
                "InvalidParameterCombination",
                "The current DB instance parameter group members is custom",
                () -> modify(r -> r.engineVersion("16").allowMajorVersionUpgrade(true)));
        refused(
                "InvalidParameterCombination",
                "cannot be used for this cluster",
                () -> modify(r -> r.dbClusterParameterGroupName("mine")));

        modify(r -> r.engineVersion("16")
                .allowMajorVersionUpgrade(true)
                .dbClusterParameterGroupName("mine")
                .dbInstanceParameterGroupName("default.aurora-postgresql16"));
        assertThat(main().status()).isEqualTo("upgrading");
        available();

        assertThat(main().engineVersion()).startsWith("16.");
        assertThat(instance("a").engineVersion()).startsWith("16.");
        refused(
                "InvalidParameterCombination",
                "Cannot upgrade aurora-postgresql",
                () -> modify(r -> r.engineVersion("15").allowMajorVersionUpgrade(true)));
    }

    @Test
    void ioOptimizedComesOnceInThirtyDays() {
        create(r -> {});
        available();
        modify(r -> r.storageType("aurora-iopt1"));
        available();
        assertThat(main().storageType()).isEqualTo("aurora-iopt1");
        modify(r -> r.storageType("aurora"));
        available();

        refused("InvalidParameterCombination", "aurora-iopt1 before", () -> modify(r -> r.storageType("aurora-iopt1")));

        clock.advance(Duration.ofDays(31));
        modify(r -> r.storageType("aurora-iopt1"));
    }

    /** https://github.com/hashicorp/terraform-provider-aws/issues/49828 */
    @Test
    void backupsAndMaintenanceAreAtDifferentTimes() {
        String words = "The backup window and maintenance window must not overlap.";
        refused(
                "InvalidParameterValue",
                words,
                () -> create(
                        r -> r.preferredBackupWindow("03:15-03:45").preferredMaintenanceWindow("sun:03:00-sun:04:00")));
        create(r -> r.preferredBackupWindow("04:00-04:30"));
        available();
        assertThat(main().preferredMaintenanceWindow()).isEqualTo("sun:16:11-sun:16:41");
        refused("InvalidParameterValue", words, () -> modify(r -> r.preferredMaintenanceWindow("tue:04:00-tue:05:00")));
        modify(r -> r.preferredMaintenanceWindow("tue:04:30-tue:05:00"));

        rds.createDBInstance(r -> r.dbInstanceIdentifier("alone")
                .dbInstanceClass("db.t4g.medium")
                .engine("postgres")
                .engineVersion("15")
                .masterUsername("master")
                .manageMasterUserPassword(true)
                .allocatedStorage(20)
                .dbSubnetGroupName("one")
                .preferredMaintenanceWindow("sun:02:00-sun:03:00"));
        available();
        refused(
                "InvalidParameterValue",
                words,
                () -> rds.modifyDBInstance(r -> r.dbInstanceIdentifier("alone").preferredBackupWindow("01:45-02:15")));
        rds.modifyDBInstance(r -> r.dbInstanceIdentifier("alone")
                .preferredBackupWindow("01:45-02:15")
                .preferredMaintenanceWindow("sun:04:00-sun:05:00"));
    }

    @Test
    void filtersAndUnknownNamesAreAnsweredAsRdsDoes() {
        withMembers("a");

        assertThat(rds.describeDBClusters(r -> r.filters(f -> f.name("engine").values("neptune")))
                        .dbClusters())
                .isEmpty();
        assertThat(rds.describeDBClusters(
                                r -> r.filters(f -> f.name("db-cluster-id").values("main")))
                        .dbClusters())
                .hasSize(1);
        refused(
                "InvalidParameterValue",
                "filter",
                () -> rds.describeDBClusters(
                        r -> r.filters(f -> f.name("nonsense").values("x"))));
        refused(
                "DBClusterNotFoundFault",
                "another",
                () -> rds.describeDBClusters(r -> r.dbClusterIdentifier("another")));
        assertThat(rds.describeDBInstances(r -> {}).dbInstances()).hasSize(1);
    }
}
