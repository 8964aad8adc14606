package dev.holdfast.kinds.sns;

import dev.holdfast.kind.*;

/**
 * How deliveries to hosts are tried again; SNS answers with nulls for members that were never set.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html">Delivery retries</a>
 */
public record DeliveryPolicy(@Doc("Over http and https.") Http http) {

    /** For http and https endpoints. */
    public record Http(
            @Doc("When a delivery is tried again.") RetryPolicy defaultHealthyRetryPolicy,

            @Doc("Whether a subscription's own policy counts for nothing.")
            Boolean disableSubscriptionOverrides,

            @Doc("How fast messages are delivered.") ThrottlePolicy defaultThrottlePolicy,

            @Doc("How the request is made.") RequestPolicy defaultRequestPolicy) {}

    /** Delays and numbers of attempts. */
    public record RetryPolicy(
            @Doc("The shortest delay, in seconds.") Integer minDelayTarget,

            @Doc("The longest delay, in seconds.") Integer maxDelayTarget,

            @Doc("How often it is tried again in all.") Integer numRetries,

            @Doc("How often at once.") Integer numNoDelayRetries,

            @Doc("How often with the shortest delay.") Integer numMinDelayRetries,

            @Doc("How often with the longest delay.") Integer numMaxDelayRetries,

            @Doc("How the delay grows between them.") @Offers({"arithmetic", "exponential", "geometric", "linear"})
            String backoffFunction) {}

    /** A limit on deliveries. */
    public record ThrottlePolicy(
            @Doc("Deliveries a second to one subscription, at most.")
            Integer maxReceivesPerSecond) {}

    /** Headers. */
    public record RequestPolicy(
            @Doc("The content type, text/plain; charset=UTF-8 by itself.")
            String headerContentType) {}
}
