package dev.holdfast.twin.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.store.EventSink;
import dev.holdfast.twin.store.EventSource;
import dev.holdfast.twin.store.LongPolling;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinErrors;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.*;

/**
 * The twin of SQS: standard queues with visibility timeouts, delays and dead-letter queues by the twin's clock. It has
 * no FIFO queues.
 */
public final class TwinSqs implements SqsClient, TwinService, LongPolling {
    private static final int PAGE = 1000;

    private final TwinContext context;
    private final Map<String, MessageQueue> queues = new TreeMap<>();
    private Instant lookedAt = Instant.EPOCH;

    public TwinSqs(TwinContext context) {
        this.context = context;
    }

    /** Lets other services send the events that are due, at most ten times a second, because this may take long. */
    private void catchUp() {
        Instant now = context.now();
        if (!now.isBefore(lookedAt.plusMillis(100))
                && context.peer(EventSink.class).listening()) {
            lookedAt = now;
            context.peers(EventSource.class).forEach(EventSource::catchUp);
        }
    }

    /**
     * Delivers a message from another service, if the queue exists.
     *
     * @param at the time of arrival; a time that is not in the future means at once
     */
    public void deliver(String queueArn, String body, Instant at) {
        MessageQueue queue = queues.get(nameOf(queueArn));
        if (queue != null) {
            queue.add(new QueueMessage(
                    context.uuid(),
                    new QueueMessage.Content(body),
                    "AIDAIE4KPWYCZ6D3VJ6QK",
                    latest(at, context.now())));
        }
    }

    private static Instant latest(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }

    private static String nameOf(String queueArn) {
        return queueArn.substring(queueArn.lastIndexOf(':') + 1);
    }

    /** The policy of a queue; null if the queue has none or does not exist. */
    public @Nullable JsonNode policyOf(String queueArn) {
        MessageQueue queue = queues.get(nameOf(queueArn));
        return queue == null ? null : queue.attributes.document("Policy");
    }

    @Override
    public CreateQueueResponse createQueue(CreateQueueRequest r) {
        String name = String.valueOf(r.queueName());
        if (name.endsWith(".fifo") || "true".equals(r.attributesAsStrings().get("FifoQueue"))) {
            throw TwinErrors.error(501, "NotImplemented", "the twin has no FIFO queues");
        }
        if (!name.matches("[A-Za-z0-9_-]{1,80}")) {
            throw SqsErrors.invalidParameter(
                    "Can only include alphanumeric characters, hyphens, or underscores." + " 1 to 80 in length");
        }
        MessageQueue there = queues.get(name);
        if (there != null) {
            if (!there.attributes
                    .all()
                    .entrySet()
                    .containsAll(r.attributesAsStrings().entrySet())) {
                throw TwinErrors.refused(
                        QueueNameExistsException.builder(),
                        "QueueAlreadyExists",
                        "A queue already exists with the same name and a different value for attribute "
                                + r.attributesAsStrings().keySet());
            }
            return CreateQueueResponse.builder().queueUrl(there.url()).build();
        }
        MessageQueue made = new MessageQueue(context, name);
        made.attributes.set(r.attributesAsStrings());
        made.tags.putAll(r.tags());
        queues.put(name, made);
        return CreateQueueResponse.builder().queueUrl(made.url()).build();
    }

    /**
     * Finds a queue by the name at the end of a URL. The host does not matter: clients may use the address of the twin.
     */
    private MessageQueue queue(@Nullable String url) {
        String text = String.valueOf(url);
        MessageQueue queue = queues.get(text.substring(text.lastIndexOf('/') + 1));
        if (queue == null || (text.contains("/") && !text.endsWith("/" + context.account() + "/" + queue.name))) {
            throw SqsErrors.noSuchQueue();
        }
        return queue;
    }

    @Override
    public GetQueueUrlResponse getQueueUrl(GetQueueUrlRequest r) {
        MessageQueue queue = queues.get(String.valueOf(r.queueName()));
        if (queue == null
                || !Objects.requireNonNullElse(r.queueOwnerAWSAccountId(), context.account())
                        .equals(context.account())) {
            throw SqsErrors.noSuchQueue();
        }
        return GetQueueUrlResponse.builder().queueUrl(queue.url()).build();
    }

    @Override
    public ListQueuesResponse listQueues(ListQueuesRequest r) {
        String prefix = Objects.requireNonNullElse(r.queueNamePrefix(), "");
        List<String> urls = queues.values().stream()
                .filter(q -> q.name.startsWith(prefix))
                .map(MessageQueue::url)
                .toList();
        return context.page(r, ListQueuesResponse.builder(), urls, PAGE);
    }

    @Override
    public DeleteQueueResponse deleteQueue(DeleteQueueRequest r) {
        queues.remove(queue(r.queueUrl()).name);
        return DeleteQueueResponse.builder().build();
    }

    @Override
    public PurgeQueueResponse purgeQueue(PurgeQueueRequest r) {
        MessageQueue queue = queue(r.queueUrl());
        if (queue.purgedAt != null && context.now().isBefore(queue.purgedAt.plusSeconds(60))) {
            throw SqsErrors.named(
                    PurgeQueueInProgressException.builder(),
                    "PurgeQueueInProgress",
                    "Only one PurgeQueue operation on " + queue.name + " is allowed every 60 seconds.");
        }
        queue.purge();
        return PurgeQueueResponse.builder().build();
    }

    @Override
    public GetQueueAttributesResponse getQueueAttributes(GetQueueAttributesRequest r) {
        catchUp();
        Map<String, String> shown = queue(r.queueUrl()).shown();
        List<String> asked = r.attributeNamesAsStrings();
        if (!asked.contains("All")) {
            shown.keySet().retainAll(asked);
        }
        return GetQueueAttributesResponse.builder().attributesWithStrings(shown).build();
    }

    @Override
    public SetQueueAttributesResponse setQueueAttributes(SetQueueAttributesRequest r) {
        MessageQueue queue = queue(r.queueUrl());
        queue.attributes.set(r.attributesAsStrings());
        queue.modifiedAt = context.now();
        return SetQueueAttributesResponse.builder().build();
    }

    @Override
    public SendMessageResponse sendMessage(SendMessageRequest r) {
        QueueMessage sent = send(
                queue(r.queueUrl()),
                new QueueMessage.Content(String.valueOf(r.messageBody()), r.messageAttributes()),
                r.delaySeconds());
        return SendMessageResponse.builder()
                .messageId(sent.id)
                .md5OfMessageBody(QueueMessage.md5(sent.body))
                .md5OfMessageAttributes(QueueMessage.md5(sent.attributes))
                .build();
    }

    private QueueMessage send(MessageQueue queue, QueueMessage.Content content, @Nullable Integer delaySeconds) {
        if (content.body().isEmpty()) {
            throw SqsErrors.missingParameter("MessageBody");
        }
        int most = queue.attributes.number("MaximumMessageSize");
        if (content.size() > most) {
            throw SqsErrors.invalidParameter(
                    "One or more parameters are invalid. Reason: Message must be shorter than " + most + " bytes.");
        }
        int delay = delaySeconds == null ? queue.attributes.number("DelaySeconds") : delaySeconds;
        if (delay < 0 || delay > 900) {
            throw SqsErrors.invalidParameter("Value " + delay
                    + " for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.");
        }
        QueueMessage message =
                new QueueMessage(context.uuid(), content, "AIDA" + context.account() + "TWIN", context.now());
        message.visibleAt = context.now().plusSeconds(delay);
        queue.add(message);
        return message;
    }

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest r) {
        MessageQueue queue = queue(r.queueUrl());
        Batches<SendMessageBatchResultEntry> done =
                Batches.each(r.entries(), SendMessageBatchRequestEntry::id, entry -> {
                    QueueMessage sent = send(
                            queue,
                            new QueueMessage.Content(String.valueOf(entry.messageBody()), entry.messageAttributes()),
                            entry.delaySeconds());
                    return SendMessageBatchResultEntry.builder()
                            .id(entry.id())
                            .messageId(sent.id)
                            .md5OfMessageBody(QueueMessage.md5(sent.body))
                            .md5OfMessageAttributes(QueueMessage.md5(sent.attributes))
                            .build();
                });
        return SendMessageBatchResponse.builder()
                .successful(done.successful())
                .failed(done.failed())
                .build();
    }

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest r) {
        MessageQueue queue = queue(r.queueUrl());
        int most = Objects.requireNonNullElse(r.maxNumberOfMessages(), 1);
        if (most < 1 || most > 10) {
            throw SqsErrors.invalidParameter("Value " + most + " for parameter MaxNumberOfMessages is invalid."
                    + " Reason: Must be between 1 and 10, if provided.");
        }
        QueueAttributes.checkWait(r.waitTimeSeconds());
        int hidden = Objects.requireNonNullElse(r.visibilityTimeout(), queue.attributes.number("VisibilityTimeout"));
        QueueAttributes.checkVisibility(hidden);
        catchUp();
        Collection<String> system = new TreeSet<>(r.messageSystemAttributeNamesAsStrings());
        system.addAll(r.attributeNamesAsStrings());
        List<Message> messages = queue.receive(most, hidden, dead -> bury(queue, dead)).stream()
                .map(m -> m.shown(system, r.messageAttributeNames()))
                .toList();
        // AWS omits the member, and the SDK reads it as an empty list
        return messages.isEmpty()
                ? ReceiveMessageResponse.builder().build()
                : ReceiveMessageResponse.builder().messages(messages).build();
    }

    /** Moves a message to the dead-letter queue. It keeps its id, its age and its content. */
    private boolean bury(MessageQueue from, QueueMessage dead) {
        JsonNode redrive = Objects.requireNonNull(from.attributes.document("RedrivePolicy"));
        MessageQueue letters =
                queues.get(nameOf(redrive.path("deadLetterTargetArn").asText()));
        if (letters == null) {
            return false;
        }
        letters.add(new QueueMessage(
                dead.id, new QueueMessage.Content(dead.body, dead.attributes), dead.sender, dead.sentAt));
        return true;
    }

    @Override
    public Duration patience(SdkPojo request, SdkPojo answer) {
        if (!(request instanceof ReceiveMessageRequest r)
                || !(answer instanceof ReceiveMessageResponse none)
                || !none.messages().isEmpty()) {
            return Duration.ZERO;
        }
        return Duration.ofSeconds(Objects.requireNonNullElse(
                r.waitTimeSeconds(), queue(r.queueUrl()).attributes.number("ReceiveMessageWaitTimeSeconds")));
    }

    @Override
    public DeleteMessageResponse deleteMessage(DeleteMessageRequest r) {
        queue(r.queueUrl()).delete(r.receiptHandle());
        return DeleteMessageResponse.builder().build();
    }

    @Override
    public DeleteMessageBatchResponse deleteMessageBatch(DeleteMessageBatchRequest r) {
        MessageQueue queue = queue(r.queueUrl());
        Batches<DeleteMessageBatchResultEntry> done =
                Batches.each(r.entries(), DeleteMessageBatchRequestEntry::id, entry -> {
                    queue.delete(entry.receiptHandle());
                    return DeleteMessageBatchResultEntry.builder()
                            .id(entry.id())
                            .build();
                });
        return DeleteMessageBatchResponse.builder()
                .successful(done.successful())
                .failed(done.failed())
                .build();
    }

    @Override
    public ChangeMessageVisibilityResponse changeMessageVisibility(ChangeMessageVisibilityRequest r) {
        changeVisibility(queue(r.queueUrl()), r.receiptHandle(), r.visibilityTimeout());
        return ChangeMessageVisibilityResponse.builder().build();
    }

    private static void changeVisibility(
            MessageQueue queue, @Nullable String receiptHandle, @Nullable Integer seconds) {
        if (seconds == null) {
            throw SqsErrors.missingParameter("VisibilityTimeout");
        }
        QueueAttributes.checkVisibility(seconds);
        if (!queue.changeVisibility(receiptHandle, seconds)) {
            throw SqsErrors.named(
                    MessageNotInflightException.builder(),
                    "MessageNotInflight",
                    "The specified message isn't in flight.");
        }
    }

    @Override
    public ChangeMessageVisibilityBatchResponse changeMessageVisibilityBatch(ChangeMessageVisibilityBatchRequest r) {
        MessageQueue queue = queue(r.queueUrl());
        Batches<ChangeMessageVisibilityBatchResultEntry> done =
                Batches.each(r.entries(), ChangeMessageVisibilityBatchRequestEntry::id, entry -> {
                    changeVisibility(queue, entry.receiptHandle(), entry.visibilityTimeout());
                    return ChangeMessageVisibilityBatchResultEntry.builder()
                            .id(entry.id())
                            .build();
                });
        return ChangeMessageVisibilityBatchResponse.builder()
                .successful(done.successful())
                .failed(done.failed())
                .build();
    }

    @Override
    public TagQueueResponse tagQueue(TagQueueRequest r) {
        queue(r.queueUrl()).tags.putAll(r.tags());
        return TagQueueResponse.builder().build();
    }

    @Override
    public UntagQueueResponse untagQueue(UntagQueueRequest r) {
        queue(r.queueUrl()).tags.keySet().removeAll(r.tagKeys());
        return UntagQueueResponse.builder().build();
    }

    @Override
    public ListQueueTagsResponse listQueueTags(ListQueueTagsRequest r) {
        return ListQueueTagsResponse.builder().tags(queue(r.queueUrl()).tags).build();
    }

    @Override
    public List<TwinItem> inventory() {
        return queues.values().stream()
                .map(q -> new TwinItem(
                        "sqs", q.arn(), q.arn(), q.tags, q.attributes.all().toString()))
                .toList();
    }
}
