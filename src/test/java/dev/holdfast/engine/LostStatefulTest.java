package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** A lost resource that held data is created again only after an approval for this very resource. */
class LostStatefulTest {
    private static final String SECRET = """
        {'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'key'},'spec':{
          'name':'Dev/App/api/key','generateSecretString':{'passwordLength':40}}}""";
    private static final String LOGS = """
        {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},'spec':{'logGroupName':'/app'}}""";

    private static void assertLost(World world, String resource) {
        assertThat(world.status(resource)).isEqualTo(Status.Stalled);
        assertThat(world.resource(resource).reason()).hasToString("LostStateful");
    }

    @Test
    void aBucketThatVanishedComesBackOnlyOnApprovalOfExactlyThatStepAndOnlyOnce() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.bucket("media", ""), Docs.bucket("logs", ""), Docs.vpc("")))
                    .converged();
            S3Client s3 = world.somebody(S3Client.class);
            String media = world.resource("Bucket/media").physicalId();
            String logs = world.resource("Bucket/logs").physicalId();
            s3.deleteBucket(r -> r.bucket(media));
            s3.deleteBucket(r -> r.bucket(logs));
            world.run(Duration.ofHours(3));
            assertLost(world, "Bucket/media");
            assertLost(world, "Bucket/logs");
            assertThat(world.owned()).doesNotContainKeys("Bucket/media", "Bucket/logs");

            world.approve(world.step("Bucket/media").hash());
            world.run(Duration.ofMinutes(10));

            assertThat(world.status("Bucket/media")).isEqualTo(Status.Synced);
            assertLost(world, "Bucket/logs");
            s3.deleteBucket(r -> r.bucket(media));
            world.run(Duration.ofMinutes(10));
            assertLost(world, "Bucket/media");
            assertThat(world.owned()).doesNotContainKeys("Bucket/media", "Bucket/logs");
        }
    }

    @Test
    void aSecretThatVanishedIsNotMadeAnewAcrossARestart() {
        try (World world = new World()) {
            world.desire(Docs.of(SECRET, Docs.vpc(""))).converged();
            world.run(Duration.ofMinutes(10));
            world.somebody(SecretsManagerClient.class)
                    .deleteSecret(r -> r.secretId("Dev/App/api/key").forceDeleteWithoutRecovery(true));

            world.run(Duration.ofMinutes(10));
            world.restart().run(Duration.ofMinutes(10));

            assertLost(world, "Secret/key");
            assertThat(world.owned()).doesNotContainKey("Secret/key");
        }
    }

    @Test
    void aBucketMissingWhenTheStateIsLostMayHaveHeldDataHoweverOftenItIsStartedAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.bucket("media", ""), Docs.vpc(""))).converged();
            String bucket = world.resource("Bucket/media").physicalId();
            world.somebody(S3Client.class).deleteBucket(r -> r.bucket(bucket));

            world.stateIn(new MemoryStore());
            world.run(Duration.ofMinutes(5));
            assertLost(world, "Bucket/media");
            world.restart().run(Duration.ofMinutes(90));

            assertLost(world, "Bucket/media");
            assertThat(world.owned()).doesNotContainKey("Bucket/media");
            world.approve(world.step("Bucket/media").hash());
            world.converged();
        }
    }

    @Test
    void aNewBucketIsNotSuspectedOnceTheStackWasFoundAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""))).converged();
            world.stateIn(new MemoryStore());
            world.converged();

            world.desire(Docs.of(Docs.bucket("media", ""), Docs.vpc(""))).converged();

            assertThat(world.status("Bucket/media")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aNewStackIsNotTakenForOneThatLostItsState() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.bucket("media", ""), SECRET, Docs.vpc("")))
                    .converged();

            assertThat(world.events).noneMatch(e -> e.message().contains("LostStateful"));
        }
    }

    @Test
    void aLogGroupIsMadeAnewWithAnAlert() {
        try (World world = new World()) {
            world.desire(Docs.of(LOGS)).converged();
            world.run(Duration.ofMinutes(1));
            world.somebody(CloudWatchLogsClient.class).deleteLogGroup(r -> r.logGroupName("/app"));

            world.run(Duration.ofMinutes(5));

            assertThat(world.status("LogGroup/app")).isEqualTo(Status.Synced);
            assertThat(world.events)
                    .filteredOn(e -> e.severity() == Event.Severity.Alert)
                    .singleElement()
                    .satisfies(e -> assertThat(e.reason()).isEqualTo("RecreatedEmpty"));
            assertThat(world.resource("LogGroup/app").lastChange().action()).isEqualTo(Action.Create);
        }
    }

    @Test
    void aListThatLagsDoesNotMakeABucketLost() {
        try (World world = new World()) {
            world.desire(Docs.of(SECRET, Docs.vpc(""))).converged();
            world.run(Duration.ofMinutes(10));

            // For some minutes the list lacks a secret that was deleted and restored, but the service itself returns
            // the secret.
            SecretsManagerClient secrets = world.somebody(SecretsManagerClient.class);
            secrets.deleteSecret(r -> r.secretId("Dev/App/api/key").recoveryWindowInDays(7L));
            secrets.restoreSecret(r -> r.secretId("Dev/App/api/key"));
            world.run(Duration.ofMinutes(10));

            assertThat(world.status("Secret/key")).isEqualTo(Status.Synced);
            assertThat(world.events).noneMatch(e -> e.reason().equals("DriftDetected"));
        }
    }
}
