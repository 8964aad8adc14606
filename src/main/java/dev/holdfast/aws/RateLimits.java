package dev.holdfast.aws;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.AbortedException;

/**
 * Spreads calls over time so that AWS does not throttle them: in each account and region, each service has one token
 * bucket for reads and one for writes. A call that AWS throttles nevertheless halves the rate of its bucket.
 *
 * <p>The rates are those that AWS documents, minus a share for other users of the account:
 * https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html,
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html,
 * https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/throttling-api-requests.html
 */
public final class RateLimits {
    /**
     * @param rate the number of calls per second in the long run
     * @param burst the number of calls at once after a pause
     */
    public record RateLimit(double rate, double burst) {}

    /** Waits for a duration. Tests replace it. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration time) throws InterruptedException;
    }

    /** The maximum time in nanoseconds that a wait continues after the call is no longer wanted. */
    private static final long LOOK_UP = Duration.ofSeconds(1).toNanos();

    private static final RateLimit OTHER_READS = new RateLimit(10, 30);
    private static final RateLimit OTHER_WRITES = new RateLimit(5, 15);

    /**
     * The limits by {@code service:read} and {@code service:write}, and by {@code service:Operation} for operations
     * that have a bucket of their own in AWS.
     */
    private static final Map<String, RateLimit> DEFAULTS = Map.ofEntries(
            Map.entry("ec2:read", new RateLimit(20, 80)),
            Map.entry("ec2:write", new RateLimit(5, 40)),
            Map.entry("ecs:read", new RateLimit(20, 45)),
            Map.entry("ecs:write", new RateLimit(5, 40)),
            Map.entry("ecs:CreateCluster", new RateLimit(1, 18)),
            Map.entry("ecs:DeleteCluster", new RateLimit(1, 18)),
            Map.entry("ecs:UpdateCluster", new RateLimit(1, 18)),
            Map.entry("ecs:PutClusterCapacityProviders", new RateLimit(1, 18)),
            Map.entry("ecs:RegisterTaskDefinition", new RateLimit(1, 18)),
            Map.entry("ecs:DeregisterTaskDefinition", new RateLimit(1, 18)),
            Map.entry("ecs:DescribeTaskDefinition", new RateLimit(20, 45)),
            Map.entry("elasticloadbalancing:read", new RateLimit(10, 35)),
            Map.entry("elasticloadbalancing:write", new RateLimit(3, 18)),
            Map.entry("cloudwatch:read", new RateLimit(9, 9)),
            Map.entry("cloudwatch:write", new RateLimit(3, 3)),
            Map.entry("logs:read", new RateLimit(10, 10)),
            Map.entry("logs:write", new RateLimit(5, 10)),
            // Route 53 has one bucket for reads and writes, and a bucket of its own for each of some actions.
            Map.entry("route53:read", new RateLimit(6, 25)),
            Map.entry("route53:write", new RateLimit(3, 15)),
            Map.entry("route53:CreateHostedZone", new RateLimit(1, 20)),
            Map.entry("s3:read", new RateLimit(100, 200)),
            Map.entry("s3:write", new RateLimit(50, 100)),
            Map.entry("secretsmanager:read", new RateLimit(40, 40)),
            Map.entry("secretsmanager:write", new RateLimit(20, 20)),
            Map.entry("sts:read", new RateLimit(50, 100)),
            Map.entry("tag:read", new RateLimit(10, 15)));

    private final Map<String, RateLimit> limits;
    private final boolean unlimited;
    private final LongSupplier nanos;
    private final Sleeper sleeper;
    private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();

    private RateLimits(Map<String, RateLimit> limits, boolean unlimited, LongSupplier nanos, Sleeper sleeper) {
        this.limits = limits;
        this.unlimited = unlimited;
        this.nanos = nanos;
        this.sleeper = sleeper;
    }

    /** The rates of AWS. */
    public static RateLimits ofAws() {
        return ofAws(System::nanoTime, Thread::sleep);
    }

    /** The rates of AWS, measured by another clock. */
    public static RateLimits ofAws(LongSupplier nanos, Sleeper sleeper) {
        return new RateLimits(DEFAULTS, false, nanos, sleeper);
    }

    /** No limits, for an endpoint that is not AWS. */
    public static RateLimits none() {
        return new RateLimits(Map.of(), true, System::nanoTime, Thread::sleep);
    }

    /**
     * The bucket that the call counts towards, or null if there is no limit.
     *
     * @param place account and region
     * @param service the prefix of the service's IAM actions
     */
    @Nullable
    TokenBucket bucket(String place, String service, String operation) {
        if (unlimited) {
            return null;
        }
        boolean write = Operations.isWrite(operation);
        String own = service + ":" + operation;
        String name = limits.containsKey(own) ? own : service + (write ? ":write" : ":read");
        return buckets.computeIfAbsent(place + "/" + name, b -> {
            RateLimit limit = limits.getOrDefault(name, write ? OTHER_WRITES : OTHER_READS);
            return new TokenBucket(limit.rate(), limit.burst(), nanos.getAsLong());
        });
    }

    /**
     * Waits until the call may begin, and holds no permit of a {@link Fork} meanwhile.
     *
     * @param stillWanted asked about once a second; false ends the wait early
     * @throws AbortedException if the thread is interrupted
     */
    void await(TokenBucket bucket, BooleanSupplier stillWanted) {
        long wait = bucket.reserve(nanos.getAsLong());
        if (wait == 0) {
            return;
        }
        try {
            Fork.withoutPermit(() -> {
                for (long rest = wait; rest > 0 && stillWanted.getAsBoolean(); rest -= LOOK_UP) {
                    sleeper.sleep(Duration.ofNanos(Math.min(rest, LOOK_UP)));
                }
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw AbortedException.create("interrupted while waiting for the rate limit", e);
        }
    }

    void throttled(TokenBucket bucket) {
        bucket.throttled(nanos.getAsLong());
    }
}
