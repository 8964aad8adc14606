package dev.holdfast.kinds.s3;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.EmptyIsNone;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Required;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Event;
import software.amazon.awssdk.services.s3.model.EventBridgeConfiguration;
import software.amazon.awssdk.services.s3.model.FilterRule;
import software.amazon.awssdk.services.s3.model.FilterRuleName;
import software.amazon.awssdk.services.s3.model.GetBucketNotificationConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LambdaFunctionConfiguration;
import software.amazon.awssdk.services.s3.model.NotificationConfiguration;
import software.amazon.awssdk.services.s3.model.NotificationConfigurationFilter;
import software.amazon.awssdk.services.s3.model.QueueConfiguration;
import software.amazon.awssdk.services.s3.model.TopicConfiguration;

/**
 * The notifications of a bucket. S3 accepts only the whole configuration, so that lists that the document does not set
 * are sent as observed.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html">
 *     Notifications</a>
 */
public record BucketNotifications(
        @Doc("The functions that S3 invokes; each needs a permission for S3.") @Nullable
        List<Notification> lambdaFunctionConfigurations,

        @Doc("The queues that receive a message.") @Nullable List<Notification> queueConfigurations,

        @Doc("The topics that receive a message.") @Nullable List<Notification> topicConfigurations,

        @Doc("Whether EventBridge receives all events of the bucket.") @Nullable
        Boolean eventBridgeEnabled) {

    /** A destination that receives notifications, and the events that it receives. */
    public record Notification(
            @Doc("The id of the notification, unique in the bucket.") @Required @Nullable
            String id,

            @Doc("The ARN of the function, the queue or the topic.") @Required @Nullable
            String arn,

            @Doc("The events, such as s3:ObjectCreated:*.") @Required @Nullable
            Set<Event> events,

            @Doc("The prefix that the key of the object must have; empty: none.") @EmptyIsNone @Nullable
            String prefix,

            @Doc("The suffix that the key of the object must have; empty: none.") @EmptyIsNone @Nullable
            String suffix)
            implements Keyed {
        @Override
        public String key() {
            return String.valueOf(id);
        }

        private static Notification of(
                String id, String arn, List<Event> events, @Nullable NotificationConfigurationFilter filter) {
            return new Notification(
                    id,
                    arn,
                    Set.copyOf(events),
                    rule(filter, FilterRuleName.PREFIX),
                    rule(filter, FilterRuleName.SUFFIX));
        }

        private static String rule(@Nullable NotificationConfigurationFilter filter, FilterRuleName name) {
            return filter == null || filter.key() == null
                    ? ""
                    : filter.key().filterRules().stream()
                            .filter(rule -> rule.nameAsString().equalsIgnoreCase(name.toString()))
                            .map(FilterRule::value)
                            .findFirst()
                            .orElse("");
        }

        private List<Event> sortedEvents() {
            return Objects.requireNonNull(events).stream().sorted().toList();
        }

        private @Nullable NotificationConfigurationFilter filter() {
            List<FilterRule> rules = java.util.stream.Stream.of(
                            rule(FilterRuleName.PREFIX, prefix), rule(FilterRuleName.SUFFIX, suffix))
                    .filter(rule -> rule.value() != null && !rule.value().isEmpty())
                    .toList();
            return rules.isEmpty()
                    ? null
                    : NotificationConfigurationFilter.builder()
                            .key(key -> key.filterRules(rules))
                            .build();
        }

        private static FilterRule rule(FilterRuleName name, @Nullable String value) {
            return FilterRule.builder().name(name).value(value).build();
        }
    }

    static BucketNotifications read(S3Client s3, String bucket) {
        GetBucketNotificationConfigurationResponse now = s3.getBucketNotificationConfiguration(r -> r.bucket(bucket));
        return new BucketNotifications(
                each(
                        now.lambdaFunctionConfigurations(),
                        c -> Notification.of(c.id(), c.lambdaFunctionArn(), c.events(), c.filter())),
                each(now.queueConfigurations(), c -> Notification.of(c.id(), c.queueArn(), c.events(), c.filter())),
                each(now.topicConfigurations(), c -> Notification.of(c.id(), c.topicArn(), c.events(), c.filter())),
                now.eventBridgeConfiguration() != null);
    }

    private static <A, B> List<B> each(List<A> all, Function<A, B> one) {
        return all.stream().map(one).collect(Collectors.toUnmodifiableList());
    }

    static void change(S3Client s3, Change<BucketKind.Spec> change) {
        String bucket = change.physicalId();
        BucketNotifications now = read(s3, bucket);
        BucketNotifications wanted = Objects.requireNonNull(change.spec().notificationConfiguration());
        boolean bridge = Boolean.TRUE.equals(
                wanted.eventBridgeEnabled == null ? now.eventBridgeEnabled : wanted.eventBridgeEnabled);
        NotificationConfiguration all = NotificationConfiguration.builder()
                .lambdaFunctionConfigurations(each(
                        either(wanted.lambdaFunctionConfigurations, now.lambdaFunctionConfigurations),
                        n -> LambdaFunctionConfiguration.builder()
                                .id(n.id)
                                .lambdaFunctionArn(n.arn)
                                .events(n.sortedEvents())
                                .filter(n.filter())
                                .build()))
                .queueConfigurations(each(
                        either(wanted.queueConfigurations, now.queueConfigurations),
                        n -> QueueConfiguration.builder()
                                .id(n.id)
                                .queueArn(n.arn)
                                .events(n.sortedEvents())
                                .filter(n.filter())
                                .build()))
                .topicConfigurations(each(
                        either(wanted.topicConfigurations, now.topicConfigurations),
                        n -> TopicConfiguration.builder()
                                .id(n.id)
                                .topicArn(n.arn)
                                .events(n.sortedEvents())
                                .filter(n.filter())
                                .build()))
                .eventBridgeConfiguration(
                        bridge ? EventBridgeConfiguration.builder().build() : null)
                .build();
        s3.putBucketNotificationConfiguration(r -> r.bucket(bucket).notificationConfiguration(all));
    }

    private static List<Notification> either(@Nullable List<Notification> wanted, @Nullable List<Notification> now) {
        return wanted != null ? wanted : Objects.requireNonNullElse(now, List.of());
    }
}
