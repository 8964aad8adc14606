package dev.holdfast.kinds.sns;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Partitions;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.CreateTopicRequest;
import software.amazon.awssdk.services.sns.model.Tag;
import software.amazon.awssdk.services.sns.model.Topic;

/**
 * A topic with its policy and its subscriptions.
 *
 * <p>An unconfirmed subscription counts as existing, because another request would send the same mail again. It has no
 * ARN, so that its attributes are unknown until the confirmation, and it cannot be removed if it is not desired. SNS
 * deletes it after two days; a desired subscription is then requested again.
 */
@Singleton
public final class TopicKind extends DeclaredKind<TopicKind.Spec> {
    private static final String TYPE = "sns";
    private static final Set<String> SIGNATURES = Set.of("1", "2");

    /** @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html">CreateTopic</a> */
    public record Spec(
            @Doc("The name of the topic. A FIFO topic needs a name that ends with .fifo.")
            @PhysicalName(max = 256, also = "_.")
            String topicName,

            @Doc("The sender name in mails; empty: none.") @EmptyIsNone
            String displayName,

            @Doc("Whether the topic keeps the order of messages (a FIFO topic).") @Immutable
            Boolean fifoTopic,

            @Doc("For a FIFO topic: whether messages with equal content count as one message.")
            Boolean contentBasedDeduplication,

            @Doc("For a FIFO topic: whether the limit on throughput applies to the topic or to each message group.")
            @Offers({"Topic", "MessageGroup"})
            String fifoThroughputScope,

            @Doc("The KMS key that encrypts messages; empty: none. CloudWatch alarms cannot publish with"
                    + " alias/aws/sns.")
            @EmptyIsNone
            String kmsMasterKeyId,

            @Doc("The policy that controls who may publish and subscribe.")
            @PolicyDocument
            @Risk(FieldRisk.RESOURCE_POLICY)
            JsonNode policy,

            @Doc("The policy for retries of deliveries over HTTP.")
            DeliveryPolicy deliveryPolicy,

            @Doc("Whether SNS traces messages with X-Ray: PassThrough (only messages that are already traced) or"
                    + " Active.")
            @Offers({"PassThrough", "Active"})
            String tracingConfig,

            @Doc("The version of the signature of messages: 1 (SHA1) or 2 (SHA256).")
            String signatureVersion,

            @Doc("The logs of deliveries, by protocol.") List<DeliveryStatusLogging> deliveryStatusLogging,

            @Doc("The subscriptions. Other confirmed subscriptions are removed. If the field is absent, no"
                    + " subscription is changed.")
            @Slow("subscriptions")
            @Children
            List<Subscription> subscriptions,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    /** The logs of deliveries over one protocol. */
    public record DeliveryStatusLogging(
            @Doc("The protocol; HTTP includes https.")
            @Required
            @Offers({"Application", "HTTP", "Lambda", "SQS", "Firehose"})
            String protocol,

            @Doc("The ARN of the role that logs successful deliveries; empty: none.")
            @EmptyIsNone
            @Risk(FieldRisk.PASSED_ROLE)
            String successFeedbackRoleArn,

            @Doc("The percentage of successful deliveries that are logged.") @Range(min = 0, max = 100)
            Integer successFeedbackSampleRate,

            @Doc("The ARN of the role that logs failed deliveries; empty: none.")
            @EmptyIsNone
            @Risk(FieldRisk.PASSED_ROLE)
            String failureFeedbackRoleArn)
            implements Keyed {
        static final Set<String> ROLES = Components.<DeliveryStatusLogging>namesOf(
                DeliveryStatusLogging::successFeedbackRoleArn,
                DeliveryStatusLogging::successFeedbackSampleRate,
                DeliveryStatusLogging::failureFeedbackRoleArn);

        @Override
        public String key() {
            return protocol == null ? "" : protocol;
        }
    }

    private static final Tagging<SnsClient> TAGGING = Tagging.indexed(
            TYPE,
            (sns, arn) -> SdkShapes.map(
                    sns.listTagsForResource(r -> r.resourceArn(arn)).tags()),
            arn -> arn,
            (sns, arn, tags) -> sns.tagResource(r -> r.resourceArn(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
            (sns, arn, keys) -> sns.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Topic", Spec.class, SnsClient.class)
                .description("A topic, with its policy and its subscriptions.")
                .finds((scope, sns) -> topics(scope))
                .id(Topic::topicArn)
                .name(topic -> Values.last(topic.topicArn(), ':'))
                .tags(TAGGING)
                .detail((scope, sns, topic) -> TopicAttributes.read(sns, topic))
                .facet("subscriptions", (sns, topic) -> TopicSubscriptions.read(sns, topic.topicArn()))
                .creates(
                        CreateTopicRequest::builder,
                        (request, desired) -> request.name(desired.spec().topicName())
                                .attributes(TopicAttributes.created(desired.spec())),
                        SnsClient::createTopic)
                // Subscriptions are removed before all other changes, and added after them.
                .updates(TopicSubscriptions::remove, Spec::subscriptions)
                .updates(
                        TopicAttributes::change,
                        Spec::displayName,
                        Spec::contentBasedDeduplication,
                        Spec::fifoThroughputScope,
                        Spec::kmsMasterKeyId,
                        Spec::policy,
                        Spec::deliveryPolicy,
                        Spec::tracingConfig,
                        Spec::signatureVersion,
                        Spec::deliveryStatusLogging)
                .updates(TopicSubscriptions::changeAndAdd, Spec::subscriptions)
                .deletes((sns, arn) -> sns.deleteTopic(r -> r.topicArn(arn)))
                .output("arn", "The ARN of the topic.", Topic::topicArn)
                .output("name", "The name of the topic.", topic -> Values.last(topic.topicArn(), ':'))
                .output(
                        TopicSubscriptions.ARNS,
                        "The ARN of each subscription by protocol:endpoint, or PendingConfirmation if it is not"
                                + " confirmed yet.")
                .state(TopicSubscriptions::complete)
                .leavesOut("DataProtectionPolicy", "AWS accepts no new customers for message data protection")
                .leavesOut("ArchivePolicy", "for FIFO topics only; an archive keeps its topic from being deleted")
                .fault("InvalidParameter", "already exists with different", EXISTS)
                // IAM is eventually consistent: a role that was just created is not yet a valid principal.
                .fault("InvalidParameter", "PrincipalNotFound", DEPENDENCY)
                .fault("KMSNotFound", DEPENDENCY)
                .fault("KMSInvalidState", DEPENDENCY)
                .fault("StaleTag", CONFLICT)
                .permissions(Permissions.on("sns:{region}:{account}:{name}"))
                .page("https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html");
    }

    /**
     * The ARN is computed from the name. SNS's list returns only the ARNs of all topics, and a stack has few topics.
     */
    private static List<Topic> topics(Scope<?> scope) {
        String region = scope.clients().region();
        Set<String> arns = new TreeSet<>(Listings.ids(scope));
        Listings.names(scope)
                .forEach(name -> arns.add("arn:" + Partitions.id(region) + ":sns:" + region + ":"
                        + scope.stack().account() + ":" + name));
        if (scope.sweep()) {
            arns.addAll(scope.tagged(TYPE).keySet());
        }
        return arns.stream().map(arn -> Topic.builder().topicArn(arn).build()).toList();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        boolean fifo = Boolean.TRUE.equals(spec.fifoTopic());
        if (fifo && !findings.declares(Spec::topicName)) {
            findings.wrong(
                    Spec::fifoTopic, "a FIFO topic needs a topicName", "set topicName to a name that ends with .fifo");
        }
        if (findings.known(Spec::topicName)
                && findings.declares(Spec::topicName)
                && spec.topicName() != null
                && spec.topicName().endsWith(".fifo") != fifo) {
            findings.wrong(
                    Spec::topicName,
                    "the name of a FIFO topic must end with .fifo, and no other name may, found " + spec.topicName(),
                    "change topicName, or fifoTopic");
        }
        if (!fifo && findings.declares(Spec::contentBasedDeduplication)) {
            findings.wrong(
                    Spec::contentBasedDeduplication,
                    "only FIFO topics have this field",
                    "remove contentBasedDeduplication, or set fifoTopic to true");
        }
        if (!fifo && findings.declares(Spec::fifoThroughputScope)) {
            findings.wrong(
                    Spec::fifoThroughputScope,
                    "only FIFO topics have this field",
                    "remove fifoThroughputScope, or set fifoTopic to true");
        }
        if (spec.signatureVersion() != null && !SIGNATURES.contains(spec.signatureVersion())) {
            findings.wrong(
                    Spec::signatureVersion,
                    "expected 1 or 2, found " + spec.signatureVersion(),
                    "set signatureVersion to 2, which is stronger");
        }
    }
}
