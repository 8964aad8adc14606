package dev.holdfast.aws;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The clients of one account, region and role: they call AWS, or the configured endpoint. */
final class SdkClients implements Clients {
    private final ClientFactory factory;
    private final ClientFactory.Config config;
    private final SdkHttpClient http;
    private final ClientFactory.ClientKey key;
    private final Map<Class<?>, SdkClient> built = new ConcurrentHashMap<>();

    SdkClients(ClientFactory factory, ClientFactory.Config config, SdkHttpClient http, ClientFactory.ClientKey key) {
        this.factory = factory;
        this.config = config;
        this.http = http;
        this.key = key;
    }

    @Override
    public String account() {
        return key.account();
    }

    @Override
    public String region() {
        return key.region();
    }

    @Override
    public Clients in(String other) {
        return other.equals(key.region()) ? this : factory.of(key.account(), other, key.roleArn());
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
        builder.region(Region.of(key.region()))
                .credentialsProvider(factory.credentials(key.account(), key.region(), key.roleArn()))
                .overrideConfiguration(c -> c.appId(config.app())
                        .putAdvancedOption(
                                SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, config.endpoint() != null)
                        .apiCallTimeout(config.totalTimeout())
                        .apiCallAttemptTimeout(config.attemptTimeout())
                        .retryStrategy(new CallRetries(config.limits(), config.attempts(), config.backoff()))
                        .addExecutionInterceptor(new CallInterceptor(
                                key.account() + "/" + key.region(), service, config.limits(), config.counted())));
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
        return "SdkClients[" + key.account() + "/" + key.region() + "]";
    }
}
