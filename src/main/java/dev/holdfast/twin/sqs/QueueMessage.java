package dev.holdfast.twin.sqs;

import dev.holdfast.twin.store.Contents;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** One message: its content and the state of its delivery. The queue changes this state. */
final class QueueMessage {
    final String id;
    final String body;
    final Map<String, MessageAttributeValue> attributes;
    /** The id of the sender, as SQS returns it. */
    final String sender;

    /** The time at which the message was sent; in the future until EventBridge delivers the message. */
    final Instant sentAt;
    /** The time from which the message can be received, for the first time or again. */
    Instant visibleAt;

    int receiveCount;

    @Nullable
    Instant firstReceivedAt;

    boolean deleted;
    /** The number of the entry in the queue that holds the present time of visibility. */
    long turn;

    QueueMessage(String id, Content content, String sender, Instant sentAt) {
        this.id = id;
        this.body = content.body();
        this.attributes = Map.copyOf(content.attributes());
        this.sender = sender;
        this.sentAt = sentAt;
        this.visibleAt = sentAt;
    }

    record Content(String body, Map<String, MessageAttributeValue> attributes) {
        Content(String body) {
            this(body, Map.of());
        }

        int size() {
            return bytes(body).length
                    + attributes.entrySet().stream()
                            .mapToInt(e -> bytes(e.getKey()).length
                                    + bytes(e.getValue().dataType()).length
                                    + value(e.getValue()).length)
                            .sum();
        }
    }

    /** Each receipt has its own handle. Only the handle of the last receipt is valid. */
    String receiptHandle() {
        return HexFormat.of().formatHex(bytes(id + "#" + receiveCount));
    }

    /** The id and the count in a receipt handle; null if the text is no handle. */
    static String @Nullable [] receipt(@Nullable String handle) {
        try {
            String text = new String(HexFormat.of().parseHex(handle == null ? "" : handle), StandardCharsets.UTF_8);
            String[] parts = text.split("#", -1);
            return parts.length == 2 && parts[1].matches("\\d{1,9}") ? parts : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static String md5(String text) {
        return Contents.md5Hex(bytes(text));
    }

    /**
     * @return null if there are no attributes
     * @see <a
     *     href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation">how
     *     the digest is calculated</a>
     */
    static @Nullable String md5(Map<String, MessageAttributeValue> attributes) {
        if (attributes.isEmpty()) {
            return null;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new TreeMap<>(attributes).forEach((name, value) -> {
            counted(out, bytes(name));
            counted(out, bytes(value.dataType()));
            out.write(value.dataType().startsWith("Binary") ? 2 : 1);
            counted(out, value(value));
        });
        return Contents.md5Hex(out.toByteArray());
    }

    private static void counted(ByteArrayOutputStream out, byte[] bytes) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        out.writeBytes(bytes);
    }

    private static byte[] value(MessageAttributeValue value) {
        return value.binaryValue() != null
                ? value.binaryValue().asByteArray()
                : bytes(value.stringValue() == null ? "" : value.stringValue());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * The message as a caller receives it.
     *
     * @param system the names of SQS's own attributes in the request
     * @param asked the names of the sender's attributes in the request
     */
    Message shown(Collection<String> system, Collection<String> asked) {
        Map<String, String> all = Map.of(
                "SenderId", sender,
                "SentTimestamp", Long.toString(sentAt.toEpochMilli()),
                "ApproximateReceiveCount", Integer.toString(receiveCount),
                "ApproximateFirstReceiveTimestamp",
                        Long.toString(Objects.requireNonNull(firstReceivedAt).toEpochMilli()));
        Map<String, String> shown = new HashMap<>(all);
        if (!system.contains("All")) {
            shown.keySet().retainAll(system);
        }
        Map<String, MessageAttributeValue> own = new TreeMap<>(attributes);
        own.keySet().removeIf(name -> asked.stream().noneMatch(one -> asks(one, name)));
        Message.Builder message = Message.builder()
                .messageId(id)
                .receiptHandle(receiptHandle())
                .body(body)
                .md5OfBody(QueueMessage.md5(body));
        if (!shown.isEmpty()) {
            message.attributesWithStrings(shown);
        }
        return own.isEmpty()
                ? message.build()
                : message.messageAttributes(own)
                        .md5OfMessageAttributes(QueueMessage.md5(own))
                        .build();
    }

    private static boolean asks(String asked, String name) {
        return asked.equals("All")
                || asked.equals(name)
                || (asked.endsWith(".*") && name.startsWith(asked.substring(0, asked.length() - 2)));
    }
}
