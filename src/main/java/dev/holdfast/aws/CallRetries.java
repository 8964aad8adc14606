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
 * Retries as the SDK's standard strategy does, except for calls that must not be repeated: such a call is retried only if
 * AWS answered that the call did nothing. Every throttled answer lowers the rate of the call's bucket.
 */
final class CallRetries implements RetryStrategy {
    private final RetryStrategy standard;
    private final RateLimits limits;

    /** @param backoff the longest pause before the second attempt; the pause doubles with each further attempt */
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
            if (throttled) {
                // EC2 answers a throttled call with 503. After any other 503, the effect of the call is unknown.
                call.unrefused().set(false);
                if (call.bucket() != null) {
                    limits.throttled(call.bucket());
                }
            }
            if (!call.repeatable() && !throttled && !refused(request.failure())) {
                throw new TokenAcquisitionFailedException(
                        call.operation() + " may have taken effect", request.token(), request.failure());
            }
        }
        return standard.refreshRetryToken(request);
    }

    /** A 4xx answer means that the call did nothing. */
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
