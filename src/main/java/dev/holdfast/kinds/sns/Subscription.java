package dev.holdfast.kinds.sns;

import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Specs;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who is told what a topic is told; one for each protocol and endpoint.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html">Subscribe</a>
 */
public record Subscription(
        @Doc("How it is delivered. Over http, https and email somebody has to confirm it.") @Required @Nullable
        Protocol protocol,

        @Doc("Where it is delivered to: an address, a URL without credentials, a number or an ARN.") @Required @Nullable
        String endpoint,

        @Doc("Which messages are delivered; {} is all.") @Nullable
        JsonNode filterPolicy,

        @Doc("What the filter looks at.") @Nullable FilterPolicyScope filterPolicyScope,

        @Doc("Whether the message is delivered bare; over sqs, http, https and firehose.") @Nullable
        Boolean rawMessageDelivery,

        @Doc("Where messages go that could not be delivered.") @Nullable
        RedrivePolicy redrivePolicy,

        @Doc("The role that delivers to firehose.") @Nullable
        String subscriptionRoleArn)
        implements Keyed {

    public Subscription {
        filterPolicy = filterPolicy == null ? null : PolicyDocuments.parse(Specs.canonicalText(filterPolicy));
    }

    public enum Protocol {
        http,
        https,
        email,
        email_json,
        sms,
        sqs,
        application,
        lambda,
        firehose;

        @JsonValue
        @Override
        public String toString() {
            return name().replace('_', '-');
        }
    }

    public enum FilterPolicyScope {
        MessageAttributes,
        MessageBody
    }

    /** A queue for what could not be delivered. */
    public record RedrivePolicy(
            @Doc("The queue's ARN; its policy must let the topic send.") @Required @Nullable
            String deadLetterTargetArn) {}

    @Override
    public String key() {
        return key(String.valueOf(protocol), String.valueOf(endpoint));
    }

    static String key(String protocol, String endpoint) {
        return protocol + ":" + endpoint;
    }

    /** What is said of it, by the names that SNS gives its attributes. */
    Map<String, String> attributes() {
        Map<String, String> all = new TreeMap<>();
        put(all, "FilterPolicy", filterPolicy);
        put(all, "FilterPolicyScope", filterPolicyScope);
        put(all, "RawMessageDelivery", rawMessageDelivery);
        put(all, "RedrivePolicy", redrivePolicy == null ? null : Specs.canonicalText(Specs.json(redrivePolicy)));
        put(all, "SubscriptionRoleArn", subscriptionRoleArn);
        return all;
    }

    private static void put(Map<String, String> all, String name, @Nullable Object value) {
        if (value != null) {
            all.put(name, value.toString());
        }
    }

    /** As SNS answers it. */
    static Subscription of(Map<String, String> attributes) {
        return new Subscription(
                Stream.of(Protocol.values())
                        .filter(p -> p.toString().equals(attributes.get("Protocol")))
                        .findFirst()
                        .orElse(null),
                attributes.get("Endpoint"),
                PolicyDocuments.parse(Objects.requireNonNullElse(attributes.get("FilterPolicy"), "{}")),
                attributes.containsKey("FilterPolicyScope")
                        ? FilterPolicyScope.valueOf(attributes.get("FilterPolicyScope"))
                        : FilterPolicyScope.MessageAttributes,
                Boolean.valueOf(attributes.get("RawMessageDelivery")),
                attributes.containsKey("RedrivePolicy")
                        ? Specs.read(RedrivePolicy.class, PolicyDocuments.parse(attributes.get("RedrivePolicy")))
                        : new RedrivePolicy(null),
                attributes.get("SubscriptionRoleArn"));
    }
}
