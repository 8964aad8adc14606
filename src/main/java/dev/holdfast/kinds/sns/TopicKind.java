package dev.holdfast.kinds.sns;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.model.Tag;

/**
 * A topic with its policy and its subscriptions.
 *
 * <p>A subscription that nobody has confirmed yet is there: it was asked for, and asking again sends the same mail again. It
 * has no ARN that could be named, so what it is like is known only once it is confirmed, and one that is not desired cannot
 * be taken off; SNS forgets it after two days, and then it is asked for again.
 */
@Singleton
public final class TopicKind implements Kind<TopicKind.Spec> {
    private static final Set<String> SIGNATURES = Set.of("1", "2");

    /** @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html">CreateTopic</a> */
    public record Spec(
            @Doc("The name; of a FIFO topic it ends with .fifo and has to be said.")
            @PhysicalName(max = 256, also = "_.")
            @Nullable
            String topicName,

            @Doc("The name that mails come from; empty: none.") @Nullable
            String displayName,

            @Doc("Whether order is kept.") @Immutable @Nullable
            Boolean fifoTopic,

            @Doc("Of a FIFO topic: whether equal messages count as one.") @Nullable
            Boolean contentBasedDeduplication,

            @Doc("Of a FIFO topic: what its throughput is counted by.") @Nullable
            FifoThroughputScope fifoThroughputScope,

            @Doc("The key that encrypts messages; empty: none. CloudWatch alarms cannot use alias/aws/sns.") @Nullable
            String kmsMasterKeyId,

            @Doc("Who may publish and subscribe, as a policy.") @PolicyDocument @Nullable
            JsonNode policy,

            @Doc("How deliveries to hosts are tried again.") @Nullable
            DeliveryPolicy deliveryPolicy,

            @Doc("Whether X-Ray traces what passes through.") @Nullable
            TracingConfig tracingConfig,

            @Doc("How messages are signed: 1 is SHA1, 2 is SHA256.") @Nullable
            String signatureVersion,

            @Doc("Whether deliveries are logged, by protocol.") @Nullable
            List<DeliveryStatusLogging> deliveryStatusLogging,

            @Doc("Who is told. Others that are confirmed are taken off; absent: none of this is touched.")
            @Slow("subscriptions")
            @Nullable
            List<Subscription> subscriptions,

            @Doc("Tags.") @TagMap @Slow("tags") @Nullable Map<String, String> tags) {}

    public enum FifoThroughputScope {
        Topic,
        MessageGroup
    }

    public enum TracingConfig {
        PassThrough,
        Active
    }

    public enum LoggedProtocol {
        Application,
        HTTP,
        Lambda,
        SQS,
        Firehose
    }

    /** Logs of deliveries over one protocol. */
    public record DeliveryStatusLogging(
            @Doc("The protocol; HTTP is https too.") @Required @Nullable
            LoggedProtocol protocol,

            @Doc("The role that logs what was delivered.") @Nullable
            String successFeedbackRoleArn,

            @Doc("How much of it, in percent.") @Range(min = 0, max = 100) @Nullable
            Integer successFeedbackSampleRate,

            @Doc("The role that logs what was not delivered.") @Nullable
            String failureFeedbackRoleArn)
            implements Keyed {
        @Override
        public String key() {
            return String.valueOf(protocol);
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("Topic", Spec.class, OwnershipForm.TAG)
                .description("A topic, with its policy and its subscriptions.")
                .output("arn", "Its ARN.")
                .output("name", "Its name.")
                .output(
                        TopicReader.SUBSCRIPTION_ARNS,
                        "The ARN of each subscription by protocol:endpoint; PendingConfirmation where nobody confirmed"
                                + " it.")
                .page("https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html")
                .leavesOut("DataProtectionPolicy", "AWS takes no new customers for message data protection")
                .leavesOut("ArchivePolicy", "an archive keeps its topic from being deleted until it is switched off")
                .fault(FaultRule.of("InvalidParameter", "already exists with different", Fault.Category.EXISTS))
                // A role that was made a moment ago is not a principal yet.
                .fault(FaultRule.of("InvalidParameter", "PrincipalNotFound", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("KMSNotFound", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("KMSInvalidState", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("StaleTag", Fault.Category.CONFLICT))
                .permissions(Permissions.on("sns:{region}:{account}:{name}")
                        .reads(
                                "sns:GetTopicAttributes",
                                "sns:ListTagsForResource",
                                "sns:ListSubscriptionsByTopic",
                                "sns:GetSubscriptionAttributes")
                        .creates("sns:CreateTopic")
                        .tags("sns:TagResource", "sns:UntagResource")
                        .changes("sns:SetTopicAttributes", "sns:DeleteTopic")
                        .changesFor(
                                "subscriptions", "sns:Subscribe", "sns:Unsubscribe", "sns:SetSubscriptionAttributes"))
                .build();
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

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        return new TopicReader(scope).read();
    }

    /** The subscriptions follow as an update. */
    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(SnsClient.class)
                .createTopic(r -> r.name(spec.topicName())
                        .attributes(TopicForm.forCreate(spec))
                        .tags(tags(spec.tags() == null ? Map.of() : spec.tags())))
                .topicArn();
    }

    /** One call an attribute; who is to be told no longer is taken off first, who is to be told comes last. */
    @Override
    public void update(Change<Spec> change) {
        SnsClient sns = change.client(SnsClient.class);
        String arn = change.physicalId();
        boolean subscribers = change.touches(Spec::subscriptions);
        Delta<Subscription> delta =
                subscribers ? change.delta(Spec::subscriptions) : new Delta<>(List.of(), List.of(), List.of());
        delta.removed().forEach(s -> sns.unsubscribe(r -> r.subscriptionArn(arnOf(change, s))));
        TopicForm.forUpdate(change)
                .forEach((name, value) -> sns.setTopicAttributes(
                        r -> r.topicArn(arn).attributeName(name).attributeValue(value)));
        delta.altered().forEach(s -> alter(sns, change, s));
        delta.added()
                .forEach(s -> sns.subscribe(r -> r.topicArn(arn)
                        .protocol(String.valueOf(s.protocol()))
                        .endpoint(s.endpoint())
                        .attributes(s.attributes())
                        .returnSubscriptionArn(true)));
        updateTags(sns, change);
    }

    private static void alter(SnsClient sns, Change<Spec> change, Subscription wanted) {
        List<Subscription> all = change.observed().spec().subscriptions();
        Map<String, String> have = (all == null ? List.<Subscription>of() : all)
                .stream()
                        .filter(s -> s.key().equals(wanted.key()))
                        .findFirst()
                        .map(Subscription::attributes)
                        .orElse(Map.of());
        String arn = arnOf(change, wanted);
        wanted.attributes().entrySet().stream()
                .filter(e -> !e.getValue().equals(have.get(e.getKey())))
                // A policy may be one that only the new scope takes.
                .sorted(Map.Entry.<String, String>comparingByKey().reversed())
                .forEach(e -> sns.setSubscriptionAttributes(
                        r -> r.subscriptionArn(arn).attributeName(e.getKey()).attributeValue(e.getValue())));
    }

    private static String arnOf(Change<Spec> change, Subscription subscription) {
        Map<?, ?> arns = (Map<?, ?>) change.observed().known().outputs().get(TopicReader.SUBSCRIPTION_ARNS);
        return String.valueOf(arns == null ? null : arns.get(subscription.key()));
    }

    private static void updateTags(SnsClient sns, Change<Spec> change) {
        Map<String, String> put = change.tagsToPut(Spec::tags);
        if (!put.isEmpty()) {
            sns.tagResource(r -> r.resourceArn(change.physicalId()).tags(tags(put)));
        }
        Set<String> remove = change.tagsToRemove(Spec::tags);
        if (!remove.isEmpty()) {
            sns.untagResource(r -> r.resourceArn(change.physicalId()).tagKeys(remove));
        }
    }

    private static List<Tag> tags(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }

    /** Its subscriptions go with it. */
    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(SnsClient.class).deleteTopic(r -> r.topicArn(observed.physicalId()));
    }
}
