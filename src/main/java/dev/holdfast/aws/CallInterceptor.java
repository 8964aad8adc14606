package dev.holdfast.aws;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.http.HttpResponseHandler;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.core.retry.RetryUtils;

/**
 * Runs before each transmission of one client: waits for the rate limit, checks that a write may begin, counts the request.
 *
 * <p>The first wait comes before the SDK's timeouts begin, so that a queue of creates does not time out. The wait before a
 * retry counts towards the timeouts.
 */
final class CallInterceptor implements ExecutionInterceptor {
    /**
     * The call that a thread is making. {@link CallRetries} needs it, because the SDK passes only the failure to it.
     *
     * @param unrefused whether the last transmission of a write has no answer that refuses it
     */
    record CallInFlight(
            String operation, boolean repeatable, @Nullable TokenBucket bucket, AtomicBoolean unrefused) {}

    static final ThreadLocal<@Nullable CallInFlight> IN_FLIGHT = new ThreadLocal<>();

    private static final String S3_REQUEST_ID = "x-amz-request-id";
    private static final ExecutionAttribute<CallInFlight> CALL = new ExecutionAttribute<>("holdfast.call");
    private static final ExecutionAttribute<Boolean> WAITED = new ExecutionAttribute<>("holdfast.waited");
    /** Whether a transmission of a write before the last one has no answer that refuses it. */
    private static final ExecutionAttribute<Boolean> SENT_BEFORE = new ExecutionAttribute<>("holdfast.sent-before");

    private final String place;
    private final String service;
    private final RateLimits limits;
    private final boolean counted;
    private final OwnCalls own;

    /**
     * @param place account and region, as the key of the rate limits
     * @param service the prefix of the service's IAM actions
     * @param counted whether the pass counts the calls
     * @param own learns the request ids of writes
     */
    CallInterceptor(String place, String service, RateLimits limits, boolean counted, OwnCalls own) {
        this.place = place;
        this.service = service;
        this.limits = limits;
        this.counted = counted;
        this.own = own;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        String operation = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
        TokenBucket bucket = limits.bucket(place, service, operation);
        attributes.putAttribute(
                CALL,
                new CallInFlight(
                        operation, Operations.isRepeatable(operation, context.request()), bucket, new AtomicBoolean()));
        await(bucket, operation);
        attributes.putAttribute(WAITED, true);
    }

    @Override
    public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
        CallInFlight call = attributes.getAttribute(CALL);
        // Not in beforeExecution: the SDK may make a call of its own on this thread later, to resolve the credentials.
        IN_FLIGHT.set(call);
        if (isSet(attributes, WAITED)) {
            attributes.putAttribute(WAITED, false);
        } else {
            await(call.bucket(), call.operation());
        }
        if (CallContext.CURRENT.isBound()) {
            admit(CallContext.CURRENT.get(), call.operation());
        }
        if (Operations.isWrite(call.operation())) {
            boolean before = call.unrefused().getAndSet(true);
            attributes.putAttribute(SENT_BEFORE, before || isSet(attributes, SENT_BEFORE));
        }
    }

    private static boolean isSet(ExecutionAttributes attributes, ExecutionAttribute<Boolean> which) {
        return Boolean.TRUE.equals(attributes.getAttribute(which));
    }

    /** A 4xx answer means that the call did nothing. */
    @Override
    public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
        CallInFlight call = attributes.getAttribute(CALL);
        if (context.httpResponse().statusCode() / 100 == 4) {
            call.unrefused().set(false);
        } else if (Operations.isWrite(call.operation())) {
            context.httpResponse()
                    .firstMatchingHeader(HttpResponseHandler.X_AMZN_REQUEST_ID_HEADERS)
                    .or(() -> context.httpResponse().firstMatchingHeader(S3_REQUEST_ID))
                    .ifPresent(own::made);
        }
    }

    /** A write that may no longer begin does not wait for its turn: {@link #admit} refuses it. */
    private void await(@Nullable TokenBucket bucket, String operation) {
        if (bucket == null) {
            return;
        }
        CallContext pass = CallContext.CURRENT.isBound() ? CallContext.CURRENT.get() : null;
        boolean write = Operations.isWrite(operation);
        limits.await(bucket, () -> pass == null || !write || pass.mayWrite());
    }

    private void admit(CallContext pass, String operation) {
        String name = service + ":" + operation;
        boolean write = Operations.isWrite(operation);
        if (write && !pass.mayWrite()) {
            throw new WriteRefusedException(name);
        }
        RequestChain.extend();
        if (counted) {
            pass.sent(name, write);
        }
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        IN_FLIGHT.remove();
        if (attributes.getAttribute(CALL).unrefused().get()) {
            WriteEffects.mayHaveHappened();
        }
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        IN_FLIGHT.remove();
        CallInFlight call = attributes.getAttribute(CALL);
        boolean throttled = context.exception() instanceof SdkException e && RetryUtils.isThrottlingException(e);
        if (isSet(attributes, SENT_BEFORE) || (call != null && call.unrefused().get() && !throttled)) {
            WriteEffects.mayHaveHappened();
        }
    }

    @Override
    public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
        FailedCall.mark(
                context.exception(),
                service + ":" + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME),
                context.request());
        return context.exception();
    }
}
