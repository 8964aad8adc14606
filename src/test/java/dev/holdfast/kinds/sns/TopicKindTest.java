package dev.holdfast.kinds.sns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kinds.KindHarness;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.twin.sns.TwinSns;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sns.model.InvalidParameterException;

class TopicKindTest {
    private static final String FULL = """
        {'displayName':'Alarms','kmsMasterKeyId':'arn:aws:kms:eu-west-2:123456789012:key/a','tracingConfig':'Active',
         'signatureVersion':'2','policy':{'Version':'2012-10-17','Statement':{'Effect':'Allow','Principal':
         {'Service':'cloudwatch.amazonaws.com'},'Action':'sns:Publish','Resource':'*'}},
         'deliveryPolicy':{'http':{'defaultHealthyRetryPolicy':{'numRetries':5}}},
         'deliveryStatusLogging':[{'protocol':'HTTP','failureFeedbackRoleArn':'arn:aws:iam::123456789012:role/log'}],
         'subscriptions':[{'protocol':'sqs','endpoint':'arn:aws:sqs:eu-west-2:123456789012:q','rawMessageDelivery':true,
         'filterPolicy':{'level':['error']}}],'tags':{'a':'b'}}\
        """;
    private static final String MAIL = "{'subscriptions':[{'protocol':'email','endpoint':'ops@example.com'}]}";
    private static final String ARN = "arn:aws:sns:eu-west-2:123456789012:dev-it-0a1b2c3d";

    private final KindHarness<TopicKind.Spec> harness = new KindHarness<>(new TopicKind(), "topicName");
    private final TwinSns sns = harness.twin.service("eu-west-2", TwinSns.class);

    private void confirm(String endpoint) {
        sns.confirmSubscription(r -> r.topicArn(ARN).token(sns.tokenSentTo(ARN, endpoint)));
    }

    @Test
    void createsAndThenWritesNothing() {
        harness.isCreatedByAndThenLeftAlone(FULL, "createTopic", "subscribe");

        assertThat(harness.known().outputs()).containsEntry("arn", ARN).containsEntry("name", "dev-it-0a1b2c3d");
        assertThat((Map<?, ?>) harness.known().outputs().get("subscriptionArns"))
                .extracting(arns -> arns.get("sqs:arn:aws:sqs:eu-west-2:123456789012:q"))
                .asString()
                .startsWith(ARN + ":");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'displayName':''} | DisplayName",
                "{'kmsMasterKeyId':''} | KmsMasterKeyId",
                "{'tracingConfig':'PassThrough'} | TracingConfig",
                "{'signatureVersion':'1'} | SignatureVersion",
                "{'policy':{'Statement':{'Effect':'Deny','Principal':'*','Action':'sns:*','Resource':'*'}}} | Policy",
                "{'deliveryPolicy':{'http':{'disableSubscriptionOverrides':true}}} | DeliveryPolicy",
                "{'deliveryStatusLogging':[]} | HTTPFailureFeedbackRoleArn",
                "{'deliveryStatusLogging':[{'protocol':'HTTP','failureFeedbackRoleArn':'x'}]} | HTTPFailureFeedbackRoleArn",
            })
    void aChangedAttributeTakesOneCall(String patch, String attribute) {
        harness.desire(FULL).converge();
        String before =
                sns.getTopicAttributes(r -> r.topicArn(ARN)).attributes().get(attribute);
        harness.calls.clear();

        harness.desire(FULL, patch).converge();

        assertThat(harness.writes()).containsExactly("setTopicAttributes");
        assertThat(sns.getTopicAttributes(r -> r.topicArn(ARN)).attributes().get(attribute))
                .isNotEqualTo(before);
    }

    @Test
    void whatNobodyHereOwnsOfTheDeliveryPolicyStays() {
        harness.desire(FULL).converge();

        harness.desire(FULL, "{'deliveryPolicy':{'http':{'disableSubscriptionOverrides':true}}}")
                .converge();

        assertThat(harness.known()
                        .spec()
                        .deliveryPolicy()
                        .http()
                        .defaultHealthyRetryPolicy()
                        .numRetries())
                .isEqualTo(5);
    }

    @Test
    void aSubscriptionsAttributesTakeOneCallEach() {
        harness.takesCalls(
                FULL,
                "{'subscriptions':[{'protocol':'sqs','endpoint':'arn:aws:sqs:eu-west-2:123456789012:q',"
                        + "'rawMessageDelivery':true,'filterPolicy':{},'redrivePolicy':"
                        + "{'deadLetterTargetArn':'arn:aws:sqs:eu-west-2:123456789012:d'}}]}",
                "setSubscriptionAttributes",
                "setSubscriptionAttributes");
    }

    @Test
    void whoIsToldNoLongerIsTakenOffBeforeOthersAreTold() {
        harness.takesCalls(
                FULL, "{'subscriptions':[{'protocol':'sms','endpoint':'+441234567'}]}", "unsubscribe", "subscribe");
    }

    @Test
    void aMailThatNobodyConfirmedIsNotSentAgain() {
        harness.desire(MAIL).converge();
        harness.calls.clear();

        harness.converge();

        assertThat(harness.writes()).isEmpty();
        assertThat(harness.known().health().ready()).isEqualTo(Health.Ready.True);
        assertThat(harness.known().health().message()).isEqualTo("not confirmed yet: email:ops@example.com");
        assertThat((Map<?, ?>) harness.known().outputs().get("subscriptionArns"))
                .isEqualTo(Map.of("email:ops@example.com", "PendingConfirmation"));
    }

    @Test
    void whatChangedWhileItWaitedIsSetOnceItIsConfirmed() {
        harness.desire(MAIL).converge();
        harness.desire(
                "{'subscriptions':[{'protocol':'email','endpoint':'ops@example.com','filterPolicy':{'a':['b']}}]}");
        assertThat(harness.diff().isEmpty()).isTrue();

        confirm("ops@example.com");
        harness.calls.clear();
        harness.converge();

        assertThat(harness.writes()).containsExactly("setSubscriptionAttributes");
        assertThat(harness.known().health()).isEqualTo(Health.AVAILABLE);
    }

    @Test
    void deliveryLoggingWithARateIsTakenOff() {
        String role = "'arn:aws:iam::123456789012:role/sns'";
        harness.desire("{'deliveryStatusLogging':[{'protocol':'HTTP','successFeedbackRoleArn':" + role
                        + ",'successFeedbackSampleRate':10,'failureFeedbackRoleArn':" + role + "}]}")
                .converge();

        harness.desire("{'deliveryStatusLogging':[]}").converge();

        assertThat(sns.getTopicAttributes(r -> r.topicArn(ARN)).attributes())
                .doesNotContainKeys("HTTPSuccessFeedbackRoleArn", "HTTPFailureFeedbackRoleArn");
        harness.calls.clear();
        harness.converge();
        assertThat(harness.writes()).isEmpty();
    }

    @Test
    void isAskedAgainWhenSnsHasForgottenIt() {
        harness.desire(MAIL).converge();
        harness.clock.advance(Duration.ofHours(48));
        harness.calls.clear();

        harness.converge();

        assertThat(harness.writes()).containsExactly("subscribe");
    }

    @Test
    void aStrangersPendingSubscriptionCannotBeTakenOffAndIsNoDrift() {
        harness.desire("{'subscriptions':[]}").converge();
        sns.subscribe(r -> r.topicArn(ARN).protocol("email").endpoint("who@example.com"));
        assertThat(harness.diff().isEmpty()).isTrue();

        confirm("who@example.com");

        assertThat(harness.diff().changed()).containsExactly("subscriptions");
        harness.converge();
        assertThat(sns.listSubscriptions(r -> {}).subscriptions()).isEmpty();
    }

    @Test
    void repairsWhatSomebodyElseChanged() {
        harness.desire(FULL).converge();

        sns.setTopicAttributes(r -> r.topicArn(ARN).attributeName("DisplayName").attributeValue("x"));
        sns.tagResource(r -> r.resourceArn(ARN)
                .tags(t -> t.key("a").value("x"), t -> t.key("theirs").value("1")));
        sns.listSubscriptionsByTopic(r -> r.topicArn(ARN))
                .subscriptions()
                .forEach(s -> sns.unsubscribe(r -> r.subscriptionArn(s.subscriptionArn())));

        assertThat(harness.diff().changed()).containsExactlyInAnyOrder("displayName", "tags", "subscriptions");
        harness.converge();
        assertThat(harness.known().identity().tags()).containsEntry("theirs", "1");
    }

    @Test
    void removesTagsThatWereOursOnce() {
        harness.takesOffTagsThatWereOurs(FULL);
    }

    @Test
    void aFifoTopicKeepsItsOwnAttributes() {
        String fifo = "{'topicName':'a.fifo','fifoTopic':true,'contentBasedDeduplication':true,"
                + "'fifoThroughputScope':'MessageGroup'}";
        harness.desire(fifo).converge();
        harness.desire(fifo, "{'contentBasedDeduplication':false}").converge();

        assertThat(harness.writes()).containsExactly("createTopic", "setTopicAttributes");
        assertThat(harness.desire(fifo, "{'fifoTopic':false}").diff().replaces())
                .isTrue();
    }

    @Test
    void aCreationThatIsTriedAgainGivesTheSameTopic() {
        harness.desire(FULL).create();
        harness.create();

        assertThat(harness.inventory()).hasSize(1);
    }

    @Test
    void aStrangersTopicIsNotTaken() {
        sns.createTopic(r -> r.name("dev-it-0a1b2c3d"));
        harness.desire("{}");

        assertThatExceptionOfType(InvalidParameterException.class)
                .isThrownBy(harness::create)
                .satisfies(e -> assertThat(new TopicKind().info().faultRules())
                        .filteredOn(r -> r.fragment() != null && e.getMessage().contains(r.fragment()))
                        .extracting(FaultRule::category)
                        .containsExactly(Fault.Category.EXISTS));
        assertThat(harness.known().identity().tags()).isEmpty();
        assertThat(harness.known().identity().resource()).isNull();
    }

    @Test
    void tagsTakeNoReadWhereTheIndexSaysWhatIsDesired() {
        harness.desire("{}").converge();
        harness.indexed = true;
        harness.calls.clear();

        harness.known();

        assertThat(harness.calls).containsExactly("getTopicAttributes", "listSubscriptionsByTopicPaginator");
    }

    @Test
    void smallPagesChangeNothing() {
        harness.desire(FULL).converge();
        sns.subscribe(r -> r.topicArn(ARN).protocol("sms").endpoint("+441234567"));
        var before = harness.known();

        harness.settings.pageSize(1);

        assertThat(harness.known()).isEqualTo(before);
    }

    @Test
    void isDeletedWithItsSubscriptions() {
        harness.desire(FULL).converge();
        assertThat(harness.delete()).isEqualTo(1);
        assertThat(harness.inventory()).isEmpty();
        assertThat(sns.listSubscriptions(r -> {}).subscriptions()).isEmpty();
    }
}
