package dev.holdfast.twin.sns;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TwinContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
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
 * The subscriptions of all topics. A subscription of a person or a host waits for its confirmation. SNS deletes it if
 * the confirmation takes longer than two days.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html">Subscribe</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html">Deleting a subscription</a>
 */
final class Subscriptions {
    private static final String PENDING = "PendingConfirmation";
    private static final Duration PATIENCE = Duration.ofHours(48);
    private static final Set<String> ASKED = Set.of("http", "https", "email", "email-json");

    /** The format of an endpoint, by protocol. */
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
    private final ResourceStore<Subscription, Subscription.Builder> store;
    /** The tokens of unconfirmed subscriptions, by ARN. SNS sends a token to the endpoint only. */
    private final Map<String, String> tokens = new HashMap<>();

    Subscriptions(TwinContext context) {
        this.context = context;
        this.store = context.store(Subscription::builder, Subscription::subscriptionArn)
                .missing(arn -> TwinSns.noSuch("Subscription"));
    }

    /** @param topicArn null selects all topics */
    List<StoredResource<Subscription>> of(@Nullable String topicArn) {
        List<StoredResource<Subscription>> found = new ArrayList<>();
        for (Subscription s : store.all()) {
            StoredResource<Subscription> stored = store.stored(s.subscriptionArn());
            if (token(stored) != null
                    && !context.now().isBefore(stored.createdAt().plus(PATIENCE))) {
                forget(stored.id());
            } else if (topicArn == null || topicArn.equals(s.topicArn())) {
                found.add(stored);
            }
        }
        return found;
    }

    /** The token; null after the confirmation. */
    @Nullable
    String token(StoredResource<Subscription> subscription) {
        return tokens.get(subscription.id());
    }

    /** For each subscription of a topic, whether it still waits for its confirmation. */
    List<Boolean> pendingOf(String topicArn) {
        return of(topicArn).stream().map(s -> token(s) != null).toList();
    }

    private void forget(String arn) {
        store.remove(arn);
        tokens.remove(arn);
    }

    /** A second request for the same endpoint returns the existing subscription. */
    StoredResource<Subscription> subscribe(SubscribeRequest r) {
        Pattern form = ENDPOINTS.get(String.valueOf(r.protocol()));
        if (form == null) {
            throw TwinSns.invalid("Amazon SNS does not support this protocol string: " + r.protocol());
        }
        String endpoint = String.valueOf(r.endpoint());
        if (!form.matcher(endpoint).matches()) {
            throw TwinSns.invalid(
                    r.protocol().startsWith("email")
                            ? "Email address"
                            : r.protocol().startsWith("http")
                                    ? "Endpoint must match the specified protocol"
                                    : "Endpoint Reason: " + r.protocol() + " endpoint ARN");
        }
        r.attributes().forEach((name, value) -> checkAttribute(r.protocol(), name, value));
        StoredResource<Subscription> there = of(r.topicArn()).stream()
                .filter(s -> s.shape().protocol().equals(r.protocol())
                        && s.shape().endpoint().equals(endpoint))
                .findFirst()
                .orElse(null);
        if (there != null) {
            if (token(there) == null
                    && !attributes(there).entrySet().containsAll(r.attributes().entrySet())) {
                throw TwinSns.invalid("Attributes Reason: Subscription already exists with different attributes");
            }
            return there;
        }
        StoredResource<Subscription> made = store.put(SdkShapes.copy(r, Subscription.builder())
                .subscriptionArn(r.topicArn() + ":" + context.uuid())
                .owner(context.account())
                .build());
        if (ASKED.contains(r.protocol())) {
            tokens.put(made.id(), context.hex(64));
        }
        made.attributes().putAll(r.attributes());
        return made;
    }

    private static void checkAttribute(String protocol, @Nullable String name, @Nullable String value) {
        if (name == null || !ATTRIBUTES.contains(name)) {
            throw TwinSns.invalid("AttributeName");
        }
        if (name.equals("FilterPolicyScope")
                && !Set.of("MessageAttributes", "MessageBody").contains(String.valueOf(value))) {
            throw TwinSns.invalid("FilterPolicyScope: Invalid value [" + value
                    + "]. Please use either MessageBody or MessageAttributes");
        }
        if (name.equals("RawMessageDelivery")
                && "true".equals(value)
                && !Set.of("sqs", "http", "https", "firehose").contains(protocol)) {
            throw TwinSns.invalid(
                    "Attributes Reason: Delivery protocol [" + protocol + "] does not support raw message delivery.");
        }
    }

    /** @return the ARN of the subscription */
    String confirm(ConfirmSubscriptionRequest r) {
        String arn = of(String.valueOf(r.topicArn())).stream()
                .filter(s -> r.token() != null && r.token().equals(token(s)))
                .map(StoredResource::id)
                .findFirst()
                .orElseThrow(() -> TwinSns.invalid("Token"));
        tokens.remove(arn);
        return arn;
    }

    StoredResource<Subscription> get(@Nullable String arn) {
        checkArn(arn);
        of(null);
        return store.stored(arn);
    }

    private static void checkArn(@Nullable String arn) {
        int parts = String.valueOf(arn).split(":", -1).length;
        if (parts < 6) {
            throw TwinSns.invalid("SubscriptionArn Reason: An ARN must have at least 6 elements, not " + parts);
        }
    }

    void set(StoredResource<Subscription> subscription, @Nullable String name, @Nullable String value) {
        boolean taken = value == null || value.isEmpty();
        checkAttribute(subscription.shape().protocol(), name, taken ? "MessageAttributes" : value);
        if (taken) {
            subscription.attributes().remove(name);
        } else {
            subscription.attributes().put(Objects.requireNonNull(name), value);
        }
    }

    /** The removal of a missing subscription succeeds; an unconfirmed subscription stays. */
    void remove(@Nullable String arn) {
        checkArn(arn);
        if (!tokens.containsKey(String.valueOf(arn))) {
            store.remove(arn);
        }
    }

    void removeOf(String topicArn) {
        of(topicArn).forEach(s -> forget(s.id()));
    }

    Map<String, String> attributes(StoredResource<Subscription> stored) {
        Subscription s = stored.shape();
        Map<String, String> shown = new TreeMap<>();
        shown.put("SubscriptionArn", s.subscriptionArn());
        shown.put("TopicArn", s.topicArn());
        shown.put("Protocol", s.protocol());
        shown.put("Endpoint", s.endpoint());
        shown.put("Owner", context.account());
        shown.put("SubscriptionPrincipal", "arn:aws:iam::" + context.account() + ":root");
        shown.put("RawMessageDelivery", "false");
        shown.put("PendingConfirmation", Boolean.toString(token(stored) != null));
        shown.put("ConfirmationWasAuthenticated", Boolean.toString(!ASKED.contains(s.protocol())));
        if (stored.attributes().containsKey("FilterPolicy")) {
            shown.put("FilterPolicyScope", "MessageAttributes");
        }
        shown.putAll(stored.attributes());
        return shown;
    }

    /**
     * The subscriptions as lists return them, without an ARN until the confirmation. @param topicArn null selects all
     * topics
     */
    List<Subscription> listed(@Nullable String topicArn) {
        return of(topicArn).stream()
                .map(s -> token(s) == null
                        ? s.shape()
                        : s.shape().toBuilder().subscriptionArn(PENDING).build())
                .toList();
    }
}
