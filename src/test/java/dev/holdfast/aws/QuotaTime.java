package dev.holdfast.aws;

import java.time.Duration;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeMap;

/** The time that AWS's quotas alone require for a number of calls. */
public final class QuotaTime {
    private static final String PLACE = "123456789012/eu-west-2";

    private QuotaTime() {}

    /**
     * The time that the calls of each bucket take if all calls are ready at once. A bucket has the name of one of its
     * operations.
     *
     * @param calls the numbers of calls by operation: {@code ec2:CreateVpc}
     */
    public static Map<String, Duration> byBucket(Map<String, Long> calls) {
        RateLimits limits = RateLimits.ofAws(() -> 0, time -> {});
        Map<TokenBucket, Long> counts = new IdentityHashMap<>();
        Map<TokenBucket, String> names = new IdentityHashMap<>();
        calls.forEach((name, count) -> {
            String service = name.substring(0, name.indexOf(':'));
            TokenBucket bucket = limits.bucket(PLACE, service, name.substring(name.indexOf(':') + 1));
            counts.merge(bucket, count, Long::sum);
            names.putIfAbsent(bucket, name);
        });
        Map<String, Duration> times = new TreeMap<>();
        counts.forEach((bucket, count) -> {
            double rate = bucket.rate(0);
            long burst = 0;
            while (bucket.reserve(0) == 0) {
                burst++;
            }
            times.put(names.get(bucket), Duration.ofMillis((long) (Math.max(0, count - burst) / rate * 1000)));
        });
        return times;
    }
}
