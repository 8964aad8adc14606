package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DatabaseInsightsMode;

/**
 * Settings of a database that RDS accepts only together, or rejects together.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html">ModifyDBInstance</a>
 */
class DatabaseCoupledTest {
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final String NOW = "'applyImmediately':true,";

    private static String sized(String more, int size) {
        return Databases.postgres(NOW + more)
                .replace("'allocatedStorage':20,'maxAllocatedStorage':100", "'allocatedStorage':" + size);
    }

    /** For gp3 below 400 GiB, RDS reports 3000 IOPS and 125 MiB/s, but rejects the same values in a request. */
    @Test
    void smallStorageGrowsWithoutTheIopsThatRdsReports() {
        try (World world = new World()) {
            world.desire(sized("", 20)).converged();
            assertThat(Databases.instance(world).iops()).isEqualTo(3000);

            world.desire(sized("'copyTagsToSnapshot':true,", 40)).converged();
            world.run(LONG);

            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(40);
            assertThat(Databases.modifications(world)).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    /**
     * From 400 GiB on, RDS requires the IOPS in the call that changes the size, and at least the minimum of that size.
     */
    @Test
    void largeStorageGrowsTogetherWithItsIops() {
        try (World world = new World()) {
            world.desire(sized("", 20)).converged();

            world.desire(sized("", 500)).converged();
            world.run(LONG);
            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(500);
            assertThat(Databases.instance(world).iops()).isEqualTo(12000);
            assertThat(Databases.instance(world).storageThroughput()).isEqualTo(500);

            world.desire(sized("'iops':14000,", 600)).converged();
            world.run(LONG);

            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(600);
            assertThat(Databases.instance(world).iops()).isEqualTo(14000);
            assertThat(Databases.modifications(world)).isEqualTo(2);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    /** For storage of any size with provisioned IOPS, the call always contains both the size and the IOPS. */
    @Test
    void provisionedStorageGrowsTogetherWithItsIops() {
        try (World world = new World()) {
            String io = sized("'iops':1000,", 100).replace("'gp3'", "'io1'");
            world.desire(io).converged();

            world.desire(io.replace("'allocatedStorage':100", "'allocatedStorage':200"))
                    .converged();
            world.run(LONG);

            assertThat(Databases.instance(world).allocatedStorage()).isEqualTo(200);
            assertThat(Databases.instance(world).iops()).isEqualTo(1000);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    /**
     * RDS accepts advanced insights only together with Performance Insights and 465 days in the same call. The change
     * back to standard keeps both.
     */
    @Test
    void insightsTravelTogether() {
        try (World world = new World()) {
            String standard = "'databaseInsightsMode':'standard','enablePerformanceInsights':true,"
                    + "'performanceInsightsRetentionPeriod':465,";
            world.desire(Databases.postgres(standard)).converged();

            world.desire(Databases.postgres(standard.replace("standard", "advanced")))
                    .converged();
            assertThat(Databases.instance(world).databaseInsightsMode()).isEqualTo(DatabaseInsightsMode.ADVANCED);
            assertThat(Databases.modifications(world)).isEqualTo(1);

            world.desire(Databases.postgres(standard)).converged();
            world.run(LONG);

            assertThat(Databases.instance(world).databaseInsightsMode()).isEqualTo(DatabaseInsightsMode.STANDARD);
            assertThat(Databases.instance(world).performanceInsightsEnabled()).isTrue();
            assertThat(Databases.modifications(world)).isEqualTo(2);
        }
    }

    private static String monitored(String more) {
        return Databases.postgres(more)
                .replaceFirst(
                        "^\\[",
                        "[" + java.util.regex.Matcher.quoteReplacement(Docs.document("Role", "monitoring", """
                                'assumeRolePolicyDocument':{'Version':'2012-10-17','Statement':[{'Effect':'Allow',
                                  'Principal':{'Service':'monitoring.rds.amazonaws.com'},'Action':'sts:AssumeRole'}]}""") + ","));
    }

    private static final String EVERY_MINUTE = "'monitoringInterval':60,'monitoringRoleArn':'${Role/monitoring.arn}',";

    /** IAM may not have propagated a new role yet, so that the refusal is no error of the document. */
    @Test
    void monitoringWaitsForItsRoleAndIsSwitchedOffWithoutIt() {
        try (World world = new World()) {
            world.desire(monitored("")).converged();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    "rds:ModifyDBInstance",
                                    new TwinFault.Refuse(
                                            400,
                                            "InvalidParameterValue",
                                            "IAM role ARN value is invalid or does not include the required permissions"
                                                    + " for: ENHANCED_MONITORING"))
                            .times(3));

            world.desire(monitored(EVERY_MINUTE)).converged();

            assertThat(Databases.instance(world).monitoringInterval()).isEqualTo(60);
            assertThat(Databases.instance(world).monitoringRoleArn())
                    .isEqualTo(world.somebody(IamClient.class)
                            .listRoles(r -> {})
                            .roles()
                            .getFirst()
                            .arn());

            world.desire(monitored(EVERY_MINUTE.replace("60", "30"))).converged();
            assertThat(Databases.instance(world).monitoringInterval()).isEqualTo(30);

            world.desire(monitored("'monitoringInterval':0,")).converged();
            world.run(LONG);

            assertThat(Databases.instance(world).monitoringInterval()).isZero();
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    /** RDS does not know a new key for a while. */
    @Test
    void aKeyThatRdsDoesNotReachYetIsWaitedFor() {
        try (World world = new World()) {
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(
                                    "rds:CreateDBInstance",
                                    new TwinFault.Refuse(
                                            400,
                                            "KMSKeyNotAccessibleFault",
                                            "The specified KMS key does not exist, is not enabled or you do not have"
                                                    + " permissions to access it."))
                            .times(3));
            String key = Docs.document("Key", "data", "'description':'data'");

            world.desire(Databases.postgres("'kmsKeyId':'${Key/data.arn}',").replaceFirst("^\\[", "[" + key + ","))
                    .converged();

            assertThat(Databases.instance(world).kmsKeyId())
                    .isEqualTo(world.resource("Key/data").outputs().get("arn"));
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    /**
     * RDS restarts the database at once when the port changes, whatever the window: therefore the step needs an
     * approval.
     */
    @Test
    void anotherPortIsAStepThatWaitsForAnApproval() {
        try (World world = new World()) {
            world.desire(Databases.postgres("'port':5432,")).converged();

            world.desire(Databases.postgres("'port':5433,")).run(LONG);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.AwaitingApproval);
            assertThat(Databases.modifications(world)).isZero();

            world.approveHeld();
            world.run(LONG);

            assertThat(Databases.instance(world).endpoint().port()).isEqualTo(5433);
            assertThat(Databases.modifications(world)).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);
        }
    }

    /**
     * An undeclared certificate authority is unowned, so that another principal may change it; a change of a declared
     * one waits for the window.
     */
    @Test
    void theAuthorityOfTheCertificateIsOwnedOnlyIfDeclared() {
        try (World world = new World()) {
            world.desire(Databases.postgres("")).converged();
            String name = Databases.name(world);
            assertThat(world.resource("DbInstance/main").facts())
                    .containsEntry(
                            "Server certificate until",
                            Databases.instance(world)
                                    .certificateDetails()
                                    .validTill()
                                    .toString());
            world.somebody(RdsClient.class)
                    .modifyDBInstance(r -> r.dbInstanceIdentifier(name)
                            .caCertificateIdentifier("rds-ca-rsa4096-g1")
                            .applyImmediately(true));
            world.run(LONG);
            assertThat(Databases.instance(world).caCertificateIdentifier()).isEqualTo("rds-ca-rsa4096-g1");
            assertThat(world.view().drift()).isEmpty();
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);

            world.desire(Databases.postgres("'caCertificateIdentifier':'rds-ca-ecc384-g1',"))
                    .converged();
            world.run(LONG);

            assertThat(Databases.instance(world).caCertificateIdentifier())
                    .as("the server is not restarted")
                    .isEqualTo("rds-ca-rsa4096-g1");
            assertThat(Databases.modifications(world)).isEqualTo(1);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Synced);

            Databases.rds(world).openWindow(name);
            world.run(LONG);

            assertThat(Databases.instance(world).caCertificateIdentifier()).isEqualTo("rds-ca-ecc384-g1");
            assertThat(Databases.modifications(world)).isEqualTo(1);
        }
    }

    private static String newerClass(String version) {
        return Databases.postgres(NOW)
                .replace("'engineVersion':'15'", "'engineVersion':'" + version + "'")
                .replace("postgres15", "postgres" + version.substring(0, 2))
                .replace("db.t4g.medium", "db.m8g.large");
    }

    /** RDS compares the class with the version that runs, not with the version of the same request. */
    @Test
    void aClassThatTheRunningVersionLacksFollowsTheUpgrade() {
        try (World world = new World()) {
            Databases.rds(world).offers("db.m8g.large", "15.16");
            world.desire(Databases.postgres(NOW)).converged();

            world.desire(newerClass("15.16")).run(LONG);

            assertThat(world.status("DbInstance/main")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(Databases.instance(world).engineVersion()).isEqualTo("15.16");
            assertThat(Databases.instance(world).dbInstanceClass()).isEqualTo("db.m8g.large");
            assertThat(Databases.modifications(world)).isEqualTo(2);
        }
    }

    @Test
    void aClassThatTheRunningVersionHasChangesWithTheUpgrade() {
        try (World world = new World()) {
            world.desire(Databases.postgres(NOW)).converged();

            world.desire(newerClass("15.16")).run(LONG);

            assertThat(Databases.instance(world).engineVersion()).isEqualTo("15.16");
            assertThat(Databases.instance(world).dbInstanceClass()).isEqualTo("db.m8g.large");
            assertThat(Databases.modifications(world)).isEqualTo(1);
        }
    }

    @Test
    void aClassWaitsForAnUpgradeThatNeedsAnApproval() {
        try (World world = new World()) {
            Databases.rds(world).offers("db.m8g.large", "16.1");
            world.desire(Databases.postgres(NOW)).converged();

            world.desire(newerClass("16")).run(LONG);
            assertThat(Databases.modifications(world)).isZero();
            world.approve(world.held().hash());
            world.run(Duration.ofHours(1));

            assertThat(world.status("DbInstance/main")).as(world.describe()).isEqualTo(Status.Synced);
            assertThat(Databases.instance(world).engineVersion()).startsWith("16.");
            assertThat(Databases.instance(world).dbInstanceClass()).isEqualTo("db.m8g.large");
        }
    }

    @Test
    void aRefusedChangeDoesNotStopAnApprovedOne() {
        try (World world = new World()) {
            Databases.rds(world).offers("db.m8g.large", "99.1");
            world.desire(Databases.postgres(NOW)).converged();

            world.desire(Databases.postgres(NOW + "'port':5433,").replace("db.t4g.medium", "db.m8g.large"))
                    .run(LONG);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Stalled);
            world.approve(world.held().hash());
            world.run(LONG);

            assertThat(Databases.instance(world).endpoint().port()).isEqualTo(5433);
            assertThat(world.status("DbInstance/main")).isEqualTo(Status.Stalled);
        }
    }
}
