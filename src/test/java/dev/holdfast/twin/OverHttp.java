package dev.holdfast.twin;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;

/** The SDK's real clients for an endpoint on this machine. They do not retry, so that each call is one request. */
public final class OverHttp {
    private OverHttp() {}

    public static <C extends SdkClient> C client(Class<C> api, URI endpoint, String accessKey) {
        return client(api, endpoint, AwsBasicCredentials.create(accessKey, "secret"), "test");
    }

    public static <C extends SdkClient> C client(Class<C> api, URI endpoint, AwsCredentials who, String app) {
        Object builder = builder(api);
        ((AwsClientBuilder<?, ?>) builder)
                .endpointOverride(endpoint)
                .region(Region.EU_WEST_2)
                .credentialsProvider(StaticCredentialsProvider.create(who))
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .apiCallTimeout(Duration.ofSeconds(30))
                        .putAdvancedOption(SdkAdvancedClientOption.USER_AGENT_SUFFIX, "app/" + app)
                        .putAdvancedOption(SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, true));
        ((AwsSyncClientBuilder<?, ?>) builder).httpClient(ApacheHttpClient.create());
        if (builder instanceof S3ClientBuilder s3) {
            s3.forcePathStyle(true);
        }
        return api.cast(((SdkBuilder<?, ?>) builder).build());
    }

    private static Object builder(Class<?> api) {
        try {
            return api.getMethod("builder").invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
