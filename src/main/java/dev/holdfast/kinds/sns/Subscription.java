package dev.holdfast.kinds.sns;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.*;
import dev.holdfast.kind.wire.Attributes;
import dev.holdfast.kind.wire.Wire;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A subscription to a topic. Each pair of protocol and endpoint has one subscription.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html">Subscribe</a>
 */
public record Subscription(
        @Doc("The protocol of the delivery. The endpoint must confirm a subscription over http, https and email.")
        @Required
        @Offers({"http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"})
        String protocol,

        @Doc("The endpoint that receives messages: an email address, a URL without credentials, a phone number or an"
                + " ARN.")
        @Required
        String endpoint,

        @Doc("The filter for messages that are delivered; {} is all messages.")
        JsonNode filterPolicy,

        @Doc("The part of a message to which the filter applies.") @Offers({"MessageAttributes", "MessageBody"})
        String filterPolicyScope,

        @Doc("Whether the message is delivered without SNS's JSON envelope; only over sqs, http, https and firehose.")
        Boolean rawMessageDelivery,

        @Doc("The queue for messages that could not be delivered.")
        RedrivePolicy redrivePolicy,

        @Doc("The ARN of the role that SNS uses to deliver to firehose.") @Risk(FieldRisk.PASSED_ROLE)
        String subscriptionRoleArn)
        implements Keyed {

    public Subscription {
        filterPolicy = filterPolicy == null ? null : PolicyDocuments.parse(Specs.canonicalText(filterPolicy));
    }

    private static final Set<String> ATTRIBUTES = Components.<Subscription>namesOf(
            Subscription::filterPolicy,
            Subscription::filterPolicyScope,
            Subscription::rawMessageDelivery,
            Subscription::redrivePolicy,
            Subscription::subscriptionRoleArn);

    /** A dead-letter queue. */
    public record RedrivePolicy(
            @Doc("The ARN of the queue; its policy must allow the topic to send messages.") @Required
            String deadLetterTargetArn) {}

    @Override
    public String key() {
        return key(protocol, endpoint);
    }

    static String key(@Nullable String protocol, @Nullable String endpoint) {
        return protocol + ":" + endpoint;
    }

    /** The attributes that a call can set on the subscription. */
    Map<String, String> attributes() {
        return Attributes.of(this, ATTRIBUTES);
    }

    /** Reads a subscription from SNS's attributes. Absent attributes have their default values. */
    static Subscription of(Map<String, String> attributes) {
        Map<String, String> all = new HashMap<>(Map.of(
                "FilterPolicy",
                "{}",
                "FilterPolicyScope",
                "MessageAttributes",
                "RawMessageDelivery",
                "false",
                "RedrivePolicy",
                "{}"));
        all.putAll(attributes);
        return Wire.read(Subscription.class, Attributes.read(Subscription.class, all), List.of());
    }
}
