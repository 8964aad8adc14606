package dev.holdfast.kinds.sns;

import static dev.holdfast.kind.OwnershipForm.TAG;
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
 * <p>A subscription that nobody has confirmed yet is there: it was asked for, and asking again sends the same mail again. It
 * has no ARN that could be named, so what it is like is known only once it is confirmed, and one that is not desired cannot
 * be taken off; SNS forgets it after two days, and then it is asked for again.
 */
@Singleton
public final class TopicKind extends DeclaredKind<TopicKind.Spec> {
    private static final String TYPE = "sns";
    private static final Set<String> SIGNATURES = Set.of("1", "2");

    /** @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html">CreateTopic</a> */
    public record Spec(
            @Doc("The name; of a FIFO topic it ends with .fifo and has to be said.")
            @PhysicalName(max = 256, also = "_.")
            String topicName,

            @Doc("The name that mails come from; empty: none.") @EmptyIsNone
            String displayName,

            @Doc("Whether order is kept.") @Immutable Boolean fifoTopic,

            @Doc("Of a FIFO topic: whether equal messages count as one.")
            Boolean contentBasedDeduplication,

            @Doc("Of a FIFO topic: what its throughput is counted by.") @Offers({"Topic", "MessageGroup"})
            String fifoThroughputScope,

            @Doc("The key that encrypts messages; empty: none. CloudWatch alarms cannot use alias/aws/sns.")
            @EmptyIsNone
            String kmsMasterKeyId,

            @Doc("Who may publish and subscribe, as a policy.") @PolicyDocument @Risk(FieldRisk.RESOURCE_POLICY)
            JsonNode policy,

            @Doc("How deliveries to hosts are tried again.") DeliveryPolicy deliveryPolicy,

            @Doc("Whether X-Ray traces what passes through.") @Offers({"PassThrough", "Active"})
            String tracingConfig,

            @Doc("How messages are signed: 1 is SHA1, 2 is SHA256.")
            String signatureVersion,

            @Doc("Whether deliveries are logged, by protocol.")
            List<DeliveryStatusLogging> deliveryStatusLogging,

            @Doc("Who is told. Others that are confirmed are taken off; absent: none of this is touched.")
            @Slow("subscriptions")
            @Children
            List<Subscription> subscriptions,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {}

    /** Logs of deliveries over one protocol. */
    public record DeliveryStatusLogging(
            @Doc("The protocol; HTTP is https too.")
            @Required
            @Offers({"Application", "HTTP", "Lambda", "SQS", "Firehose"})
            String protocol,

            @Doc("The role that logs what was delivered.") @Risk(FieldRisk.PASSED_ROLE)
            String successFeedbackRoleArn,

            @Doc("How much of it, in percent.") @Range(min = 0, max = 100)
            Integer successFeedbackSampleRate,

            @Doc("The role that logs what was not delivered.") @Risk(FieldRisk.PASSED_ROLE)
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
        return Recipe.of("Topic", Spec.class, SnsClient.class, TAG, "A topic, with its policy and its subscriptions.")
                .finds((scope, sns) -> topics(scope))
                .id(Topic::topicArn)
                .name(topic -> name(topic.topicArn()))
                .tags(TAGGING)
                .detail((scope, sns, topic) -> TopicAttributes.read(sns, topic))
                .facet("subscriptions", (sns, topic) -> TopicSubscriptions.read(sns, topic.topicArn()))
                .creates(
                        CreateTopicRequest::builder,
                        (request, desired) -> request.name(desired.spec().topicName())
                                .attributes(TopicAttributes.created(desired.spec())),
                        SnsClient::createTopic,
                        made -> made.topicArn())
                // Subscribers that go are taken off first; those that are new come last.
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
                .output("arn", "Its ARN.", Topic::topicArn)
                .output("name", "Its name.", topic -> name(topic.topicArn()))
                .output(
                        TopicSubscriptions.ARNS,
                        "The ARN of each subscription by protocol:endpoint; PendingConfirmation where nobody confirmed"
                                + " it.")
                .state(TopicSubscriptions::complete)
                .leavesOut("DataProtectionPolicy", "AWS takes no new customers for message data protection")
                .leavesOut("ArchivePolicy", "for FIFO topics only; an archive keeps its topic from being deleted")
                .fault("InvalidParameter", "already exists with different", EXISTS)
                // A role that was created a moment ago is not a principal yet.
                .fault("InvalidParameter", "PrincipalNotFound", DEPENDENCY)
                .fault("KMSNotFound", DEPENDENCY)
                .fault("KMSInvalidState", DEPENDENCY)
                .fault("StaleTag", CONFLICT)
                .permissions(Permissions.on("sns:{region}:{account}:{name}"))
                .page("https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html");
    }

    /** A name is enough for an ARN. A stack has few topics, and SNS lists nothing but the ARNs of all. */
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

    private static String name(String arn) {
        return arn.substring(arn.lastIndexOf(':') + 1);
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        boolean fifo = Boolean.TRUE.equals(spec.fifoTopic());
        if (fifo && !findings.declares(Spec::topicName)) {
            findings.wrong(Spec::fifoTopic, "a FIFO topic has to be named", "add topicName, which ends with .fifo");
        }
        if (findings.known(Spec::topicName)
                && findings.declares(Spec::topicName)
                && spec.topicName() != null
                && spec.topicName().endsWith(".fifo") != fifo) {
            findings.wrong(
                    Spec::topicName,
                    "the name of a FIFO topic ends with .fifo and no other does, found " + spec.topicName(),
                    "change topicName or fifoTopic");
        }
        if (!fifo && findings.declares(Spec::contentBasedDeduplication)) {
            findings.wrong(Spec::contentBasedDeduplication, "only FIFO topics have this", "leave it out");
        }
        if (!fifo && findings.declares(Spec::fifoThroughputScope)) {
            findings.wrong(Spec::fifoThroughputScope, "only FIFO topics have this", "leave it out");
        }
        if (spec.signatureVersion() != null && !SIGNATURES.contains(spec.signatureVersion())) {
            findings.wrong(
                    Spec::signatureVersion,
                    "expected 1 or 2, found " + spec.signatureVersion(),
                    "2 is the stronger one");
        }
    }
}
