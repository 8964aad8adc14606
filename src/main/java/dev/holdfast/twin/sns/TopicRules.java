package dev.holdfast.twin.sns;

import dev.holdfast.twin.store.Contents;
import dev.holdfast.twin.store.StoredResource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.Topic;

/**
 * The values that SNS accepts for a topic's attributes, and the default values that it returns.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html">SetTopicAttributes</a>
 */
final class TopicRules {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,256}");
    private static final Pattern FIFO_NAME = Pattern.compile("[A-Za-z0-9_-]{1,251}\\.fifo");

    /** SNS resets no rate by an empty text: "value provided is not an integer between 0-100". */
    private static final Pattern RATE = Pattern.compile("100|[1-9]?[0-9]");

    private static final Set<String> FIFO_ONLY = Set.of("ContentBasedDeduplication", "FifoThroughputScope");

    private static final Set<String> SETTABLE = Stream.concat(
                    Stream.of(
                            "DeliveryPolicy",
                            "DisplayName",
                            "Policy",
                            "TracingConfig",
                            "KmsMasterKeyId",
                            "SignatureVersion",
                            "ContentBasedDeduplication",
                            "FifoThroughputScope"),
                    Stream.of("Application", "HTTP", "Lambda", "SQS", "Firehose")
                            .flatMap(p -> Stream.of(
                                    p + "SuccessFeedbackRoleArn",
                                    p + "SuccessFeedbackSampleRate",
                                    p + "FailureFeedbackRoleArn")))
            .collect(Collectors.toUnmodifiableSet());

    /** https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
    private static final String EFFECTIVE_DELIVERY =
            "{\"http\":{\"defaultHealthyRetryPolicy\":{\"minDelayTarget\":20,\"maxDelayTarget\":20,\"numRetries\":3,"
                    + "\"numMaxDelayRetries\":0,\"numNoDelayRetries\":0,\"numMinDelayRetries\":0,"
                    + "\"backoffFunction\":\"linear\"},\"disableSubscriptionOverrides\":false,"
                    + "\"defaultRequestPolicy\":{\"headerContentType\":\"text/plain; charset=UTF-8\"}}}";

    private TopicRules() {}

    static void checkName(@Nullable String name, boolean fifo) {
        String text = String.valueOf(name);
        if (fifo && !FIFO_NAME.matcher(text).matches()) {
            throw TwinSns.invalid("Fifo Topic names must end with .fifo and must be made up of only uppercase and"
                    + " lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 and 256"
                    + " characters long.");
        }
        if (name == null || (!fifo && !NAME.matcher(text).matches())) {
            throw TwinSns.invalid("Topic Name");
        }
    }

    static void checkAttribute(boolean fifo, @Nullable String name, @Nullable String value) {
        if (name == null || !SETTABLE.contains(name)) {
            throw TwinSns.invalid("AttributeName");
        }
        if (FIFO_ONLY.contains(name) && !fifo) {
            throw TwinSns.invalid(
                    name.equals("FifoThroughputScope")
                            ? "Throughput scope can only be set for FIFO topics"
                            : "Content-based deduplication can only be set for FIFO topics");
        }
        String text = value == null ? "" : value;
        boolean fits = switch (name) {
            case "DisplayName" -> text.length() <= 100;
            case "Policy" -> Contents.json(text).isObject();
            case "DeliveryPolicy" -> text.isEmpty() || Contents.json(text).isObject();
            case "TracingConfig" -> Set.of("PassThrough", "Active").contains(text);
            case "SignatureVersion" -> Set.of("1", "2").contains(text);
            case "ContentBasedDeduplication" -> Set.of("true", "false").contains(text);
            case "FifoThroughputScope" -> Set.of("Topic", "MessageGroup").contains(text);
            default ->
                !name.endsWith("SuccessFeedbackSampleRate")
                        || RATE.matcher(text).matches();
        };
        if (!fits) {
            throw TwinSns.invalid(name.equals("Policy") ? "Policy Error: null" : name);
        }
    }

    /** An empty text resets an attribute to its default. */
    static void set(Map<String, String> attributes, String name, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            attributes.remove(name);
        } else {
            attributes.put(name, value);
        }
    }

    static boolean isFifo(StoredResource<Topic> topic) {
        return "true".equals(topic.attributes().get("FifoTopic"));
    }

    /**
     * All attributes for GetTopicAttributes. @param pending for each subscription, whether it waits for its
     * confirmation
     */
    static Map<String, String> shown(StoredResource<Topic> topic, String account, List<Boolean> pending) {
        Map<String, String> all = new TreeMap<>();
        all.put("TopicArn", topic.id());
        all.put("Owner", account);
        all.put("DisplayName", "");
        all.put("Policy", defaultPolicy(topic.id(), account));
        all.put("EffectiveDeliveryPolicy", EFFECTIVE_DELIVERY);
        long waiting = pending.stream().filter(p -> p).count();
        all.put("SubscriptionsPending", Long.toString(waiting));
        all.put("SubscriptionsConfirmed", Long.toString(pending.size() - waiting));
        all.put("SubscriptionsDeleted", "0");
        if (isFifo(topic)) {
            all.put("ContentBasedDeduplication", "false");
            all.put("FifoThroughputScope", "Topic");
        }
        all.putAll(topic.attributes());
        return all;
    }

    /** https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
    private static String defaultPolicy(String arn, String account) {
        return "{\"Version\":\"2008-10-17\",\"Id\":\"__default_policy_ID\",\"Statement\":[{\"Sid\":"
                + "\"__default_statement_ID\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":["
                + "\"SNS:GetTopicAttributes\",\"SNS:SetTopicAttributes\",\"SNS:AddPermission\",\"SNS:RemovePermission\","
                + "\"SNS:DeleteTopic\",\"SNS:Subscribe\",\"SNS:ListSubscriptionsByTopic\",\"SNS:Publish\"],\"Resource\":\""
                + arn + "\",\"Condition\":{\"StringEquals\":{\"AWS:SourceOwner\":\"" + account + "\"}}}]}";
    }
}
