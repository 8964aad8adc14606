package dev.holdfast.aws;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Makes the SDK clients of any account, region and role, over one pool of connections. Safe for use by many threads.
 *
 * <p>A second request for the same account, region and role returns the same clients.
 */
public final class ClientFactory implements AutoCloseable {
    /**
     * @param endpoint replaces AWS's endpoints of all services; null: AWS
     * @param credentials the operator's own credentials
     * @param installation part of the session name when a role is assumed
     * @param app the User-Agent contains {@code app/} and this name
     * @param counted whether the pass that makes a call counts it (false for calls to the operator's own state)
     * @param attemptTimeout the longest time that one attempt of a call may take
     * @param totalTimeout the longest time that a call may take with all its attempts
     * @param attempts the number of attempts of a call
     * @param backoff the longest pause between the first two attempts
     */
    public record Config(
            @Nullable URI endpoint,
            AwsCredentialsProvider credentials,
            String installation,
            String app,
            boolean counted,
            RateLimits limits,
            Duration attemptTimeout,
            Duration totalTimeout,
            int attempts,
            Duration backoff) {

        /** The configuration for the calls of passes. */
        public static Config of(
                @Nullable URI endpoint, AwsCredentialsProvider credentials, String installation, RateLimits limits) {
            return new Config(
                    endpoint,
                    credentials,
                    installation,
                    "holdfast",
                    true,
                    limits,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    3,
                    Duration.ofMillis(100));
        }

        /** The same configuration for calls to the operator's own state. */
        public Config forState() {
            return new Config(
                    endpoint,
                    credentials,
                    installation,
                    "holdfast-state",
                    false,
                    limits,
                    attemptTimeout,
                    totalTimeout,
                    attempts,
                    backoff);
        }

        /** @param time the longest pause between the first two attempts */
        public Config backoff(Duration time) {
            return new Config(
                    endpoint,
                    credentials,
                    installation,
                    app,
                    counted,
                    limits,
                    attemptTimeout,
                    totalTimeout,
                    attempts,
                    time);
        }

        public Config timeouts(Duration attempt, Duration total) {
            return new Config(
                    endpoint, credentials, installation, app, counted, limits, attempt, total, attempts, backoff);
        }

        /** Leaves out the credentials. */
        @Override
        public String toString() {
            return "Config[endpoint=" + endpoint + ", installation=" + installation + ", app=" + app + "]";
        }
    }

    record ClientKey(
            String account, String region, @Nullable String roleArn) {}

    private final Config config;
    private final SdkHttpClient http;
    private final OwnCalls own;
    private final ScheduledExecutorService timer;
    private final Map<ClientKey, SdkClients> made = new ConcurrentHashMap<>();
    private final Map<String, AwsCredentialsProvider> roles = new ConcurrentHashMap<>();

    public ClientFactory(Config config) {
        this(config, new OwnCalls(Clock.systemUTC()));
    }

    /** @param own learns the request ids of all writes */
    public ClientFactory(Config config, OwnCalls own) {
        this.config = config;
        this.own = own;
        // Each client would otherwise start five threads of its own to cancel calls that take too long.
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("aws-call-timeouts").factory());
        this.http = ApacheHttpClient.builder()
                .maxConnections(200)
                .connectionAcquisitionTimeout(Duration.ofSeconds(60))
                .connectionTimeout(Duration.ofSeconds(3))
                .socketTimeout(config.attemptTimeout())
                .build();
    }

    /** @param roleArn the role that all calls assume; null: they use the operator's own credentials */
    public Clients of(String account, String region, @Nullable String roleArn) {
        return made.computeIfAbsent(new ClientKey(account, region, roleArn), key -> new SdkClients(this, config, key));
    }

    /** The longest time of one transmission: one that began before {@code t} has ended at {@code t} plus this time. */
    public Duration callTimeout() {
        return config.attemptTimeout();
    }

    /** The writes that these clients have sent. */
    public OwnCalls ownCalls() {
        return own;
    }

    SdkHttpClient http() {
        return http;
    }

    ScheduledExecutorService timer() {
        return timer;
    }

    AwsCredentialsProvider credentials(String account, String region, @Nullable String roleArn) {
        if (roleArn == null) {
            return config.credentials();
        }
        return roles.computeIfAbsent(
                roleArn,
                arn -> StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(of(account, region, null).client(StsClient.class))
                        .refreshRequest(r -> r.roleArn(arn).roleSessionName(sessionName()))
                        .build());
    }

    /** https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html: 2 to 64 of these characters. */
    private String sessionName() {
        String name = "holdfast-" + config.installation().replaceAll("[^\\w+=,.@-]", "-");
        return name.length() <= 64 ? name : name.substring(0, 64);
    }

    @Override
    public void close() {
        made.values().forEach(SdkClients::close);
        http.close();
        timer.shutdownNow();
    }

    @Override
    public String toString() {
        return "ClientFactory[" + config + "]";
    }
}
