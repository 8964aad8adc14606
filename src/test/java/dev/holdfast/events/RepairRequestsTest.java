package dev.holdfast.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.LoggedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.Tag;

/** A repair reads the settings that the event's call may have changed, and not each setting of the resource. */
class RepairRequestsTest {
    private static final String BUCKET = """
            [{'apiVersion':'holdfast.dev/v1','kind':'Bucket','metadata':{'name':'media'},'spec':{'bucketName':'media-of-the-test',
              'publicAccessBlock':{'blockPublicAcls':true,'ignorePublicAcls':true,'blockPublicPolicy':true,'restrictPublicBuckets':true},
              'versioning':'Enabled',
              'bucketEncryption':{'rules':[{'sseAlgorithm':'AES256','bucketKeyEnabled':false}]},
              'lifecycleConfiguration':{'rules':[{'id':'old','status':'Enabled','expiration':{'days':30}}]},
              'tags':{'Team':'one'}}}]
            """;

    private static List<String> repaired(Consumer<S3Client> change) {
        try (EventsWorld all = new EventsWorld()) {
            all.world.desire(BUCKET, "'interval':'PT24H',").converged();
            all.run(Duration.ofMinutes(2));
            List<LoggedRequest> before = all.twin().log().requests();
            change.accept(all.person(S3Client.class, "alice"));
            all.runUntil(() -> all.isRepaired("Bucket/media"), Duration.ofMinutes(5));
            assertThat(Objects.requireNonNull(all.item("Bucket/media")).by())
                    .as(all.world.describe())
                    .isNotNull();
            List<String> sent = all.twin().log().requests().stream()
                    .filter(r -> r.sequence() > before.getLast().sequence()
                            && r.caller().equals(all.world.caller()))
                    .map(LoggedRequest::operation)
                    .toList();
            all.run(Duration.ofMinutes(2));
            assertThat(all.world.view().status()).isEqualTo("Synced");
            return sent;
        }
    }

    @Test
    void ofAPublicAccessBlockTakesFewRequests() {
        List<String> sent = repaired(s3 -> s3.deletePublicAccessBlock(r -> r.bucket("media-of-the-test")));

        assertThat(sent).contains("s3:PutPublicAccessBlock").hasSizeLessThanOrEqualTo(12);
        // The event explains the answer without a value, so that the only second read is the one after the write.
        assertThat(sent).filteredOn("s3:GetPublicAccessBlock"::equals).hasSize(2);
    }

    @Test
    void ofAnEncryptionTakesFewRequests() {
        List<String> sent = repaired(s3 -> s3.putBucketEncryption(r -> r.bucket("media-of-the-test")
                .serverSideEncryptionConfiguration(c -> c.rules(rule -> rule.bucketKeyEnabled(true)
                        .applyServerSideEncryptionByDefault(d -> d.sseAlgorithm(ServerSideEncryption.AWS_KMS))))));

        assertThat(sent).contains("s3:PutBucketEncryption").hasSizeLessThanOrEqualTo(12);
        assertThat(sent).filteredOn("s3:GetBucketEncryption"::equals).hasSizeGreaterThanOrEqualTo(2);
        assertThat(sent).doesNotContain("s3:GetBucketVersioning", "s3:GetBucketLifecycleConfiguration");
    }

    /** A call of another name may have changed any setting. */
    @Test
    void ofTagsReadsAll() {
        List<String> sent = repaired(s3 -> {
            List<Tag> tags = s3.getBucketTagging(r -> r.bucket("media-of-the-test")).tagSet().stream()
                    .map(tag -> tag.key().equals("Team") ? tag.copy(t -> t.value("two")) : tag)
                    .toList();
            s3.putBucketTagging(r -> r.bucket("media-of-the-test").tagging(t -> t.tagSet(tags)));
        });

        assertThat(sent).contains("s3:GetBucketVersioning");
    }
}
