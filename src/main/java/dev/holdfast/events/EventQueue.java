package dev.holdfast.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * The queue of change events.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html">Long
 *     polling</a>
 */
final class EventQueue {
    /** The maximum number of messages in one read and in one batch of deletions. */
    static final int PAGE = 10;
    /** The longest poll, which has to be shorter than the timeout of one call. */
    static final Duration LONGEST_POLL = Duration.ofSeconds(8);

    private final SqsClient sqs;
    private final String url;

    EventQueue(SqsClient sqs, String url) {
        this.sqs = sqs;
        this.url = url;
    }

    String url() {
        return url;
    }

    /** @param wait the maximum time to wait for a first message */
    List<Message> receive(Duration wait) {
        return sqs.receiveMessage(
                        r -> r.queueUrl(url).maxNumberOfMessages(PAGE).waitTimeSeconds((int) wait.toSeconds()))
                .messages();
    }

    /** The queue delivers a message again if it cannot be deleted, which does no harm. */
    void delete(List<String> receipts) {
        for (int from = 0; from < receipts.size(); from += PAGE) {
            List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
            for (String receipt : receipts.subList(from, Math.min(from + PAGE, receipts.size()))) {
                entries.add(DeleteMessageBatchRequestEntry.builder()
                        .id(String.valueOf(entries.size()))
                        .receiptHandle(receipt)
                        .build());
            }
            sqs.deleteMessageBatch(r -> r.queueUrl(url).entries(entries));
        }
    }
}
