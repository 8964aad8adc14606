package dev.holdfast.aws;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients that call AWS, or whatever answers at the endpoint. */
final class SdkClients implements Clients {
    private final ClientFactory factory;
    private final ClientFactory.Config config;
    private final SdkHttpClient http;
    private final String account;
    private final String region;
    private final @Nullable String roleArn;
    private final Map<Class<?>, SdkClient> built = new ConcurrentHashMap<>();

    SdkClients(
            ClientFactory factory,
            ClientFactory.Config config,
            SdkHttpClient http,
            String account,
            String region,
            @Nullable String roleArn) {
        this.factory = factory;
        this.config = config;
        this.http = http;
        this.account = account;
        this.region = region;
        this.roleArn = roleArn;
    }

    @Override
    public String account() {
        return account;
    }

    @Override
    public String region() {
        return region;
    }

    @Override
    public Clients in(String other) {
        return other.equals(region) ? this : factory.of(account, other, roleArn);
    }

    @Override
    public <C extends SdkClient> C client(Class<C> type) {
        return type.cast(built.computeIfAbsent(type, this::build));
    }

    private SdkClient build(Class<?> type) {
        AwsClientBuilder<?, ?> builder;
        String service;
        try {
            builder = (AwsClientBuilder<?, ?>) type.getMethod("builder").invoke(null);
            service = Operations.prefix((String) type.getField("SERVICE_NAME").get(null));
        } catch (NoSuchMethodException | NoSuchFieldException | IllegalAccessException | InvocationTargetException e) {
            throw new IllegalArgumentException(type.getName() + " is not a client interface of the SDK", e);
        }
        builder.region(Region.of(region))
                .credentialsProvider(factory.credentials(account, region, roleArn))
                .overrideConfiguration(c -> c.appId(config.app())
                        .putAdvancedOption(
                                SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, config.endpoint() != null)
                        .apiCallTimeout(config.totalTimeout())
                        .apiCallAttemptTimeout(config.attemptTimeout())
                        .retryStrategy(new CallRetries(config.limits(), config.attempts(), config.backoff()))
                        .addExecutionInterceptor(new CallInterceptor(
                                account + "/" + region, service, config.limits(), config.counted())));
        ((AwsSyncClientBuilder<?, ?>) builder).httpClient(http);
        if (config.endpoint() != null) {
            builder.endpointOverride(config.endpoint());
            if (builder instanceof S3ClientBuilder s3) {
                s3.forcePathStyle(true);
            }
        }
        return (SdkClient) builder.build();
    }

    void close() {
        built.values().forEach(SdkClient::close);
    }

    @Override
    public String toString() {
        return "SdkClients[" + account + "/" + region + "]";
    }
}
