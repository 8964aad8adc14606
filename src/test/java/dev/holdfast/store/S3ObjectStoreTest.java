package dev.holdfast.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3ObjectStoreTest extends ObjectStoreContract {
    private final FakeS3 s3 = new FakeS3();

    @Override
    ObjectStore store() {
        return new S3ObjectStore(s3, FakeS3.BUCKET, "some/prefix");
    }

    @Override
    ObjectStore missing() {
        return new S3ObjectStore(s3, "another", "");
    }

    @Test
    void storesOfOneBucketAreApart() {
        store().put("a", new byte[] {1});

        assertThat(new S3ObjectStore(s3, FakeS3.BUCKET, "some/pre").list("")).isEmpty();
        assertThat(new S3ObjectStore(s3, FakeS3.BUCKET, "").list("")).containsExactly("some/prefix/a");
    }

    @ParameterizedTest
    @CsvSource({
        "412, PreconditionFailed, true",
        "409, ConditionalRequestConflict, true",
        "409, OperationAborted, false",
        "403, AccessDenied, false"
    })
    void tellsALostRaceFromOtherFailures(int status, String code, boolean lost) {
        S3Client failing = new S3Client() {
            @Override
            public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
                throw FakeS3.error(status, code);
            }

            @Override
            public String serviceName() {
                return SERVICE_NAME;
            }

            @Override
            public void close() {}
        };
        ObjectStore store = new S3ObjectStore(failing, "b", "");

        assertThatThrownBy(() -> store.putIf("a", new byte[0], null))
                .isInstanceOf(lost ? ObjectStore.PreconditionFailedException.class : S3Exception.class);
    }

    @Test
    void opensWhatPeopleWrite() {
        assertThat(ObjectStores.open("s3://bucket/a/b", () -> s3).location()).isEqualTo("s3://bucket/a/b/");
        assertThat(ObjectStores.open("s3://bucket", () -> s3).location()).isEqualTo("s3://bucket/");
        assertThat(ObjectStores.open("/tmp/x/../y", () -> s3).location()).isEqualTo("/tmp/y");
        assertThatThrownBy(() -> ObjectStores.open("https://x", () -> s3)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ObjectStores.open("s3:///x", () -> s3)).isInstanceOf(IllegalArgumentException.class);
    }
}
