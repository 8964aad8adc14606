package dev.holdfast.twin.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.store.TwinContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One standard queue and its messages. Callers receive messages in the order in which they became visible. */
final class MessageQueue {
    private final TwinContext context;
    final String name;
    final QueueAttributes attributes = new QueueAttributes();
    final Map<String, String> tags = new TreeMap<>();
    final Instant createdAt;
    Instant modifiedAt;

    @Nullable
    Instant purgedAt;

    private final Map<String, QueueMessage> messages = new LinkedHashMap<>();
    private final ArrayDeque<QueueMessage> ready = new ArrayDeque<>();
    private final PriorityQueue<HiddenMessage> waiting =
            new PriorityQueue<>(Comparator.comparing(HiddenMessage::until).thenComparing(HiddenMessage::number));
    private long waits;

    /**
     * A message that is invisible for a while. @param number keeps the order of messages that become visible together
     */
    private record HiddenMessage(QueueMessage message, Instant until, long number) {
        /** Whether the message still waits for this time: it was neither deleted nor hidden again. */
        boolean holds() {
            return !message.deleted && message.turn == number;
        }
    }

    MessageQueue(TwinContext context, String name) {
        this.context = context;
        this.name = name;
        this.createdAt = context.now();
        this.modifiedAt = createdAt;
    }

    String arn() {
        return context.arn("sqs", name);
    }

    String url() {
        return "https://sqs." + context.region() + ".amazonaws.com/" + context.account() + "/" + name;
    }

    void add(QueueMessage message) {
        messages.put(message.id, message);
        hide(message, message.visibleAt);
    }

    private void hide(QueueMessage message, Instant until) {
        message.visibleAt = until;
        message.turn = ++waits;
        waiting.add(new HiddenMessage(message, until, waits));
    }

    /** Makes messages visible that are due, and removes messages whose retention period is over. */
    private void look() {
        Instant now = context.now();
        while (!waiting.isEmpty() && !waiting.peek().until().isAfter(now)) {
            HiddenMessage due = waiting.remove();
            if (due.holds()) {
                ready.add(due.message());
            }
        }
        Instant oldest = now.minusSeconds(attributes.number("MessageRetentionPeriod"));
        messages.values().stream()
                .takeWhile(m -> m.sentAt.isBefore(oldest))
                .toList()
                .forEach(this::remove);
    }

    /** @param deadLetters accepts messages that were received too often; returns false if its queue does not exist */
    List<QueueMessage> receive(int most, int visibilityTimeout, Predicate<QueueMessage> deadLetters) {
        look();
        JsonNode redrive = attributes.document("RedrivePolicy");
        int tries = redrive == null
                ? Integer.MAX_VALUE
                : redrive.path("maxReceiveCount").asInt();
        List<QueueMessage> taken = new ArrayList<>();
        while (taken.size() < most && !ready.isEmpty()) {
            QueueMessage next = ready.remove();
            if (next.deleted) {
                continue;
            }
            if (next.receiveCount >= tries && deadLetters.test(next)) {
                remove(next);
                continue;
            }
            next.receiveCount++;
            if (next.firstReceivedAt == null) {
                next.firstReceivedAt = context.now();
            }
            taken.add(next);
            hide(next, context.now().plusSeconds(visibilityTimeout));
        }
        return taken;
    }

    private void remove(QueueMessage message) {
        message.deleted = true;
        messages.remove(message.id);
    }

    /** A receipt handle of a deleted message, or of a message that was received again since then, is no error. */
    void delete(@Nullable String receiptHandle) {
        QueueMessage message = received(receiptHandle);
        if (message != null) {
            remove(message);
        }
    }

    /** @return whether the message is still in flight */
    boolean changeVisibility(@Nullable String receiptHandle, int seconds) {
        QueueMessage message = received(receiptHandle);
        if (message == null || !message.visibleAt.isAfter(context.now())) {
            return false;
        }
        Instant until = context.now().plus(Duration.ofSeconds(seconds));
        hide(message, until);
        return true;
    }

    private @Nullable QueueMessage received(@Nullable String receiptHandle) {
        String[] receipt = QueueMessage.receipt(receiptHandle);
        if (receipt == null) {
            throw SqsErrors.invalidReceipt(receiptHandle);
        }
        QueueMessage message = messages.get(receipt[0]);
        return message != null && message.receiveCount == Integer.parseInt(receipt[1]) ? message : null;
    }

    /** Messages that EventBridge has not delivered yet stay in the queue. */
    void purge() {
        purgedAt = context.now();
        messages.values().stream().filter(m -> !onItsWay(m)).toList().forEach(this::remove);
    }

    private boolean onItsWay(QueueMessage message) {
        return message.sentAt.isAfter(context.now());
    }

    /** All attributes, including those that only SQS sets. */
    Map<String, String> shown() {
        look();
        int visible = 0;
        int inFlight = 0;
        int delayed = 0;
        for (QueueMessage m : messages.values()) {
            if (onItsWay(m)) {
                continue;
            }
            boolean hidden = m.visibleAt.isAfter(context.now());
            if (!hidden) {
                visible++;
            } else if (m.receiveCount > 0) {
                inFlight++;
            } else {
                delayed++;
            }
        }
        Map<String, String> shown = attributes.all();
        shown.put("QueueArn", arn());
        shown.put("CreatedTimestamp", Long.toString(createdAt.getEpochSecond()));
        shown.put("LastModifiedTimestamp", Long.toString(modifiedAt.getEpochSecond()));
        shown.put("ApproximateNumberOfMessages", Integer.toString(visible));
        shown.put("ApproximateNumberOfMessagesNotVisible", Integer.toString(inFlight));
        shown.put("ApproximateNumberOfMessagesDelayed", Integer.toString(delayed));
        return shown;
    }
}
