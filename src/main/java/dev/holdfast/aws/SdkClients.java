package dev.holdfast.aws;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.xml.stream.XMLInputFactory;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.config.SdkAdvancedClientOption;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** The clients of one account, region and role: they call AWS, or the configured endpoint. */
final class SdkClients implements Clients {
    private static final String XML_PARSERS = "javax.xml.stream.XMLInputFactory";

    static {
        // The SDK creates a factory of parsers for each thread, and each of our requests has its own virtual thread.
        // Without this property, each answer in XML would search the whole class path for a factory: 4 % of the CPU.
        if (System.getProperty(XML_PARSERS) == null) {
            System.setProperty(
                    XML_PARSERS, XMLInputFactory.newDefaultFactory().getClass().getName());
        }
    }

    private final ClientFactory factory;
    private final ClientFactory.Config config;
    private final ClientFactory.ClientKey key;
    private final Map<Class<?>, SdkClient> built = new ConcurrentHashMap<>();

    SdkClients(ClientFactory factory, ClientFactory.Config config, ClientFactory.ClientKey key) {
        this.factory = factory;
        this.config = config;
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

    /** Uses a method handle, because {@code Class.getMethod} loads all request and response classes (3,000 for EC2). */
    private static MethodHandle newBuilder(Class<?> type) throws ReflectiveOperationException {
        Class<?> builder = Class.forName(type.getName() + "Builder", false, type.getClassLoader());
        return MethodHandles.publicLookup().findStatic(type, "builder", MethodType.methodType(builder));
    }

    private SdkClient build(Class<?> type) {
        AwsClientBuilder<?, ?> builder;
        String service;
        try {
            builder = (AwsClientBuilder<?, ?>) newBuilder(type).invoke();
            service = Operations.prefix((String) type.getField("SERVICE_NAME").get(null));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) { // MethodHandle.invoke declares Throwable
            throw new IllegalArgumentException(type.getName() + " is not a client interface of the SDK", e);
        }
        builder.region(Region.of(key.region()))
                .credentialsProvider(factory.credentials(key.account(), key.region(), key.roleArn()))
                .overrideConfiguration(c -> {
                    // The bucket of the desired state may belong to any account, so that its requests are not checked.
                    if (config.counted()
                            && service.equals("s3")
                            && !key.account().isEmpty()) {
                        c.addExecutionInterceptor(new BucketOwnerCheck(key.account()));
                    }
                    c.addExecutionInterceptor(new WholeAnswerCheck());
                    c.appId(config.app())
                            .putAdvancedOption(
                                    SdkAdvancedClientOption.DISABLE_HOST_PREFIX_INJECTION, config.endpoint() != null)
                            .scheduledExecutorService(factory.timer())
                            .apiCallTimeout(config.totalTimeout())
                            .apiCallAttemptTimeout(config.attemptTimeout())
                            .retryStrategy(new CallRetries(config.limits(), config.attempts(), config.backoff()))
                            .addExecutionInterceptor(new CallInterceptor(
                                    key.account() + "/" + key.region(),
                                    service,
                                    config.limits(),
                                    config.counted(),
                                    factory.ownCalls()));
                });
        ((AwsSyncClientBuilder<?, ?>) builder).httpClient(factory.http());
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
