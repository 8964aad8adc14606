package dev.holdfast.kinds.sns;

import dev.holdfast.kind.*;

/**
 * The policy for retries of deliveries over HTTP. SNS returns null for members that were never set.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html">Delivery retries</a>
 */
public record DeliveryPolicy(
        @Doc("The policy for http and https endpoints.") Http http) {

    /** The policy for http and https endpoints. */
    public record Http(
            @Doc("The retries of a failed delivery.") RetryPolicy defaultHealthyRetryPolicy,

            @Doc("Whether delivery policies of subscriptions are ignored.")
            Boolean disableSubscriptionOverrides,

            @Doc("The limit on the rate of deliveries.") ThrottlePolicy defaultThrottlePolicy,

            @Doc("The settings of the delivery request.") RequestPolicy defaultRequestPolicy) {}

    /** The delays and numbers of retries. */
    public record RetryPolicy(
            @Doc("The shortest delay, in seconds.") Integer minDelayTarget,

            @Doc("The longest delay, in seconds.") Integer maxDelayTarget,

            @Doc("The total number of retries.") Integer numRetries,

            @Doc("The number of retries without a delay.") Integer numNoDelayRetries,

            @Doc("The number of retries with the shortest delay.")
            Integer numMinDelayRetries,

            @Doc("The number of retries with the longest delay.")
            Integer numMaxDelayRetries,

            @Doc("The function by which the delay grows from the shortest to the longest.")
            @Offers({"arithmetic", "exponential", "geometric", "linear"})
            String backoffFunction) {}

    /** A limit on the rate of deliveries. */
    public record ThrottlePolicy(
            @Doc("The maximum number of deliveries per second to one subscription.")
            Integer maxReceivesPerSecond) {}

    /** The headers of the delivery request. */
    public record RequestPolicy(
            @Doc("The content type of the request; AWS's default is text/plain; charset=UTF-8.")
            String headerContentType) {}
}
