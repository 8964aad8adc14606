package dev.holdfast.aws;

import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.core.retry.RetryUtils;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.AcquireInitialTokenResponse;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RecordSuccessRequest;
import software.amazon.awssdk.retries.api.RecordSuccessResponse;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RefreshRetryTokenResponse;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * The SDK's standard retries, but for a call that must not be repeated: that one is tried again only when AWS said that it
 * did nothing. Every throttled answer slows the bucket that the call counts in.
 */
final class CallRetries implements RetryStrategy {
    private final RetryStrategy standard;
    private final RateLimits limits;

    /** @param backoff before the second try at most this, then doubling; throttled calls wait longer */
    CallRetries(RateLimits limits, int attempts, Duration backoff) {
        this(
                AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(attempts)
                        .backoffStrategy(BackoffStrategy.exponentialDelay(backoff, backoff.multipliedBy(20)))
                        .throttlingBackoffStrategy(
                                BackoffStrategy.exponentialDelay(backoff.multipliedBy(5), backoff.multipliedBy(50)))
                        .build(),
                limits);
    }

    private CallRetries(RetryStrategy standard, RateLimits limits) {
        this.standard = standard;
        this.limits = limits;
    }

    @Override
    public AcquireInitialTokenResponse acquireInitialToken(AcquireInitialTokenRequest request) {
        return standard.acquireInitialToken(request);
    }

    @Override
    public RefreshRetryTokenResponse refreshRetryToken(RefreshRetryTokenRequest request) {
        CallInterceptor.CallInFlight call = CallInterceptor.IN_FLIGHT.get();
        if (call != null) {
            boolean throttled = request.failure() instanceof SdkException e && RetryUtils.isThrottlingException(e);
            if (throttled && call.bucket() != null) {
                limits.throttled(call.bucket());
            }
            if (!call.repeatable() && !throttled && !refused(request.failure())) {
                throw new TokenAcquisitionFailedException(
                        call.operation() + " may have taken effect", request.token(), request.failure());
            }
        }
        return standard.refreshRetryToken(request);
    }

    /** An answer of the 4xx kind: the call did nothing. */
    private static boolean refused(Throwable failure) {
        return failure instanceof SdkServiceException e && e.statusCode() >= 400 && e.statusCode() < 500;
    }

    @Override
    public RecordSuccessResponse recordSuccess(RecordSuccessRequest request) {
        return standard.recordSuccess(request);
    }

    @Override
    public int maxAttempts() {
        return standard.maxAttempts();
    }

    @Override
    public boolean useClientDefaults() {
        return standard.useClientDefaults();
    }

    @Override
    public RetryStrategy.Builder<?, ?> toBuilder() {
        return standard.toBuilder();
    }
}
