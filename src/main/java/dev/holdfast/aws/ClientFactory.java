package dev.holdfast.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Makes the clients of any account, region and role, over one pool of connections. Safe for use by many threads.
 *
 * <p>What it made for an account, region and role it gives again.
 */
public final class ClientFactory implements AutoCloseable {
    /**
     * @param endpoint in place of AWS's own, for all services; null: AWS
     * @param credentials the operator's own
     * @param installation part of the session's name where a role is assumed
     * @param app in the User-Agent as {@code app/…}
     * @param counted whether calls count as those of the pass that makes them (false for the operator's own state)
     * @param attemptTimeout the most that one try of a call takes
     * @param totalTimeout the most that a call takes with all its tries
     * @param attempts tries of a call
     * @param backoff between the first two tries, at most
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

        /** For what passes do. */
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

        /** The same for the operator's own state. */
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

        /** @param time between the first two tries, at most */
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

        /** Without the credentials. */
        @Override
        public String toString() {
            return "Config[endpoint=" + endpoint + ", installation=" + installation + ", app=" + app + "]";
        }
    }

    private record ClientKey(
            String account, String region, @Nullable String roleArn) {}

    private final Config config;
    private final SdkHttpClient http;
    private final Map<ClientKey, SdkClients> made = new ConcurrentHashMap<>();
    private final Map<String, AwsCredentialsProvider> roles = new ConcurrentHashMap<>();

    public ClientFactory(Config config) {
        this.config = config;
        this.http = ApacheHttpClient.builder()
                .maxConnections(200)
                .connectionAcquisitionTimeout(Duration.ofSeconds(60))
                .connectionTimeout(Duration.ofSeconds(3))
                .socketTimeout(config.attemptTimeout())
                .build();
    }

    /** @param roleArn assumed for all calls; null: the operator's own credentials */
    public Clients of(String account, String region, @Nullable String roleArn) {
        return made.computeIfAbsent(
                new ClientKey(account, region, roleArn),
                p -> new SdkClients(this, config, http, p.account(), p.region(), p.roleArn()));
    }

    /** The most that one transmission of a call takes: what began before {@code t} is over at {@code t} plus this. */
    public Duration callTimeout() {
        return config.attemptTimeout();
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
    }

    @Override
    public String toString() {
        return "ClientFactory[" + config + "]";
    }
}
