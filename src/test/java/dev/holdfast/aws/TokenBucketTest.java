package dev.holdfast.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenBucketTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void letsABurstThroughAndThenKeepsTheRate() {
        TokenBucket bucket = new TokenBucket(2, 3, 0);
        List<Double> waits = new ArrayList<>();

        for (int i = 0; i < 5; i++) {
            waits.add(bucket.reserve(0) / (double) SECOND);
        }

        assertThat(waits).containsExactly(0.0, 0.0, 0.0, 0.5, 1.0);
    }

    @Test
    void restFillsItUpToTheBurst() {
        TokenBucket bucket = new TokenBucket(2, 3, 0);
        for (int i = 0; i < 3; i++) {
            bucket.reserve(0);
        }

        long later = 100 * SECOND;

        assertThat(List.of(bucket.reserve(later), bucket.reserve(later), bucket.reserve(later)))
                .containsOnly(0L);
        assertThat(bucket.reserve(later)).isPositive();
    }

    @Test
    void throttlingHalvesTheRateOnceForCallsOfTheSameMoment() {
        TokenBucket bucket = new TokenBucket(8, 8, 0);

        bucket.throttled(0);
        bucket.throttled(SECOND / 2);

        assertThat(bucket.rate(SECOND / 2)).isBetween(4.0, 4.1);
        assertThat(bucket.reserve(SECOND / 2)).isZero();
        assertThat(bucket.reserve(SECOND / 2)).isZero();
        assertThat(bucket.reserve(SECOND / 2)).as("the burst is gone").isPositive();
    }

    @Test
    void theRateNeverReachesZeroAndComesBack() {
        TokenBucket bucket = new TokenBucket(8, 8, 0);
        for (int i = 0; i < 100; i++) {
            bucket.throttled(i * SECOND);
        }

        assertThat(bucket.rate(100 * SECOND)).isGreaterThanOrEqualTo(0.5);
        assertThat(bucket.rate(200 * SECOND)).isEqualTo(8);
    }
}
