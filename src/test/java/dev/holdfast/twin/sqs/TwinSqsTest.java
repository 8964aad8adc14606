package dev.holdfast.twin.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.OverHttp;
import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidAttributeValueException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.QueueNameExistsException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;

/**
 * Tests the twin over HTTP with the SDK's own client, which checks the digests of all messages that it sends and
 * receives.
 */
class TwinSqsTest {
    private final DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
    private TwinServer twin;
    private SqsClient sqs;
    private String url;

    @BeforeEach
    void start() throws IOException {
        start(clock);
    }

    private void start(Clock time) throws IOException {
        twin = TwinServer.start(TwinOptions.defaults().withClock(time));
        sqs = OverHttp.client(SqsClient.class, twin.endpoint(), "123456789012");
        url = sqs.createQueue(r -> r.queueName("q")).queueUrl();
    }

    @AfterEach
    void stop() {
        twin.close();
    }

    private List<Message> receive() {
        return receive(10);
    }

    private List<Message> receive(int most) {
        return sqs.receiveMessage(r -> r.queueUrl(url)
                        .maxNumberOfMessages(most)
                        .messageAttributeNames("All")
                        .messageSystemAttributeNames(MessageSystemAttributeName.ALL))
                .messages();
    }

    private void send(String body) {
        sqs.sendMessage(r -> r.queueUrl(url).messageBody(body));
    }

    private String attribute(QueueAttributeName name) {
        return sqs.getQueueAttributes(r -> r.queueUrl(url).attributeNames(name))
                .attributes()
                .get(name);
    }

    @Test
    void aMessageIsHiddenUntilItsTimeoutIsOverAndGoneWhenItIsDeleted() {
        sqs.sendMessage(r -> r.queueUrl(url)
                .messageBody("a")
                .messageAttributes(Map.of(
                        "kind",
                        MessageAttributeValue.builder()
                                .dataType("String")
                                .stringValue("x")
                                .build())));

        Message first = receive().getFirst();
        assertThat(first.body()).isEqualTo("a");
        assertThat(first.messageAttributes()).containsKey("kind");
        assertThat(receive()).isEmpty();
        assertThat(attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .isEqualTo("1");

        clock.advance(Duration.ofSeconds(30));
        Message second = receive().getFirst();
        assertThat(second.messageId()).isEqualTo(first.messageId());
        assertThat(second.attributes())
                .containsEntry(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT, "2")
                .containsEntry(MessageSystemAttributeName.SENT_TIMESTAMP, "1767225600000");

        sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(second.receiptHandle()));
        clock.advance(Duration.ofHours(1));
        assertThat(receive()).isEmpty();
    }

    @Test
    void aMessageIsGivenBackOrKeptLonger() {
        send("a");
        Message held = receive().getFirst();
        sqs.changeMessageVisibility(
                r -> r.queueUrl(url).receiptHandle(held.receiptHandle()).visibilityTimeout(60));
        clock.advance(Duration.ofSeconds(59));
        assertThat(receive()).isEmpty();

        sqs.changeMessageVisibilityBatch(r -> r.queueUrl(url)
                .entries(e -> e.id("1").receiptHandle(held.receiptHandle()).visibilityTimeout(0)));

        assertThat(receive()).hasSize(1);
        assertThat(receive()).isEmpty();
    }

    @Test
    void whatIsReceivedTooOftenGoesToTheDeadLetters() {
        String dead = sqs.createQueue(r -> r.queueName("dead")).queueUrl();
        sqs.setQueueAttributes(
                r -> r.queueUrl(url)
                        .attributes(
                                Map.of(
                                        QueueAttributeName.REDRIVE_POLICY,
                                        "{\"deadLetterTargetArn\":\"arn:aws:sqs:eu-west-2:123456789012:dead\",\"maxReceiveCount\":2}")));
        send("poison");

        for (int i = 0; i < 2; i++) {
            assertThat(receive()).hasSize(1);
            clock.advance(Duration.ofSeconds(30));
        }

        assertThat(receive()).isEmpty();
        assertThat(sqs.receiveMessage(r -> r.queueUrl(dead)).messages())
                .extracting(Message::body)
                .containsExactly("poison");
    }

    @Test
    void aDelayedMessageComesLater() {
        sqs.sendMessageBatch(r -> r.queueUrl(url)
                .entries(
                        e -> e.id("1").messageBody("late").delaySeconds(10),
                        e -> e.id("2").messageBody("now")));

        assertThat(receive()).extracting(Message::body).containsExactly("now");
        assertThat(attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
                .isEqualTo("1");
        clock.advance(Duration.ofSeconds(10));
        assertThat(receive()).extracting(Message::body).containsExactly("late");
    }

    @Test
    void aBatchFailsEntryByEntry() {
        send("a");
        String receipt = receive().getFirst().receiptHandle();

        DeleteMessageBatchResponse done = sqs.deleteMessageBatch(r -> r.queueUrl(url)
                .entries(
                        e -> e.id("good").receiptHandle(receipt),
                        e -> e.id("bad").receiptHandle("nonsense")));

        assertThat(done.successful()).hasSize(1);
        assertThat(done.failed()).extracting(BatchResultErrorEntry::code).containsExactly("ReceiptHandleIsInvalid");
        assertThatExceptionOfType(EmptyBatchRequestException.class)
                .isThrownBy(() -> sqs.deleteMessageBatch(r -> r.queueUrl(url).entries(List.of())));
    }

    @Test
    void aPollOfADrivenClockDoesNotWait() {
        Instant start = Instant.now();

        sqs.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20));

        assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aLongPollEndsWithTheFirstMessageAndHoldsNobodyUp() throws IOException {
        stop();
        start(Clock.systemUTC());
        CompletableFuture<List<Message>> poll = CompletableFuture.supplyAsync(() ->
                sqs.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)).messages());

        send("a");

        assertThat(poll.join()).extracting(Message::body).containsExactly("a");
        assertThat(sqs.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(1)).messages())
                .isEmpty();
    }

    @Test
    void whatIsKeptTooLongIsForgotten() {
        send("a");

        clock.advance(Duration.ofDays(4).plusSeconds(1));

        assertThat(receive()).isEmpty();
        assertThat(attribute(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES)).isEqualTo("0");
    }

    @Test
    void fiftyThousandMessagesAreReadAndDeletedOnce() {
        TwinSqs inside = twin.account("123456789012").service("eu-west-2", TwinSqs.class);
        for (int i = 0; i < 50_000; i++) {
            inside.deliver("arn:aws:sqs:eu-west-2:123456789012:q", "m" + i, clock.instant());
        }
        int seen = 0;
        for (List<Message> some = more(inside); !some.isEmpty(); some = more(inside)) {
            seen += some.size();
            for (Message message : some) {
                inside.deleteMessage(r -> r.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
        }

        assertThat(seen).isEqualTo(50_000);
    }

    private List<Message> more(TwinSqs inside) {
        return inside.receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(10))
                .messages();
    }

    @Test
    void refusesWhatSqsRefuses() {
        assertThatExceptionOfType(QueueDoesNotExistException.class)
                .isThrownBy(() -> sqs.getQueueUrl(r -> r.queueName("none")))
                .satisfies(e -> assertThat(e.awsErrorDetails().errorCode())
                        .isEqualTo("AWS.SimpleQueueService.NonExistentQueue"));
        assertThatExceptionOfType(QueueNameExistsException.class)
                .isThrownBy(() -> sqs.createQueue(
                        r -> r.queueName("q").attributes(Map.of(QueueAttributeName.DELAY_SECONDS, "5"))));
        assertThatExceptionOfType(InvalidAttributeValueException.class)
                .isThrownBy(() -> sqs.setQueueAttributes(
                        r -> r.queueUrl(url).attributes(Map.of(QueueAttributeName.VISIBILITY_TIMEOUT, "-1"))));
        assertThatExceptionOfType(ReceiptHandleIsInvalidException.class)
                .isThrownBy(() -> sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle("nonsense")));
        assertThat(sqs.listQueues().queueUrls()).containsExactly(url);
    }

    @Test
    void passingMessagesIsNoChange() {
        twin.log().reset();
        send("a");
        sqs.deleteMessage(
                r -> r.queueUrl(url).receiptHandle(receive().getFirst().receiptHandle()));
        sqs.tagQueue(r -> r.queueUrl(url).tags(Map.of("a", "b")));

        assertThat(twin.log().writes()).extracting(w -> w.operation()).containsExactly("sqs:TagQueue");
        assertThat(sqs.listQueueTags(r -> r.queueUrl(url)).tags()).containsEntry("a", "b");
    }
}
