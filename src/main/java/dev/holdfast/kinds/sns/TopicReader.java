package dev.holdfast.kinds.sns;

import dev.holdfast.aws.Partitions;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.Wanted;
import dev.holdfast.kinds.sns.TopicKind.Spec;
import dev.holdfast.model.Health;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.NotFoundException;
import software.amazon.awssdk.services.sns.model.Tag;

/**
 * Reads topics one by one: a stack has few, and a list of them gives nothing but ARNs. What everything may publish to is read
 * at every pass; who is told, and the tags where the index does not have them, now and then.
 */
final class TopicReader {
    static final String SUBSCRIPTION_ARNS = "subscriptionArns";
    private static final String TYPE = "sns";
    private static final String PENDING = "PendingConfirmation";

    private final Scope<Spec> scope;
    private final SnsClient sns;

    /** The desired ones, by ARN. */
    private final Map<String, Wanted<Spec>> wanted = new LinkedHashMap<>();

    TopicReader(Scope<Spec> scope) {
        this.scope = scope;
        this.sns = scope.client(SnsClient.class);
        for (Wanted<Spec> w : scope.wanted()) {
            if (w.physicalId() != null) {
                wanted.put(w.physicalId(), w);
            }
            if (w.physicalName() != null && !Unresolved.is(w.physicalName())) {
                wanted.put(arn(w.physicalName()), w);
            }
        }
    }

    /** A topic's ARN is its name, so that a name is enough to read it by. */
    private String arn(String name) {
        String region = scope.clients().region();
        return "arn:" + Partitions.id(region) + ":sns:" + region + ":"
                + scope.stack().account() + ":" + name;
    }

    private record Found(String arn, Map<String, String> attributes) {
        String name() {
            return arn.substring(arn.lastIndexOf(':') + 1);
        }
    }

    List<Observation<Spec>> read() {
        Set<String> arns = new LinkedHashSet<>(wanted.keySet());
        if (scope.sweep()) {
            arns.addAll(scope.tagged(TYPE).keySet());
        }
        return scope.each(
                arns,
                this::identify,
                (arn, identity) -> attributes(arn)
                        .map(attributes -> known(new Found(arn, attributes), identity))
                        .orElse(null));
    }

    /** Says whose it would be, for the case that the rest cannot be read. */
    private Identity identify(String arn) {
        Wanted<Spec> w = wanted.get(arn);
        return Identity.of(arn).named(arn.substring(arn.lastIndexOf(':') + 1)).belongingTo(w == null ? null : w.id());
    }

    private Optional<Map<String, String>> attributes(String arn) {
        try {
            return Optional.of(sns.getTopicAttributes(r -> r.topicArn(arn)).attributes());
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    private Known<Spec> known(Found found, Identity identity) {
        Wanted<Spec> w = wanted.get(found.arn());
        Spec desired = w == null ? null : w.desired();
        Map<String, String> tags = scope.tags(
                TYPE,
                found.arn(),
                found.arn(),
                desired == null ? null : desired.tags(),
                () -> sns.listTagsForResource(r -> r.resourceArn(found.arn())).tags().stream()
                        .collect(Collectors.toMap(Tag::key, Tag::value)));
        Map<String, Listed> listed = scope.slow(found.arn(), "subscriptions", () -> subscriptions(found.arn()));
        List<Subscription> subscriptions = subscriptions(listed, desired);
        Map<String, String> arns = new TreeMap<>();
        subscriptions.forEach(s ->
                arns.put(s.key(), Objects.requireNonNull(listed.get(s.key())).arn()));
        return Known.of(
                        identity.belongingTo(null).tagged(tags),
                        TopicForm.spec(found.name(), found.attributes(), subscriptions, tags))
                .output("arn", found.arn())
                .output("name", found.name())
                .output(SUBSCRIPTION_ARNS, arns)
                .health(health(arns));
    }

    /** @param confirmed null while it is not: then nobody can ask what it is like */
    private record Listed(String arn, @Nullable Subscription confirmed) {}

    private Map<String, Listed> subscriptions(String topicArn) {
        Map<String, Listed> all = new TreeMap<>();
        sns.listSubscriptionsByTopicPaginator(r -> r.topicArn(topicArn)).subscriptions().stream()
                .filter(s -> !"Deleted".equals(s.subscriptionArn()))
                .forEach(s -> all.put(Subscription.key(s.protocol(), s.endpoint()), listed(s)));
        return all;
    }

    /** SNS knows protocol and endpoint by the list, which is the only place where a pending one has them. */
    private Listed listed(software.amazon.awssdk.services.sns.model.Subscription s) {
        if (PENDING.equals(s.subscriptionArn())) {
            return new Listed(PENDING, null);
        }
        Map<String, String> attributes =
                new HashMap<>(sns.getSubscriptionAttributes(r -> r.subscriptionArn(s.subscriptionArn()))
                        .attributes());
        attributes.put("Protocol", s.protocol());
        attributes.put("Endpoint", s.endpoint());
        return new Listed(s.subscriptionArn(), Subscription.of(attributes));
    }

    /** A pending one is as it was asked for, and where nobody asked here, nobody's. */
    private static List<Subscription> subscriptions(Map<String, Listed> listed, @Nullable Spec desired) {
        Map<String, Subscription> asked = desired == null || desired.subscriptions() == null
                ? Map.of()
                : desired.subscriptions().stream().collect(Collectors.toMap(Subscription::key, s -> s, (a, b) -> a));
        return listed.entrySet().stream()
                .map(e -> e.getValue().confirmed() == null
                        ? asked.get(e.getKey())
                        : e.getValue().confirmed())
                .filter(Objects::nonNull)
                .toList();
    }

    /** It works for all the others, so nothing has to wait for people to read their mail. */
    private static Health health(Map<String, String> arns) {
        List<String> pending = arns.entrySet().stream()
                .filter(e -> e.getValue().equals(PENDING))
                .map(Map.Entry::getKey)
                .toList();
        return pending.isEmpty()
                ? Health.AVAILABLE
                : new Health(Health.Ready.True, PENDING, "not confirmed yet: " + String.join(", ", pending));
    }
}
