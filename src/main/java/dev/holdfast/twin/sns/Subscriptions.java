package dev.holdfast.twin.sns;

import dev.holdfast.twin.store.TwinContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionRequest;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.Subscription;

/**
 * The subscriptions of all topics. What is sent to people and to hosts waits for them to confirm it, and is forgotten if
 * they do not within two days.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html">Subscribe</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html">Deleting a subscription</a>
 */
final class Subscriptions {
    private static final Duration PATIENCE = Duration.ofHours(48);
    private static final Set<String> ASKED = Set.of("http", "https", "email", "email-json");

    /** What an endpoint of each protocol looks like. */
    private static final Map<String, Pattern> ENDPOINTS = Map.of(
            "http", Pattern.compile("http://.+"),
            "https", Pattern.compile("https://.+"),
            "email", Pattern.compile("[^@\\s]+@[^@\\s]+"),
            "email-json", Pattern.compile("[^@\\s]+@[^@\\s]+"),
            "sms", Pattern.compile("\\+?[0-9 ().-]+"),
            "sqs", Pattern.compile("arn:[a-z-]+:sqs:.+"),
            "lambda", Pattern.compile("arn:[a-z-]+:lambda:.+"),
            "firehose", Pattern.compile("arn:[a-z-]+:firehose:.+"),
            "application", Pattern.compile("arn:[a-z-]+:sns:.+:endpoint/.+"));

    private static final Set<String> ATTRIBUTES = Set.of(
            "DeliveryPolicy",
            "FilterPolicy",
            "FilterPolicyScope",
            "RawMessageDelivery",
            "RedrivePolicy",
            "SubscriptionRoleArn");

    private final TwinContext context;
    private final List<SubscriptionState> all = new ArrayList<>();

    Subscriptions(TwinContext context) {
        this.context = context;
    }

    List<SubscriptionState> of(String topicArn) {
        all.removeIf(s -> s.pending() && !context.now().isBefore(s.since.plus(PATIENCE)));
        return all.stream().filter(s -> s.topicArn.equals(topicArn)).toList();
    }

    List<SubscriptionState> all() {
        of("");
        return List.copyOf(all);
    }

    /** Subscribing again what is subscribed gives what there is, or asks the endpoint again. */
    SubscriptionState subscribe(SubscribeRequest r) {
        Pattern form = ENDPOINTS.get(String.valueOf(r.protocol()));
        if (form == null) {
            throw SnsErrors.invalid("Amazon SNS does not support this protocol string: " + r.protocol());
        }
        String endpoint = String.valueOf(r.endpoint());
        if (!form.matcher(endpoint).matches()) {
            throw SnsErrors.invalid(
                    r.protocol().startsWith("email")
                            ? "Email address"
                            : r.protocol().startsWith("http")
                                    ? "Endpoint must match the specified protocol"
                                    : "Endpoint Reason: " + r.protocol() + " endpoint ARN");
        }
        r.attributes().forEach((name, value) -> checkAttribute(r.protocol(), name, value));
        SubscriptionState there = of(r.topicArn()).stream()
                .filter(s -> s.protocol.equals(r.protocol()) && s.endpoint.equals(endpoint))
                .findFirst()
                .orElse(null);
        if (there != null) {
            if (!there.pending()
                    && !r.attributes().entrySet().stream()
                            .allMatch(e -> e.getValue().equals(shown(there).get(e.getKey())))) {
                throw SnsErrors.invalid("Attributes Reason: Subscription already exists with different attributes");
            }
            return there;
        }
        SubscriptionState made = new SubscriptionState(
                r.topicArn() + ":" + uuid(),
                r.topicArn(),
                r.protocol(),
                endpoint,
                context.now(),
                ASKED.contains(r.protocol()) ? context.hex(64) : null);
        made.attributes.putAll(r.attributes());
        all.add(made);
        return made;
    }

    private String uuid() {
        return context.hex(8) + "-" + context.hex(4) + "-" + context.hex(4) + "-" + context.hex(4) + "-"
                + context.hex(12);
    }

    private static void checkAttribute(String protocol, @Nullable String name, @Nullable String value) {
        if (name == null || !ATTRIBUTES.contains(name)) {
            throw SnsErrors.invalid("AttributeName");
        }
        if (name.equals("FilterPolicyScope")
                && !Set.of("MessageAttributes", "MessageBody").contains(String.valueOf(value))) {
            throw SnsErrors.invalid("FilterPolicyScope: Invalid value [" + value
                    + "]. Please use either MessageBody or MessageAttributes");
        }
        if (name.equals("RawMessageDelivery")
                && "true".equals(value)
                && !Set.of("sqs", "http", "https", "firehose").contains(protocol)) {
            throw SnsErrors.invalid(
                    "Attributes Reason: Delivery protocol [" + protocol + "] does not support raw message delivery.");
        }
    }

    SubscriptionState confirm(ConfirmSubscriptionRequest r) {
        SubscriptionState found = of(String.valueOf(r.topicArn())).stream()
                .filter(s -> s.token != null && s.token.equals(r.token()))
                .findFirst()
                .orElseThrow(() -> SnsErrors.invalid("Token"));
        found.token = null;
        return found;
    }

    /** One that is not confirmed has no ARN that anybody could name. */
    SubscriptionState get(@Nullable String arn) {
        String text = String.valueOf(arn);
        int parts = text.split(":", -1).length;
        if (parts < 6) {
            throw SnsErrors.invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not " + parts);
        }
        return all().stream().filter(s -> s.arn.equals(text)).findFirst().orElseThrow(SnsErrors::noSubscription);
    }

    void set(SubscriptionState subscription, @Nullable String name, @Nullable String value) {
        boolean taken = value == null || value.isEmpty();
        checkAttribute(subscription.protocol, name, taken ? "MessageAttributes" : value);
        if (taken) {
            subscription.attributes.remove(name);
        } else {
            subscription.attributes.put(Objects.requireNonNull(name), value);
        }
    }

    /** Idempotent, as in SNS; but not of what waits for its confirmation. */
    void remove(@Nullable String arn) {
        String text = String.valueOf(arn);
        int parts = text.split(":", -1).length;
        if (parts < 6) {
            throw SnsErrors.invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not " + parts);
        }
        all.removeIf(s -> s.arn.equals(text) && !s.pending());
    }

    void removeOf(String topicArn) {
        all.removeIf(s -> s.topicArn.equals(topicArn));
    }

    Map<String, String> shown(SubscriptionState s) {
        Map<String, String> shown = new TreeMap<>();
        shown.put("SubscriptionArn", s.arn);
        shown.put("TopicArn", s.topicArn);
        shown.put("Protocol", s.protocol);
        shown.put("Endpoint", s.endpoint);
        shown.put("Owner", context.account());
        shown.put("SubscriptionPrincipal", "arn:aws:iam::" + context.account() + ":root");
        shown.put("RawMessageDelivery", "false");
        shown.put("PendingConfirmation", Boolean.toString(s.pending()));
        shown.put("ConfirmationWasAuthenticated", Boolean.toString(!ASKED.contains(s.protocol)));
        if (s.attributes.containsKey("FilterPolicy")) {
            shown.put("FilterPolicyScope", "MessageAttributes");
        }
        shown.putAll(s.attributes);
        return shown;
    }

    Subscription listed(SubscriptionState s) {
        return Subscription.builder()
                .subscriptionArn(s.shownArn())
                .topicArn(s.topicArn)
                .protocol(s.protocol)
                .endpoint(s.endpoint)
                .owner(context.account())
                .build();
    }
}
