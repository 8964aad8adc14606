package dev.holdfast.twin.sns;

import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTable;
import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionRequest;
import software.amazon.awssdk.services.sns.model.ConfirmSubscriptionResponse;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.CreateTopicResponse;
import software.amazon.awssdk.services.sns.model.DeleteTopicRequest;
import software.amazon.awssdk.services.sns.model.DeleteTopicResponse;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.GetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsByTopicResponse;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsRequest;
import software.amazon.awssdk.services.sns.model.ListSubscriptionsResponse;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceRequest;
import software.amazon.awssdk.services.sns.model.ListTagsForResourceResponse;
import software.amazon.awssdk.services.sns.model.ListTopicsRequest;
import software.amazon.awssdk.services.sns.model.ListTopicsResponse;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;
import software.amazon.awssdk.services.sns.model.PublishResponse;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetSubscriptionAttributesResponse;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesRequest;
import software.amazon.awssdk.services.sns.model.SetTopicAttributesResponse;
import software.amazon.awssdk.services.sns.model.SubscribeRequest;
import software.amazon.awssdk.services.sns.model.SubscribeResponse;
import software.amazon.awssdk.services.sns.model.Subscription;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.TagResourceRequest;
import software.amazon.awssdk.services.sns.model.TagResourceResponse;
import software.amazon.awssdk.services.sns.model.Topic;
import software.amazon.awssdk.services.sns.model.UnsubscribeRequest;
import software.amazon.awssdk.services.sns.model.UnsubscribeResponse;
import software.amazon.awssdk.services.sns.model.UntagResourceRequest;
import software.amazon.awssdk.services.sns.model.UntagResourceResponse;

/** The twin of SNS, as far as alarms and the operator's own alerts need it. Nothing is delivered; it is kept to be looked at. */
public final class TwinSns implements SnsClient, TwinService {
    private static final int PAGE = 100;

    /** What was published, and where. */
    public record Message(
            String topicArn, @Nullable String subject, String text, Map<String, MessageAttributeValue> attributes) {}

    private final TwinContext context;
    private final TwinTable<TopicState> topics;
    private final Subscriptions subscriptions;
    private final List<Message> published = new ArrayList<>();

    public TwinSns(TwinContext context) {
        this.context = context;
        this.topics = new TwinTable<>(context);
        this.subscriptions = new Subscriptions(context);
    }

    /** Everything that was ever published, in order. */
    public List<Message> published() {
        return List.copyOf(published);
    }

    /** What of it a subscription's endpoint would have been sent, filtered as the subscription says now. */
    public List<Message> publishedTo(String subscriptionArn) {
        SubscriptionState subscription = subscriptions.get(subscriptionArn);
        FilterPolicy policy = subscription.filter();
        return published.stream()
                .filter(m -> m.topicArn().equals(subscription.topicArn))
                .filter(m -> policy.accepts(m.attributes()))
                .toList();
    }

    /** The token that a subscription's endpoint was sent, for it to confirm with; null where there is nothing to confirm. */
    public @Nullable String tokenSentTo(String topicArn, String endpoint) {
        return subscriptions.of(topicArn).stream()
                .filter(s -> s.endpoint.equals(endpoint))
                .map(s -> s.token)
                .findFirst()
                .orElse(null);
    }

    /** Gives the ARN of what there is, unless it was made with other attributes or tags. */
    @Override
    public CreateTopicResponse createTopic(CreateTopicRequest r) {
        boolean fifo = "true".equals(r.attributes().get("FifoTopic"));
        TopicRules.checkName(r.name(), fifo);
        TopicState fresh = new TopicState(r.name(), context.arn("sns", r.name()));
        if (fifo) {
            fresh.attributes.put("FifoTopic", "true");
        }
        Map<String, String> wanted = new TreeMap<>(r.attributes());
        wanted.remove("FifoTopic");
        wanted.forEach((name, value) -> TopicRules.checkAttribute(fresh, name, value));
        put(fresh, r.tags());
        TopicState there = topics.get(r.name());
        if (there != null) {
            checkSame(there, wanted, r.tags());
            return CreateTopicResponse.builder().topicArn(there.arn).build();
        }
        wanted.forEach((name, value) -> TopicRules.set(fresh, name, value));
        topics.put(fresh.name, fresh);
        return CreateTopicResponse.builder().topicArn(fresh.arn).build();
    }

    private void checkSame(TopicState there, Map<String, String> wanted, List<Tag> tags) {
        Map<String, String> shown = TopicRules.shown(there, context.account(), List.of());
        if (!wanted.entrySet().stream().allMatch(e -> e.getValue().equals(shown.getOrDefault(e.getKey(), "")))) {
            throw SnsErrors.invalid("Attributes Reason: Topic already exists with different attributes");
        }
        if (!tags.stream().allMatch(t -> t.value().equals(there.tags.get(t.key())))) {
            throw SnsErrors.invalid("Tags Reason: Topic already exists with different tags");
        }
    }

    @Override
    public DeleteTopicResponse deleteTopic(DeleteTopicRequest r) {
        TopicState topic = topics.visible(name(r.topicArn()));
        if (topic != null) {
            topics.remove(topic.name);
            subscriptions.removeOf(topic.arn);
        }
        return DeleteTopicResponse.builder().build();
    }

    @Override
    public ListTopicsResponse listTopics(ListTopicsRequest r) {
        List<TopicState> all = topics.visible().stream()
                .sorted(Comparator.comparing((TopicState t) -> t.arn))
                .toList();
        TwinContext.Page<TopicState> page = context.page(all, r.nextToken(), PAGE, null);
        return ListTopicsResponse.builder()
                .topics(page.items().stream()
                        .map(t -> Topic.builder().topicArn(t.arn).build())
                        .toList())
                .nextToken(page.next())
                .build();
    }

    @Override
    public GetTopicAttributesResponse getTopicAttributes(GetTopicAttributesRequest r) {
        TopicState topic = seen(r.topicArn());
        return GetTopicAttributesResponse.builder()
                .attributes(TopicRules.shown(topic, context.account(), subscriptions.of(topic.arn)))
                .build();
    }

    @Override
    public SetTopicAttributesResponse setTopicAttributes(SetTopicAttributesRequest r) {
        TopicState topic = seen(r.topicArn());
        TopicRules.checkAttribute(topic, r.attributeName(), r.attributeValue());
        TopicRules.set(topic, r.attributeName(), r.attributeValue());
        return SetTopicAttributesResponse.builder().build();
    }

    @Override
    public SubscribeResponse subscribe(SubscribeRequest r) {
        TopicState topic = seen(r.topicArn());
        if (topic.fifo() && !"sqs".equals(r.protocol())) {
            throw SnsErrors.invalid("Invalid protocol type: " + r.protocol());
        }
        SubscriptionState made = subscriptions.subscribe(r);
        boolean tell = !made.pending() || Boolean.TRUE.equals(r.returnSubscriptionArn());
        return SubscribeResponse.builder()
                .subscriptionArn(tell ? made.arn : "pending confirmation")
                .build();
    }

    @Override
    public ConfirmSubscriptionResponse confirmSubscription(ConfirmSubscriptionRequest r) {
        seen(r.topicArn());
        return ConfirmSubscriptionResponse.builder()
                .subscriptionArn(subscriptions.confirm(r).arn)
                .build();
    }

    @Override
    public UnsubscribeResponse unsubscribe(UnsubscribeRequest r) {
        subscriptions.remove(r.subscriptionArn());
        return UnsubscribeResponse.builder().build();
    }

    @Override
    public ListSubscriptionsResponse listSubscriptions(ListSubscriptionsRequest r) {
        TwinContext.Page<Subscription> page = page(subscriptions.all(), r.nextToken());
        return ListSubscriptionsResponse.builder()
                .subscriptions(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    public ListSubscriptionsByTopicResponse listSubscriptionsByTopic(ListSubscriptionsByTopicRequest r) {
        TwinContext.Page<Subscription> page = page(subscriptions.of(seen(r.topicArn()).arn), r.nextToken());
        return ListSubscriptionsByTopicResponse.builder()
                .subscriptions(page.items())
                .nextToken(page.next())
                .build();
    }

    private TwinContext.Page<Subscription> page(List<SubscriptionState> all, @Nullable String token) {
        return context.page(all.stream().map(subscriptions::listed).toList(), token, PAGE, null);
    }

    @Override
    public GetSubscriptionAttributesResponse getSubscriptionAttributes(GetSubscriptionAttributesRequest r) {
        return GetSubscriptionAttributesResponse.builder()
                .attributes(subscriptions.shown(subscriptions.get(r.subscriptionArn())))
                .build();
    }

    @Override
    public SetSubscriptionAttributesResponse setSubscriptionAttributes(SetSubscriptionAttributesRequest r) {
        subscriptions.set(subscriptions.get(r.subscriptionArn()), r.attributeName(), r.attributeValue());
        return SetSubscriptionAttributesResponse.builder().build();
    }

    @Override
    public PublishResponse publish(PublishRequest r) {
        TopicState topic = seen(r.topicArn() == null ? r.targetArn() : r.topicArn());
        MessageRules.check(r);
        published.add(new Message(topic.arn, r.subject(), r.message(), Map.copyOf(r.messageAttributes())));
        return PublishResponse.builder().messageId(context.hex(32)).build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return ListTagsForResourceResponse.builder()
                .tags(TwinTags.list(
                        tagged(r.resourceArn()).tags,
                        (k, v) -> Tag.builder().key(k).value(v).build()))
                .build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        put(tagged(r.resourceArn()), r.tags());
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        tagged(r.resourceArn()).tags.keySet().removeAll(r.tagKeys());
        return UntagResourceResponse.builder().build();
    }

    private static void put(TopicState topic, List<Tag> tags) {
        Map<String, String> more = new TreeMap<>();
        tags.forEach(t -> more.put(t.key(), t.value()));
        if (more.size() < tags.size()) {
            throw SnsErrors.invalid("Duplicated keys are not allowed.");
        }
        TwinTags.put(
                topic.tags,
                more,
                SnsErrors::tooManyTags,
                () -> SnsErrors.invalid("Tags Reason: aws: prefixed tag key names are not allowed for external use."));
    }

    private TopicState seen(@Nullable String arn) {
        TopicState topic = topics.visible(name(arn));
        if (topic == null) {
            throw SnsErrors.noTopic();
        }
        return topic;
    }

    private TopicState tagged(@Nullable String arn) {
        TopicState topic = topics.visible(name(arn));
        if (topic == null) {
            throw SnsErrors.noResource();
        }
        return topic;
    }

    /** A topic elsewhere has a name that nothing here has. */
    private String name(@Nullable String arn) {
        String text = String.valueOf(arn);
        int parts = text.split(":", -1).length;
        if (parts < 6) {
            throw SnsErrors.invalid("TopicArn Reason: An ARN must have at least 6 elements, not " + parts);
        }
        String prefix = context.arn("sns", "");
        return text.startsWith(prefix) ? text.substring(prefix.length()) : text;
    }

    @Override
    public List<TwinItem> inventory() {
        return topics.all().stream()
                .map(t -> new TwinItem(
                        "sns",
                        t.name,
                        t.arn,
                        Map.copyOf(t.tags),
                        TopicRules.shown(t, context.account(), subscriptions.of(t.arn))
                                + subscriptions.of(t.arn).stream()
                                        .map(subscriptions::shown)
                                        .toList()
                                        .toString()))
                .toList();
    }
}
