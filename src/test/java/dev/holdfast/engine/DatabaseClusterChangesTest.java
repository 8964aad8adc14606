package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.DBClusterMember;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * The changes of an Aurora cluster that are made at once, that wait for the maintenance window, and that wait for an
 * approval.
 */
class DatabaseClusterChangesTest {
    private static final Duration LONG = Duration.ofMinutes(20);

    private static String sixteen(String document) {
        return document.replace("'engineVersion':'15'", "'engineVersion':'16'")
                .replace("aurora-postgresql15", "aurora-postgresql16");
    }

    @Test
    void anotherMajorVersionIsAStepThatWaitsAndTakesTheMembersAlong() {
        try (World world = new World()) {
            String own = Docs.document(
                    "DbParameterGroup", "members", "'dbParameterGroupFamily':'aurora-postgresql15','description':'m'");
            String document = Docs.of(
                    Clusters.NETWORK,
                    own,
                    Clusters.cluster("'applyImmediately':true,"
                            + "'dbInstanceParameterGroupName':'${DbParameterGroup/members}',"),
                    Clusters.member("a", ",'dbParameterGroupName':'${DbParameterGroup/members}'"),
                    Clusters.member("b", ",'dbParameterGroupName':'${DbParameterGroup/members}'"));
            world.desire(document, Docs.UNLIMITED).converged();

            world.desire(sixteen(document), Docs.UNLIMITED).run(LONG);

            assertThat(Clusters.cluster(world).engineVersion()).startsWith("15.");
            assertThat(world.resource("DbCluster/main").reason()).hasToString("ChangeNeedsApproval");
            Step upgrade = world.view().verdicts().keySet().stream()
                    .filter(step -> step.resource().toString().equals("DbCluster/main")
                            && step.changes().stream()
                                    .anyMatch(c -> c.component().equals("engineVersion")))
                    .findFirst()
                    .orElseThrow();

            world.approve(upgrade.hash());
            world.run(Duration.ofHours(1));

            assertThat(Clusters.cluster(world).engineVersion()).startsWith("16.");
            String group = world.resource("DbParameterGroup/members").physicalId();
            assertThat(Databases.instances(world))
                    .hasSize(2)
                    .allMatch(db -> db.engineVersion().startsWith("16."))
                    .allMatch(db -> db.dbParameterGroups()
                            .getFirst()
                            .dbParameterGroupName()
                            .equals(group));
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void anUpgradeThatWaitsForTheWindowIsSentOnceAndSaidWithItsTime() {
        try (World world = new World()) {
            String document = Clusters.two("'preferredMaintenanceWindow':'sun:03:30-sun:04:30',");
            world.desire(document).converged();
            world.desire(sixteen(document)).run(LONG);
            world.approve(world.held().hash());

            world.run(Duration.ofHours(2));

            assertThat(Clusters.calls(world, "ModifyDBCluster")).isEqualTo(1);
            assertThat(Clusters.cluster(world).engineVersion()).startsWith("15.");
            assertThat(world.status("DbCluster/main")).isEqualTo(Status.Synced);
            assertThat(world.resource("DbCluster/main").outlook().pending()).containsExactly("EngineVersion");
            assertThat(world.resource("DbCluster/main").outlook().pendingUntil().toString())
                    .endsWith("T03:30:00Z");

            Databases.rds(world).openWindowOfCluster(Clusters.name(world));
            world.run(LONG);

            assertThat(Clusters.cluster(world).engineVersion()).startsWith("16.");
            assertThat(Clusters.calls(world, "ModifyDBCluster")).isEqualTo(1);
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void aChangeThatNeverWaitsLeavesWhatWaitsToTheWindow() {
        try (World world = new World()) {
            world.desire(Clusters.two("'applyImmediately':true,")).converged();
            world.somebody(RdsClient.class)
                    .modifyDBCluster(r -> r.dbClusterIdentifier(Clusters.name(world))
                            .engineVersion("15.99")
                            .applyImmediately(false));

            world.desire(Clusters.two("'applyImmediately':true,'copyTagsToSnapshot':true,"))
                    .converged();
            world.run(LONG);

            assertThat(Clusters.cluster(world).copyTagsToSnapshot()).isTrue();
            assertThat(Clusters.cluster(world).engineVersion()).isNotEqualTo("15.99");
        }
    }

    /** Aurora restarts all members when the port changes. */
    @Test
    void anotherPortWaitsForAnApproval() {
        try (World world = new World()) {
            world.desire(Clusters.two("'port':5432,")).converged();

            world.desire(Clusters.two("'port':5433,")).run(LONG);
            Step change = world.held();
            Integer meanwhile = Clusters.cluster(world).port();
            world.approve(change.hash());
            world.run(LONG);

            assertThat(change.action()).isEqualTo(Action.Update);
            assertThat(meanwhile).isEqualTo(5432);
            assertThat(Clusters.cluster(world).port()).isEqualTo(5433);
        }
    }

    @Test
    void aNewerVersionStays() {
        try (World world = new World()) {
            world.desire(Clusters.two("")).converged();
            world.somebody(RdsClient.class)
                    .modifyDBCluster(r -> r.dbClusterIdentifier(Clusters.name(world))
                            .engineVersion("15.99")
                            .applyImmediately(true));

            world.run(Duration.ofHours(1));

            assertThat(Clusters.cluster(world).engineVersion()).isEqualTo("15.99");
            assertThat(world.view().converged()).isTrue();
            assertThat(world.view().drift()).isEmpty();
        }
    }

    @Test
    void aRestartOfTheMembersIsAStepThatWaitsAndHappensOnce() {
        try (World world = new World()) {
            world.desire(Clusters.two("")).converged();
            world.somebody(RdsClient.class)
                    .modifyDBClusterParameterGroup(
                            r -> r.dbClusterParameterGroupName(world.resource("DbClusterParameterGroup/main")
                                            .physicalId())
                                    .parameters(p -> p.parameterName("rds.logical_replication")
                                            .parameterValue("1")
                                            .applyMethod(ApplyMethod.PENDING_REBOOT)));
            world.run(LONG);

            assertThat(Clusters.calls(world, "RebootDBInstance")).isZero();
            assertThat(world.resource("DbCluster/main").reason()).hasToString("RestartNeedsApproval");
            assertThat(world.resource("DbCluster/main").isReady()).isTrue();
            assertThat(world.held().action()).isEqualTo(Action.Restart);

            world.approve(world.held().hash());
            world.run(LONG);

            assertThat(Clusters.calls(world, "RebootDBInstance")).isEqualTo(2);
            assertThat(Clusters.cluster(world).dbClusterMembers())
                    .extracting(DBClusterMember::dbClusterParameterGroupStatus)
                    .containsOnly("in-sync");
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void aChangeThatFailsAfterItWasAcceptedIsToldWithItsReason() {
        try (World world = new World()) {
            world.desire(Clusters.two("'applyImmediately':true,")).converged();
            Databases.rds(world).failsNextOfCluster(Clusters.name(world), "The cluster has no capacity for this.");

            world.desire(Clusters.two("'applyImmediately':true,'enableIAMDatabaseAuthentication':true,"))
                    .run(Duration.ofHours(2));

            assertThat(Clusters.calls(world, "ModifyDBCluster")).isEqualTo(1);
            assertThat(world.status("DbCluster/main")).isEqualTo(Status.Stalled);
            assertThat(world.resource("DbCluster/main").message()).contains("has no capacity for this");
        }
    }

    @Test
    void aBrokenClusterIsNotReadyAndNotReplaced() {
        try (World world = new World()) {
            world.desire(Clusters.two("")).converged();
            Databases.rds(world).breaksCluster(Clusters.name(world), "inaccessible-encryption-credentials");

            world.run(Duration.ofHours(1));

            assertThat(world.resource("DbCluster/main").isReady()).isFalse();
            assertThat(Clusters.calls(world, "CreateDBCluster")).isEqualTo(1);
            assertThat(Clusters.calls(world, "ModifyDBCluster")).isZero();
        }
    }

    @Test
    void aMemberThatSomebodyDeletedComesBackOnlyByAnApproval() {
        try (World world = new World()) {
            world.desire(Clusters.two("")).converged();
            String b = world.resource("DbInstance/b").physicalId();
            world.somebody(RdsClient.class).deleteDBInstance(r -> r.dbInstanceIdentifier(b));
            world.run(Duration.ofHours(1));
            assertThat(world.resource("DbInstance/b").reason()).hasToString("LostStateful");
            assertThat(world.resource("DbCluster/main").isReady()).isTrue();

            world.view().verdicts().forEach((step, verdict) -> {
                if (verdict.isApprovable()) {
                    world.approve(step.hash());
                }
            });
            world.run(LONG);

            assertThat(Databases.instances(world))
                    .extracting(DBInstance::dbInstanceIdentifier)
                    .contains(b);
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }

    @Test
    void aMemberThatGoesLeavesTheDataAndTheOtherMemberWrites() {
        try (World world = new World()) {
            String document = Clusters.going(Clusters.two(""));
            world.desire(document, Docs.UNLIMITED).converged();
            String writer = world.resource("DbInstance/a").physicalId();
            assertThat(Clusters.writer(world)).isEqualTo(writer);

            world.desire(
                            Clusters.going(Clusters.aurora("", Clusters.member("b", ",'promotionTier':1"))),
                            Docs.UNLIMITED)
                    .run(LONG);

            assertThat(Databases.instances(world))
                    .extracting(DBInstance::dbInstanceIdentifier)
                    .containsExactly(world.resource("DbInstance/b").physicalId());
            assertThat(Clusters.writer(world)).isNotEqualTo(writer);
            assertThat(Clusters.snapshots(world)).isEmpty();
            assertThat(world.view().converged()).as(world.describe()).isTrue();
        }
    }
}
