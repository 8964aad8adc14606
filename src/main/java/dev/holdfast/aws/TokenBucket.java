package dev.holdfast.aws;

import java.time.Duration;

/**
 * Lets calls begin at a steady rate after a burst. A throttled answer halves the rate, and the rate recovers over time.
 * The caller passes the time in, so the only state is the count of tokens.
 */
final class TokenBucket {
    private static final double SECOND = Duration.ofSeconds(1).toNanos();
    /** Throttled answers to calls that were under way when the rate was halved do not halve it again. */
    private static final long BLIND = Duration.ofSeconds(1).toNanos();

    private static final double SECONDS_TO_RECOVER = 60;
    private static final double LEAST_SHARE = 1.0 / 16;

    private final double fullRate;
    private final double burst;
    private double rate;
    private double tokens;
    private long at;
    private long halvedAt;
    private boolean halved;

    /**
     * @param rate the number of calls per second
     * @param burst the number of calls at once after a pause
     */
    TokenBucket(double rate, double burst, long now) {
        this.fullRate = rate;
        this.burst = burst;
        this.rate = rate;
        this.tokens = burst;
        this.at = now;
    }

    /**
     * Reserves a place in the queue.
     *
     * @return the nanoseconds that the caller has to wait before the call begins
     */
    synchronized long reserve(long now) {
        refill(now);
        tokens -= 1;
        return tokens >= 0 ? 0 : (long) Math.ceil(-tokens / rate * SECOND);
    }

    synchronized void throttled(long now) {
        refill(now);
        if (halved && now - halvedAt < BLIND) {
            return;
        }
        rate = Math.max(rate / 2, fullRate * LEAST_SHARE);
        tokens = Math.min(tokens, 0);
        halved = true;
        halvedAt = now;
    }

    synchronized double rate(long now) {
        refill(now);
        return rate;
    }

    private void refill(long now) {
        double seconds = Math.max(0, now - at) / SECOND;
        tokens = Math.min(burst, tokens + seconds * rate);
        rate = Math.min(fullRate, rate + seconds * fullRate / SECONDS_TO_RECOVER);
        at = Math.max(at, now);
    }
}
