package dev.holdfast.aws;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** Settings of the operator's clients in a test. */
public final class TestClients {
    private TestClients() {}

    public static ClientFactory.Config config(URI endpoint, String accessKey, String installation, RateLimits limits) {
        return ClientFactory.Config.of(
                endpoint,
                StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, "secret")),
                installation,
                limits);
    }

    /** Clients without rate limits, which retry at once. */
    public static ClientFactory.Config quick(URI endpoint, String accessKey, String installation) {
        return config(endpoint, accessKey, installation, RateLimits.none()).backoff(Duration.ofMillis(1));
    }
}
