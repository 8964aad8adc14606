package dev.holdfast.kinds.sns;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kinds.sns.TopicKind.Spec;
import dev.holdfast.model.Health;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Topic;

/** Reads and changes the subscriptions of a topic. */
final class TopicSubscriptions {
    static final String ARNS = "subscriptionArns";
    private static final String PENDING = "PendingConfirmation";

    private TopicSubscriptions() {}

    /** The subscriptions and their ARNs. A pending subscription has only its protocol and endpoint. */
    static Map<String, ?> read(SnsClient sns, String topicArn) {
        Map<String, Subscription> all = new TreeMap<>();
        Map<String, String> arns = new TreeMap<>();
        for (var s :
                sns.listSubscriptionsByTopicPaginator(r -> r.topicArn(topicArn)).subscriptions()) {
            if (!"Deleted".equals(s.subscriptionArn())) {
                // Only the list returns the protocol and the endpoint of a pending subscription.
                Map<String, String> attributes =
                        new HashMap<>(Map.of("Protocol", s.protocol(), "Endpoint", s.endpoint()));
                if (!PENDING.equals(s.subscriptionArn())) {
                    sns.getSubscriptionAttributes(r -> r.subscriptionArn(s.subscriptionArn()))
                            .attributes()
                            .forEach(attributes::putIfAbsent);
                }
                Subscription subscription = Subscription.of(attributes);
                all.put(subscription.key(), subscription);
                arns.put(subscription.key(), s.subscriptionArn());
            }
        }
        return Map.of("subscriptions", List.copyOf(all.values()), ARNS, arns);
    }

    /** A pending subscription is observed in its desired form, or omitted if it is not desired. */
    static Known<Spec> complete(Known<Spec> known, Topic topic, @Nullable Spec desired) {
        Map<String, String> arns = new TreeMap<>(arns(known));
        Map<String, Subscription> asked = byKey(desired);
        List<Subscription> there = new ArrayList<>();
        byKey(known.spec()).forEach((key, subscription) -> {
            Subscription counts = PENDING.equals(arns.get(key)) ? asked.get(key) : subscription;
            if (counts == null) {
                arns.remove(key);
            } else {
                there.add(counts);
            }
        });
        return known.spec(SpecModel.with(known.spec(), Spec::subscriptions, there))
                .output(ARNS, arns)
                .health(health(arns));
    }

    /** The topic is ready, because it serves all other subscribers while a subscription waits for its confirmation. */
    private static Health health(Map<String, String> arns) {
        String pending = arns.entrySet().stream()
                .filter(e -> e.getValue().equals(PENDING))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(", "));
        return pending.isEmpty()
                ? Health.AVAILABLE
                : new Health(Health.Ready.True, PENDING, "not confirmed yet: " + pending);
    }

    private static Map<String, Subscription> byKey(@Nullable Spec spec) {
        Map<String, Subscription> byKey = new TreeMap<>();
        if (spec != null && spec.subscriptions() != null) {
            spec.subscriptions().forEach(s -> byKey.putIfAbsent(s.key(), s));
        }
        return byKey;
    }

    @SuppressWarnings("unchecked") // the type that read() returns
    private static Map<String, String> arns(Known<Spec> known) {
        return (Map<String, String>) known.outputs().getOrDefault(ARNS, Map.of());
    }

    static void remove(SnsClient sns, Change<Spec> change) {
        change.delta(Spec::subscriptions)
                .removed()
                .forEach(s -> sns.unsubscribe(r -> r.subscriptionArn(arnOf(change, s))));
    }

    static void changeAndAdd(SnsClient sns, Change<Spec> change) {
        Delta<Subscription> delta = change.delta(Spec::subscriptions);
        delta.altered().forEach(s -> alter(sns, change, s));
        delta.added()
                .forEach(s -> sns.subscribe(r -> r.topicArn(change.physicalId())
                        .protocol(s.protocol())
                        .endpoint(s.endpoint())
                        .attributes(s.attributes())
                        .returnSubscriptionArn(true)));
    }

    private static void alter(SnsClient sns, Change<Spec> change, Subscription desired) {
        Subscription observed =
                Objects.requireNonNull(byKey(change.observed().spec()).get(desired.key()));
        Map<String, String> there = observed.attributes();
        String arn = arnOf(change, desired);
        desired.attributes().entrySet().stream()
                .filter(e -> !e.getValue().equals(there.get(e.getKey())))
                // FilterPolicyScope is sent before FilterPolicy, which may be valid only in the new scope.
                .sorted(Map.Entry.<String, String>comparingByKey().reversed())
                .forEach(e -> sns.setSubscriptionAttributes(
                        r -> r.subscriptionArn(arn).attributeName(e.getKey()).attributeValue(e.getValue())));
    }

    private static String arnOf(Change<Spec> change, Subscription subscription) {
        return String.valueOf(arns(change.observed().known()).get(subscription.key()));
    }
}
