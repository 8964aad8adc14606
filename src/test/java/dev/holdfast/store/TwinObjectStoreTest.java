package dev.holdfast.store;

import dev.holdfast.aws.ClientFactory;
import dev.holdfast.aws.TestClients;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.TwinSettings;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;

/** The store in S3 with our own clients, over HTTP. */
class TwinObjectStoreTest extends ObjectStoreContract {
    private static final String ACCOUNT = "123456789012";

    private TwinServer twin;
    private ClientFactory factory;
    private S3Client s3;

    @BeforeEach
    void start() throws IOException {
        twin = TwinServer.start(TwinOptions.defaults().withSettings(new TwinSettings().pageSize(7)));
        factory = new ClientFactory(TestClients.quick(twin.endpoint(), ACCOUNT, "test"));
        s3 = factory.of(ACCOUNT, "eu-west-2", null).client(S3Client.class);
        s3.createBucket(r -> r.bucket("state-bucket")
                .createBucketConfiguration(c -> c.locationConstraint(BucketLocationConstraint.EU_WEST_2)));
    }

    @AfterEach
    void stop() {
        factory.close();
        twin.close();
    }

    @Override
    ObjectStore store() {
        return ObjectStores.open("s3://state-bucket/.holdfast", () -> s3);
    }

    @Override
    ObjectStore missing() {
        return ObjectStores.open("s3://no-such-bucket", () -> s3);
    }
}
