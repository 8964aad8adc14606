package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.model.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Buckets and secrets under the engine: late lists, slow facets, and resources that can be restored. */
class StoredThingsTest {
    private static final String BUCKET = """
        {'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'media'},'spec':{
          'publicAccessBlock':{'blockPublicAcls':true,'ignorePublicAcls':true,'blockPublicPolicy':true,'restrictPublicBuckets':true},
          'versioning':'Enabled','lifecycleConfiguration':{'rules':[{'id':'old','noncurrentVersionExpiration':{'noncurrentDays':30}}]},
          'corsConfiguration':{'corsRules':[{'allowedOrigins':['https://a.example'],'allowedMethods':['GET','PUT']}]}}}
        """;
    private static final String SECRET = """
        {'apiVersion':'holdfast.dev/v1','kind':'Secret','metadata':{'name':'key'},'lifecycle':{'onDelete':'Delete'},'spec':{
          'name':'Dev/App/api/key','description':'a key','generateSecretString':{'passwordLength':40}}}
        """;

    @Test
    void comesUpStaysUpAndHeals() {
        try (World world = new World()) {
            world.desire("[" + BUCKET + "," + SECRET + "]").converged();
            assertThat(world.view().resources().values()).allMatch(r -> r.status() == Status.Synced);

            // In this time, the list changes from one without the secret to one with the secret.
            for (int minute = 0; minute < 7; minute++) {
                assertThat(world.pass().writes()).isZero();
                world.clock.advance(Duration.ofMinutes(1));
            }

            String bucket = world.resource("Bucket/media").physicalId();
            world.somebody(S3Client.class).deletePublicAccessBlock(r -> r.bucket(bucket));
            world.somebody(SecretsManagerClient.class)
                    .updateSecret(r -> r.secretId("Dev/App/api/key").description("theirs"));
            world.run(Duration.ofMinutes(20));

            assertThat(world.view().drift()).hasSize(2).allMatch(d -> d.state() == DriftItem.DriftState.Repaired);
            assertThat(world.somebody(S3Client.class)
                            .getPublicAccessBlock(r -> r.bucket(bucket))
                            .publicAccessBlockConfiguration()
                            .restrictPublicBuckets())
                    .isTrue();
        }
    }

    /** A report of another version is replaced by an empty one; one event reports that, and the passes continue. */
    @Test
    void aDriftReportThatCannotBeReadIsTold() throws IOException {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            String key = "stacks/test/stack.json";
            ObjectMapper json = new ObjectMapper();
            ObjectNode memory = (ObjectNode)
                    json.readTree(Objects.requireNonNull(world.store.get(key)).content());
            memory.putArray("drift").addObject().put("resource", "Alarm/a").put("colour", "red");
            world.store.put(key, json.writeValueAsBytes(memory));

            world.restart().converged();

            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("DriftReportUnreadable"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains("begins empty"));
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void findsEverythingAgainWithoutAState() {
        try (World world = new World()) {
            world.desire("[" + BUCKET + "," + SECRET + "]").converged();

            world.stateIn(new MemoryStore());
            world.converged();

            assertThat(world.pass().writes()).isZero();
            assertThat(world.owned())
                    .hasSize(2)
                    .allSatisfy((id, items) -> assertThat(items).hasSize(1));
        }
    }

    @Test
    void bringsBackASecretWithItsValue() {
        try (World world = new World()) {
            SecretsManagerClient secrets = world.somebody(SecretsManagerClient.class);
            world.desire("[" + BUCKET + "," + SECRET + "]").converged();
            String arn = world.resource("Secret/key").physicalId();
            String value = secrets.getSecretValue(r -> r.secretId(arn)).secretString();
            world.desire("[" + BUCKET + "]").converged();
            assertThat(secrets.describeSecret(r -> r.secretId(arn)).deletedDate())
                    .isNotNull();
            assertThat(world.view().resources()).hasSize(1);

            world.desire("[" + BUCKET + "," + SECRET + "]").converged();

            assertThat(world.resource("Secret/key").physicalId()).isEqualTo(arn);
            assertThat(secrets.getSecretValue(r -> r.secretId(arn)).secretString())
                    .isEqualTo(value);
            assertThat(world.events.toString()).doesNotContain(value);
        }
    }
}
