package dev.holdfast.twin.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The twin stores objects as S3 does. */
class TwinS3ObjectsTest {
    private final TwinSettings settings = new TwinSettings();
    private final TwinS3 s3 = new TwinAccount(
                    "123456789012", Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC), settings, 1)
            .service("eu-west-2", TwinS3.class);

    @BeforeEach
    void bucket() {
        s3.createBucket(r -> r.bucket("b").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
    }

    private String put(String key, String text) {
        return s3.putObject(r -> r.bucket("b").key(key), RequestBody.fromString(text))
                .eTag();
    }

    private String text(String key) {
        return s3.getObjectAsBytes(r -> r.bucket("b").key(key)).asUtf8String();
    }

    private static void assertCode(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, int status, String code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.statusCode()).isEqualTo(status);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code);
        });
    }

    @Test
    void givesBackWhatWasPut() {
        String etag = put("a", "hello");

        assertThat(text("a")).isEqualTo("hello");
        assertThat(etag).isEqualTo("\"5d41402abc4b2a76b9719d911017c592\"");
        assertThat(s3.headObject(r -> r.bucket("b").key("a")).contentLength()).isEqualTo(5);
        assertThat(s3.getObjectAsBytes(r -> r.bucket("b").key("a").range("bytes=1-2"))
                        .asUtf8String())
                .isEqualTo("el");
        assertCode(() -> s3.getObjectAsBytes(r -> r.bucket("b").key("a").ifNoneMatch(etag)), 304, "NotModified");
    }

    @Test
    void saysWhatIsNotThere() {
        assertThatThrownBy(() -> text("none")).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.headObject(r -> r.bucket("b").key("none"))).isInstanceOf(NoSuchKeyException.class);
        assertThatThrownBy(() -> s3.listObjectsV2(r -> r.bucket("none"))).isInstanceOf(NoSuchBucketException.class);
        s3.deleteObject(r -> r.bucket("b").key("none"));
    }

    @Test
    void writesOnlyIfTheConditionHolds() {
        String first = s3.putObject(r -> r.bucket("b").key("k").ifNoneMatch("*"), RequestBody.fromString("1"))
                .eTag();

        assertCode(
                () -> s3.putObject(r -> r.bucket("b").key("k").ifNoneMatch("*"), RequestBody.fromString("2")),
                412,
                "PreconditionFailed");
        String second = s3.putObject(r -> r.bucket("b").key("k").ifMatch(first), RequestBody.fromString("2"))
                .eTag();
        assertCode(
                () -> s3.putObject(r -> r.bucket("b").key("k").ifMatch(first), RequestBody.fromString("3")),
                412,
                "PreconditionFailed");
        assertCode(
                () -> s3.putObject(r -> r.bucket("b").key("other").ifMatch(first), RequestBody.fromString("3")),
                404,
                "NoSuchKey");
        assertThat(second).isNotEqualTo(first);
        assertThat(text("k")).isEqualTo("2");
    }

    @Test
    void listsByPrefixAndDelimiterOnPagesOfAnySize() {
        List.of("a/1", "a/2", "a/b/1", "a/b/2", "a/c/1", "b/1").forEach(k -> put(k, k));
        for (int size = 0; size < 4; size++) {
            settings.pageSize(size);
            var pages =
                    s3.listObjectsV2Paginator(r -> r.bucket("b").prefix("a/").delimiter("/"));

            assertThat(pages.contents().stream().map(S3Object::key)).containsExactly("a/1", "a/2");
            assertThat(pages.commonPrefixes().stream().map(CommonPrefix::prefix))
                    .containsExactly("a/b/", "a/c/");
        }
        assertThat(s3.listObjectsV2(r -> r.bucket("b").startAfter("a/b/2")).contents())
                .hasSize(2);
    }

    @Test
    void escapesKeysWhereAsked() {
        put("a b/ü+", "");

        assertThat(s3.listObjectsV2(r -> r.bucket("b").encodingType("url"))
                        .contents()
                        .getFirst()
                        .key())
                .isEqualTo("a%20b/%C3%BC%2B");
    }

    @Test
    void deletesABucketOnlyWhenItIsEmpty() {
        put("a", "1");
        assertCode(() -> s3.deleteBucket(r -> r.bucket("b")), 409, "BucketNotEmpty");

        s3.deleteObject(r -> r.bucket("b").key("a"));
        s3.deleteBucket(r -> r.bucket("b"));

        assertThat(s3.listBuckets().buckets()).isEmpty();
        assertThatThrownBy(() -> s3.headBucket(r -> r.bucket("b"))).isInstanceOf(NoSuchBucketException.class);
    }

    @Test
    void namesAreGlobal() {
        s3.holdElsewhere("taken");
        s3.createBucket(r -> r.bucket("us"));

        s3.createBucket(r -> r.bucket("us"));

        assertCode(() -> s3.createBucket(r -> r.bucket("taken")), 409, "BucketAlreadyExists");
        assertCode(() -> s3.createBucket(r -> r.bucket("b")), 409, "BucketAlreadyOwnedByYou");
        assertCode(() -> s3.headBucket(r -> r.bucket("taken")), 403, "AccessDenied");
        assertCode(() -> s3.headBucket(r -> r.bucket("b").expectedBucketOwner("999999999999")), 403, "AccessDenied");
        assertThat(s3.listBuckets(r -> r.bucketRegion("eu-west-2")).buckets())
                .extracting(b -> b.name())
                .containsExactly("b");
    }
}
