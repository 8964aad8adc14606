package dev.holdfast.twin.sns;

import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.shortened;

import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.*;

/**
 * The twin of SNS, with the calls that alarms and the operator's alerts need. It delivers no messages, and keeps them
 * for tests.
 */
public final class TwinSns implements SnsClient, TwinService {
    private static final int PAGE = 100;

    /** A published message and the topic that it was published to. */
    public record Message(
            String topicArn, @Nullable String subject, String text, Map<String, MessageAttributeValue> attributes) {}

    private final TwinContext context;
    private final ResourceStore<Topic, Topic.Builder> topics;
    private final Subscriptions subscriptions;
    private final List<Message> published = new ArrayList<>();

    public TwinSns(TwinContext context) {
        this.context = context;
        this.subscriptions = new Subscriptions(context);
        this.topics = context.store(Topic::builder, Topic::topicArn)
                .type("sns")
                .pages(PAGE)
                .missing(arn -> noSuch("Topic"))
                .detail(topic -> attributes(topic)
                        + subscriptions.of(topic.id()).stream()
                                .map(subscriptions::attributes)
                                .toList()
                                .toString())
                .tagRules(TagRules.of(
                        () -> shortened(
                                TagLimitExceededException.builder(),
                                "Could not complete request: tag quota of per resource exceeded"),
                        key -> invalid("Tags Reason: aws: prefixed tag key names are not allowed for external use.")));
    }

    static AwsServiceException invalid(String parameter) {
        return shortened(InvalidParameterException.builder(), "Invalid parameter: " + parameter);
    }

    static AwsServiceException noSuch(String type) {
        return shortened(NotFoundException.builder(), 404, type + " does not exist");
    }

    /** All published messages, in order. */
    public List<Message> published() {
        return List.copyOf(published);
    }

    /** The published messages for a subscription's endpoint, filtered by the present filter policy. */
    public List<Message> publishedTo(String subscriptionArn) {
        StoredResource<Subscription> subscription = subscriptions.get(subscriptionArn);
        FilterPolicy policy = FilterPolicy.of(
                subscription.attributes().get("FilterPolicy"),
                subscription.attributes().get("FilterPolicyScope"));
        return published.stream()
                .filter(m -> m.topicArn().equals(subscription.shape().topicArn()))
                .filter(m -> policy.accepts(m.attributes()))
                .toList();
    }

    /** The token with which a subscription's endpoint can confirm; null if no confirmation is pending. */
    public @Nullable String tokenSentTo(String topicArn, String endpoint) {
        return subscriptions.of(topicArn).stream()
                .filter(s -> s.shape().endpoint().equals(endpoint))
                .map(subscriptions::token)
                .findFirst()
                .orElse(null);
    }

    /** Returns the ARN of an existing topic, unless the topic has other attributes or tags. */
    @Override
    public CreateTopicResponse createTopic(CreateTopicRequest r) {
        boolean fifo = "true".equals(r.attributes().get("FifoTopic"));
        TopicRules.checkName(r.name(), fifo);
        Map<String, String> wanted = new TreeMap<>(r.attributes());
        wanted.remove("FifoTopic");
        wanted.forEach((name, value) -> TopicRules.checkAttribute(fifo, name, value));
        if (TwinTags.in(r).size() < r.tags().size()) {
            throw invalid("Duplicated keys are not allowed.");
        }
        String arn = context.arn("sns", r.name());
        if (topics.has(arn)) {
            checkSame(topics.stored(arn), wanted, TwinTags.in(r));
        } else {
            topics.add(Topic.builder().topicArn(arn).build(), TwinTags.in(r));
            Map<String, String> attributes = topics.stored(arn).attributes();
            if (fifo) {
                attributes.put("FifoTopic", "true");
            }
            wanted.forEach((name, value) -> TopicRules.set(attributes, name, value));
        }
        return CreateTopicResponse.builder().topicArn(arn).build();
    }

    private void checkSame(StoredResource<Topic> there, Map<String, String> wanted, Map<String, String> tags) {
        Map<String, String> shown = attributes(there);
        if (!wanted.entrySet().stream().allMatch(e -> e.getValue().equals(shown.getOrDefault(e.getKey(), "")))) {
            throw invalid("Attributes Reason: Topic already exists with different attributes");
        }
        if (!there.tags().entrySet().containsAll(tags.entrySet())) {
            throw invalid("Tags Reason: Topic already exists with different tags");
        }
    }

    @Override
    public DeleteTopicResponse deleteTopic(DeleteTopicRequest r) {
        if (topics.sees(checked(r.topicArn()))) {
            topics.remove(r.topicArn());
            subscriptions.removeOf(r.topicArn());
        }
        return DeleteTopicResponse.builder().build();
    }

    @Override
    public ListTopicsResponse listTopics(ListTopicsRequest r) {
        return topics.page(
                r, ListTopicsResponse.builder(), topics.visible().sorted(Comparator.comparing(Topic::topicArn)));
    }

    @Override
    public GetTopicAttributesResponse getTopicAttributes(GetTopicAttributesRequest r) {
        return GetTopicAttributesResponse.builder()
                .attributes(attributes(seen(r.topicArn())))
                .build();
    }

    private Map<String, String> attributes(StoredResource<Topic> topic) {
        return TopicRules.shown(topic, context.account(), subscriptions.pendingOf(topic.id()));
    }

    @Override
    public SetTopicAttributesResponse setTopicAttributes(SetTopicAttributesRequest r) {
        StoredResource<Topic> topic = seen(r.topicArn());
        TopicRules.checkAttribute(TopicRules.isFifo(topic), r.attributeName(), r.attributeValue());
        TopicRules.set(topic.attributes(), r.attributeName(), r.attributeValue());
        return SetTopicAttributesResponse.builder().build();
    }

    @Override
    public SubscribeResponse subscribe(SubscribeRequest r) {
        if (TopicRules.isFifo(seen(r.topicArn())) && !"sqs".equals(r.protocol())) {
            throw invalid("Invalid protocol type: " + r.protocol());
        }
        StoredResource<Subscription> made = subscriptions.subscribe(r);
        boolean showsArn = subscriptions.token(made) == null || Boolean.TRUE.equals(r.returnSubscriptionArn());
        return SubscribeResponse.builder()
                .subscriptionArn(showsArn ? made.id() : "pending confirmation")
                .build();
    }

    @Override
    public ConfirmSubscriptionResponse confirmSubscription(ConfirmSubscriptionRequest r) {
        seen(r.topicArn());
        return ConfirmSubscriptionResponse.builder()
                .subscriptionArn(subscriptions.confirm(r))
                .build();
    }

    @Override
    public UnsubscribeResponse unsubscribe(UnsubscribeRequest r) {
        subscriptions.remove(r.subscriptionArn());
        return UnsubscribeResponse.builder().build();
    }

    @Override
    public ListSubscriptionsResponse listSubscriptions(ListSubscriptionsRequest r) {
        return context.page(r, ListSubscriptionsResponse.builder(), subscriptions.listed(null), PAGE);
    }

    @Override
    public ListSubscriptionsByTopicResponse listSubscriptionsByTopic(ListSubscriptionsByTopicRequest r) {
        String topic = seen(r.topicArn()).id();
        return context.page(r, ListSubscriptionsByTopicResponse.builder(), subscriptions.listed(topic), PAGE);
    }

    @Override
    public GetSubscriptionAttributesResponse getSubscriptionAttributes(GetSubscriptionAttributesRequest r) {
        return GetSubscriptionAttributesResponse.builder()
                .attributes(subscriptions.attributes(subscriptions.get(r.subscriptionArn())))
                .build();
    }

    @Override
    public SetSubscriptionAttributesResponse setSubscriptionAttributes(SetSubscriptionAttributesRequest r) {
        subscriptions.set(subscriptions.get(r.subscriptionArn()), r.attributeName(), r.attributeValue());
        return SetSubscriptionAttributesResponse.builder().build();
    }

    @Override
    public PublishResponse publish(PublishRequest r) {
        String topic = seen(r.topicArn() == null ? r.targetArn() : r.topicArn()).id();
        MessageRules.check(r);
        published.add(new Message(topic, r.subject(), r.message(), Map.copyOf(r.messageAttributes())));
        return PublishResponse.builder().messageId(context.hex(32)).build();
    }

    @Override
    public ListTagsForResourceResponse listTagsForResource(ListTagsForResourceRequest r) {
        return tagged(r.resourceArn()).showTags(ListTagsForResourceResponse.builder());
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest r) {
        if (TwinTags.in(r).size() < r.tags().size()) {
            throw invalid("Duplicated keys are not allowed.");
        }
        return tagged(r.resourceArn()).tag(r, TagResourceResponse.builder());
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest r) {
        return tagged(r.resourceArn()).untag(r.tagKeys(), UntagResourceResponse.builder());
    }

    private StoredResource<Topic> seen(@Nullable String arn) {
        return topics.seen(checked(arn));
    }

    /** For a missing topic, the tag operations return another error than the others. */
    private StoredResource<Topic> tagged(@Nullable String arn) {
        if (!topics.sees(checked(arn))) {
            throw error(ResourceNotFoundException.builder(), 404, "ResourceNotFound", "Resource does not exist");
        }
        return seen(arn);
    }

    private static String checked(@Nullable String arn) {
        int parts = String.valueOf(arn).split(":", -1).length;
        if (parts < 6) {
            throw invalid("TopicArn Reason: An ARN must have at least 6 elements, not " + parts);
        }
        return String.valueOf(arn);
    }

    @Override
    public List<TwinItem> inventory() {
        return topics.items();
    }
}
