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
 * Who is told what a topic is told; one for each protocol and endpoint.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html">Subscribe</a>
 */
public record Subscription(
        @Doc("How it is delivered. Over http, https and email somebody has to confirm it.")
        @Required
        @Offers({"http", "https", "email", "email-json", "sms", "sqs", "application", "lambda", "firehose"})
        String protocol,

        @Doc("Where it is delivered to: an address, a URL without credentials, a number or an ARN.") @Required
        String endpoint,

        @Doc("Which messages are delivered; {} is all.") JsonNode filterPolicy,

        @Doc("What the filter looks at.") @Offers({"MessageAttributes", "MessageBody"})
        String filterPolicyScope,

        @Doc("Whether the message is delivered bare; over sqs, http, https and firehose.")
        Boolean rawMessageDelivery,

        @Doc("Where messages go that could not be delivered.")
        RedrivePolicy redrivePolicy,

        @Doc("The role that delivers to firehose.") @Risk(FieldRisk.PASSED_ROLE)
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

    /** A queue for what could not be delivered. */
    public record RedrivePolicy(
            @Doc("The queue's ARN; its policy must let the topic send.") @Required
            String deadLetterTargetArn) {}

    @Override
    public String key() {
        return key(protocol, endpoint);
    }

    static String key(@Nullable String protocol, @Nullable String endpoint) {
        return protocol + ":" + endpoint;
    }

    /** The attributes that a call can set. */
    Map<String, String> attributes() {
        return Attributes.of(this, ATTRIBUTES);
    }

    /** A subscription as SNS describes it: absent attributes have their defaults. */
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
