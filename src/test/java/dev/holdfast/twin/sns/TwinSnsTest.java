package dev.holdfast.twin.sns;

import static dev.holdfast.twin.TwinRefusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.Subscription;

class TwinSnsTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final TwinSns sns =
            new TwinAccount("123456789012", clock, new TwinSettings(), 1).service("eu-west-2", TwinSns.class);
    private final String arn = sns.createTopic(r -> r.name("a")
                    .attributes(Map.of("DisplayName", "A"))
                    .tags(t -> t.key("k").value("v")))
            .topicArn();

    @Test
    void creatingAgainGivesTheSameTopicIfItIsTheSame() {
        assertThat(sns.createTopic(r -> r.name("a")).topicArn()).isEqualTo(arn);
        assertThat(sns.createTopic(r -> r.name("a")
                                .attributes(Map.of("DisplayName", "A"))
                                .tags(t -> t.key("k").value("v")))
                        .topicArn())
                .isEqualTo(arn);
        refused(
                400,
                "InvalidParameter",
                "Topic already exists with different attributes",
                () -> sns.createTopic(r -> r.name("a").attributes(Map.of("DisplayName", "B"))));
        refused(
                400,
                "InvalidParameter",
                "Topic already exists with different tags",
                () -> sns.createTopic(r -> r.name("a").tags(t -> t.key("k").value("w"))));
    }

    @Test
    void showsWhatNobodySet() {
        assertThat(sns.getTopicAttributes(r -> r.topicArn(arn)).attributes())
                .containsEntry("Owner", "123456789012")
                .containsEntry("SubscriptionsConfirmed", "0")
                .containsKeys("Policy", "EffectiveDeliveryPolicy")
                .doesNotContainKeys("SignatureVersion", "TracingConfig", "KmsMasterKeyId", "FifoTopic");
    }

    @Test
    void mailWaitsForItsConfirmationAndIsForgottenWithoutIt() {
        assertThat(sns.subscribe(r -> r.topicArn(arn).protocol("email").endpoint("a@b"))
                        .subscriptionArn())
                .isEqualTo("pending confirmation");
        assertThat(sns.listSubscriptionsByTopic(r -> r.topicArn(arn)).subscriptions())
                .extracting(Subscription::subscriptionArn)
                .containsExactly("PendingConfirmation");
        refused(
                400,
                "InvalidParameter",
                "An ARN must have at least 6 elements",
                () -> sns.unsubscribe(r -> r.subscriptionArn("PendingConfirmation")));

        clock.advance(Duration.ofHours(48));

        assertThat(sns.listSubscriptionsByTopic(r -> r.topicArn(arn)).subscriptions())
                .isEmpty();
    }

    @Test
    void aConfirmedSubscriptionHasAnArnAndTellsWhatItIsLike() {
        sns.subscribe(r -> r.topicArn(arn).protocol("https").endpoint("https://example.com"));
        String token = sns.tokenSentTo(arn, "https://example.com");

        String confirmed =
                sns.confirmSubscription(r -> r.topicArn(arn).token(token)).subscriptionArn();

        assertThat(sns.getSubscriptionAttributes(r -> r.subscriptionArn(confirmed))
                        .attributes())
                .containsEntry("PendingConfirmation", "false")
                .containsEntry("RawMessageDelivery", "false")
                .doesNotContainKey("FilterPolicyScope");
        refused(
                400,
                "InvalidParameter",
                "Subscription already exists with different attributes",
                () -> sns.subscribe(r -> r.topicArn(arn)
                        .protocol("https")
                        .endpoint("https://example.com")
                        .attributes(Map.of("RawMessageDelivery", "true"))));
    }

    @Test
    void refusesWhatSnsRefuses() {
        refused(400, "InvalidParameter", "Topic Name", () -> sns.createTopic(r -> r.name("a b")));
        refused(
                400,
                "InvalidParameter",
                "must end with .fifo",
                () -> sns.createTopic(r -> r.name("b").attributes(Map.of("FifoTopic", "true"))));
        refused(
                400,
                "InvalidParameter",
                "only be set for FIFO topics",
                () -> sns.createTopic(r -> r.name("b").attributes(Map.of("ContentBasedDeduplication", "true"))));
        refused(404, "NotFound", "Topic does not exist", () -> sns.getTopicAttributes(r -> r.topicArn(arn + "x")));
        refused(404, "ResourceNotFound", "", () -> sns.listTagsForResource(r -> r.resourceArn(arn + "x")));
        refused(
                400,
                "InvalidParameter",
                "does not support this protocol",
                () -> sns.subscribe(r -> r.topicArn(arn).protocol("fax").endpoint("1")));
        refused(
                400,
                "InvalidParameter",
                "raw message delivery",
                () -> sns.subscribe(r -> r.topicArn(arn)
                        .protocol("email")
                        .endpoint("a@b")
                        .attributes(Map.of("RawMessageDelivery", "true"))));
        refused(
                400,
                "InvalidParameter",
                "AttributeName",
                () -> sns.setTopicAttributes(
                        r -> r.topicArn(arn).attributeName("FifoTopic").attributeValue("true")));
    }

    @Test
    void deletingIsIdempotentAndKeepsWhatWasPublished() {
        sns.publish(r -> r.topicArn(arn).subject("s").message("m"));

        sns.deleteTopic(r -> r.topicArn(arn));
        sns.deleteTopic(r -> r.topicArn(arn));

        assertThat(sns.published()).containsExactly(new TwinSns.Message(arn, "s", "m", Map.of()));
        refused(
                404,
                "NotFound",
                "Topic does not exist",
                () -> sns.publish(r -> r.topicArn(arn).message("m")));
    }

    private static MessageAttributeValue attribute(String type, String value) {
        return MessageAttributeValue.builder().dataType(type).stringValue(value).build();
    }

    /** https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html */
    @Test
    void aSubscriptionTakesWhatItsFilterAccepts() {
        String all = sns.subscribe(r -> r.topicArn(arn).protocol("sqs").endpoint("arn:aws:sqs:eu-west-2:1:all"))
                .subscriptionArn();
        String filtered = sns.subscribe(r -> r.topicArn(arn)
                        .protocol("sqs")
                        .endpoint("arn:aws:sqs:eu-west-2:1:some")
                        .attributes(Map.of("FilterPolicy", "{\"who\":[\"a\",\"b\"],\"how\":[\"bad\"]}")))
                .subscriptionArn();
        MessageAttributeValue bad = attribute("String", "bad");

        publish("plain", Map.of());
        publish("one", Map.of("who", attribute("String", "a"), "how", bad));
        publish("another", Map.of("who", attribute("String", "c"), "how", bad));
        publish("one name missing", Map.of("who", attribute("String", "a")));
        publish("among others", Map.of("who", attribute("String.Array", "[\"c\",\"b\"]"), "how", bad));
        publish("none of them", Map.of("who", attribute("String.Array", "[\"c\",\"ab\"]"), "how", bad));
        publish("an array by its text only", Map.of("who", attribute("String", "[\"a\"]"), "how", bad));
        publish("no array", Map.of("who", attribute("String.Array", "[\"a\""), "how", bad));

        assertThat(sns.publishedTo(all)).hasSize(8);
        assertThat(sns.publishedTo(filtered)).extracting(TwinSns.Message::text).containsExactly("one", "among others");
    }

    private void publish(String text, Map<String, MessageAttributeValue> attributes) {
        sns.publish(r -> r.topicArn(arn).message(text).messageAttributes(attributes));
    }

    @Test
    void attributesHaveANameATypeAndAValueAndCountAsPartOfTheMessage() {
        refused(400, "ParameterValueInvalid", "name", () -> publish("m", Map.of(".a", attribute("String", "v"))));
        refused(400, "ParameterValueInvalid", "type", () -> publish("m", Map.of("a", attribute("Text", "v"))));
        refused(400, "ParameterValueInvalid", "non-empty", () -> publish("m", Map.of("a", attribute("String", ""))));
        String most = "x".repeat(262_144 - "m".length() - "a".length() - "String".length());
        publish("m", Map.of("a", attribute("String", most)));
        refused(
                400,
                "InvalidParameter",
                "Message too long",
                () -> publish("m", Map.of("a", attribute("String", most + "x"))));
    }
}
