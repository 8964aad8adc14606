package dev.holdfast.kinds.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Specs;
import dev.holdfast.kinds.OneResource;
import dev.holdfast.kinds.s3.BucketKind.Spec;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.s3.TwinS3;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.Tag;

class BucketKindTest {
    private static final String WHOLE = """
        {'bucketName': 'media',
         'publicAccessBlock': {'blockPublicAcls': true, 'ignorePublicAcls': true, 'blockPublicPolicy': true,
                               'restrictPublicBuckets': true},
         'ownershipControls': {'rules': [{'objectOwnership': 'BucketOwnerEnforced'}]},
         'bucketEncryption': {'rules': [{'sseAlgorithm': 'aws:kms', 'kmsMasterKeyId': 'alias/x',
                                         'bucketKeyEnabled': true}]},
         'versioning': 'Enabled',
         'lifecycleConfiguration': {'rules': [
            {'id': 'old', 'noncurrentVersionExpiration': {'noncurrentDays': 30, 'newerNoncurrentVersions': 3},
             'expiration': {'expiredObjectDeleteMarker': true},
             'abortIncompleteMultipartUpload': {'daysAfterInitiation': 7}},
            {'id': 'cold', 'filter': {'prefix': 'raw/', 'tags': {'a': 'b'}, 'objectSizeGreaterThan': 1024},
             'transitions': [{'days': 30, 'storageClass': 'STANDARD_IA'}, {'days': 90, 'storageClass': 'GLACIER'}],
             'noncurrentVersionTransitions': [{'noncurrentDays': 9, 'storageClass': 'GLACIER'}]}]},
         'corsConfiguration': {'corsRules': [
            {'allowedOrigins': ['https://b.example', 'https://a.example'], 'allowedMethods': ['GET', 'PUT'],
             'allowedHeaders': ['*'], 'exposeHeaders': ['ETag'], 'maxAgeSeconds': 3000}]},
         'logging': {'targetBucket': 'logs', 'targetPrefix': 'media/'},
         'policy': {'Version': '2012-10-17', 'Statement': [
            {'Sid': 'Cdn', 'Effect': 'Allow', 'Principal': {'Service': 'cloudfront.amazonaws.com'},
             'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::media/*'}]},
         'tags': {'Project': 'x'}}
        """;
    private static final String PUBLIC_POLICY = """
        {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': '*', 'Action': 's3:GetObject',
         'Resource': 'arn:aws:s3:::media/*'}]}
        """;

    private final TwinSettings settings = new TwinSettings();
    private final InProcess clients = new InProcess(
            new TwinAccount(
                    "123456789012", Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC), settings, 1),
            "eu-west-2");
    private final TwinS3 s3 = clients.twin().service("eu-west-2", TwinS3.class);
    private final OneResource<Spec> bucket = new OneResource<>(new BucketKind(), clients, "Bucket/media", "media");

    BucketKindTest() {
        s3.createBucket(r -> r.bucket("logs").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
    }

    /** The whole spec, or with one field replaced. */
    private Spec spec(String... fieldAndValue) {
        ObjectNode node = (ObjectNode) Specs.json(bucket.desired(WHOLE));
        if (fieldAndValue.length > 0) {
            node.set(
                    fieldAndValue[0],
                    Specs.json(bucket.desired("{'policy': " + fieldAndValue[1] + "}")
                            .policy()));
        }
        return bucket.desired(node.toString());
    }

    private Spec created() {
        Spec spec = spec();
        bucket.create(spec);
        bucket.converge(spec);
        return spec;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void isAsDesiredAfterOneUpdate(int pageSize) {
        settings.pageSize(pageSize);
        Spec spec = created();

        assertThat(bucket.diff(spec).changes()).isEmpty();
        assertThat(bucket.known(spec).identity().tags())
                .containsEntry("holdfast:resource", "Bucket/media")
                .containsEntry("Project", "x");
        assertThat(bucket.known(spec).outputs())
                .containsEntry("arn", "arn:aws:s3:::media")
                .containsEntry("regionalDomainName", "media.s3.eu-west-2.amazonaws.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "publicAccessBlock|{'blockPublicAcls': false, 'ignorePublicAcls': false}",
                "ownershipControls|{'rules': [{'objectOwnership': 'ObjectWriter'}]}",
                "ownershipControls|{'rules': []}",
                "bucketEncryption|{'rules': []}",
                "bucketEncryption|{'rules': [{'sseAlgorithm': 'aws:kms:dsse'}]}",
                "versioning|'Suspended'",
                "lifecycleConfiguration|{'rules': []}",
                "lifecycleConfiguration|{'rules': [{'id': 'old', 'status': 'Disabled', 'expiration': {'days': 9}}]}",
                "lifecycleConfiguration|{'transitionDefaultMinimumObjectSize': 'varies_by_storage_class'}",
                "lifecycleConfiguration|{'rules': [{'id': 'a', 'filter': {'tags': {'k': 'v'}}, 'expiration': {'days':"
                        + " 1}}]}",
                "lifecycleConfiguration|{'rules': [{'id': 'a', 'filter': {'objectSizeLessThan': 5}, 'expiration':"
                        + " {'days': 1}}]}",
                "corsConfiguration|{'corsRules': []}",
                "corsConfiguration|{'corsRules': [{'allowedOrigins': ['*'], 'allowedMethods': ['GET']}]}",
                "logging|{'targetBucket': 'logs', 'targetPrefix': 'other/'}",
                "policy|{}"
            })
    void bringsAboutEachChange(String fieldAndValue) {
        created();
        Spec changed = spec(fieldAndValue.split("\\|"));

        bucket.converge(changed);

        assertThat(bucket.diff(changed).changes()).isEmpty();
    }

    @Test
    void opensAndClosesToTheWorldInAnOrderThatAwsTakes() {
        created();
        ObjectNode open = (ObjectNode) Specs.json(spec("policy", PUBLIC_POLICY));
        open.putObject("publicAccessBlock").put("blockPublicPolicy", false).put("restrictPublicBuckets", false);
        Spec opened = bucket.desired(open.toString());

        bucket.converge(opened);

        assertThat(bucket.diff(opened).changes()).isEmpty();
        bucket.converge(spec());
        assertThat(bucket.diff(spec()).changes()).isEmpty();
    }

    @Test
    void showsWhatSomebodyElseAddsToARule() {
        Spec spec = created();
        var rules = s3.getBucketLifecycleConfiguration(r -> r.bucket("media")).rules().stream()
                .map(r -> r.id().equals("old")
                        ? r.toBuilder().expiration(e -> e.days(1)).build()
                        : r)
                .toList();

        s3.putBucketLifecycleConfiguration(r -> r.bucket("media").lifecycleConfiguration(c -> c.rules(rules)));

        assertThat(bucket.diff(spec).changes())
                .extracting(c -> c.path())
                .contains("/lifecycleConfiguration/rules/old/expiration/days");
    }

    @Test
    void leavesOtherPeoplesTagsAlone() {
        Spec spec = created();
        s3.putBucketTagging(r -> r.bucket("media")
                .tagging(t -> t.tagSet(SdkShapes.pairs(
                        java.util.Map.of("theirs", "1", "Project", "changed", "aws:cloudformation:x", "y"),
                        Tag::builder))));
        // The other principal's call removed our ownership tags: the engine decides whether to add them again.
        bucket.converge(spec);

        assertThat(bucket.known(spec).identity().tags())
                .containsEntry("theirs", "1")
                .containsEntry("aws:cloudformation:x", "y")
                .containsEntry("Project", "x")
                .containsEntry("holdfast:stack", "test/dev");
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(bucket.observe(spec(), null, false)).isEmpty();
        assertThat(bucket.observe(spec(), "media", true)).isEmpty();
    }

    @Test
    void reportsTheStrangerThatHoldsTheName() {
        s3.holdElsewhere("media");

        Known<Spec> stranger = bucket.known(spec());

        assertThat(stranger.identity().name()).isEqualTo("media");
        assertThat(stranger.identity().tags()).isEmpty();
        assertThat(Specs.json(stranger.spec())).hasToString("{\"bucketName\":\"media\"}");
    }

    @Test
    void confirmsByAPointRead() {
        Spec spec = created();

        assertThat(bucket.observe(spec, "media", true)).hasSize(1);
    }

    @Test
    void isDeletedOnlyWhenEmpty() {
        Spec spec = created();
        s3.putObject(r -> r.bucket("media").key("k"), RequestBody.fromString("v"));
        assertThatThrownBy(() -> bucket.delete(spec))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("BucketNotEmpty"));
        s3.listObjectVersions(r -> r.bucket("media"))
                .versions()
                .forEach(
                        v -> s3.deleteObject(r -> r.bucket("media").key(v.key()).versionId(v.versionId())));

        bucket.delete(spec);

        assertThat(bucket.observe(spec, "media", true)).isEmpty();
    }
}
