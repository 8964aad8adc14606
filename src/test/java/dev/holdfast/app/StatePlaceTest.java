package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.kind.TestKinds;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** The operator never stores its state in a synced prefix. */
@Isolated("it sets properties of its process")
class StatePlaceTest {
    private static final String REGION = "aws.region";

    private TwinServer twin;
    private S3Client s3;
    private String regionBefore;

    @BeforeEach
    void start() throws IOException {
        regionBefore = System.getProperty(REGION);
        System.setProperty(REGION, "eu-west-2");
        twin = TwinServer.start(TwinOptions.defaults());
        s3 = twin.account("123456789012").service("eu-west-2", S3Client.class);
        s3.createBucket(r -> r.bucket("desired").createBucketConfiguration(c -> c.locationConstraint("eu-west-2")));
    }

    @AfterEach
    void stop() {
        twin.close();
        if (regionBefore == null) {
            System.clearProperty(REGION);
        } else {
            System.setProperty(REGION, regionBefore);
        }
    }

    private static InstallationConfig environment(String desired, String state, URI endpoint) {
        return new InstallationConfig(desired, state, "test", Set.of(), endpoint, null);
    }

    private Operator operator() {
        return new Operator(
                environment("s3://desired", "s3://desired/.holdfast/", twin.endpoint()),
                TestKinds.all(),
                StaticCredentialsProvider.create(AwsBasicCredentials.create("123456789012", "s")));
    }

    private void put(String key) {
        s3.putObject(r -> r.bucket("desired").key(key), RequestBody.fromString("{}"));
    }

    @ParameterizedTest
    @CsvSource({
        "s3://b/p, s3://b/.holdfast/, false",
        "s3://b/p, s3://b/p/state, true",
        "s3://b/p, s3://b/pp/state, false",
        "s3://b, s3://b/.holdfast, true",
        "s3://b, s3://other, false",
        "desired-state, s3://b, false",
    })
    void knowsWhatLiesInside(String desired, String state, boolean inside) {
        assertThat(environment(desired, state, twin.endpoint()).stateLiesInside())
                .isEqualTo(inside);
    }

    @Test
    void isRefusedInsideABucketThatIsSynced() {
        put("dev/stack.json");
        try (Operator operator = operator()) {
            assertThatThrownBy(() -> operator.engine(event -> {}, null, null))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("HOLDFAST_STATE");
            assertThatThrownBy(() -> operator.lease("dev")).isInstanceOf(CommandFailure.class);
        }
    }

    @Test
    void isTakenInsideABucketThatIsPublishedTo() {
        put("stacks/dev/HEAD.json");
        try (Operator operator = operator()) {
            assertThat(operator.lease("dev")).isNotNull();
        }
    }
}
