package dev.holdfast.twin.sqs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.twin.store.Contents;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that a queue's owner can set: their defaults and their valid values.
 *
 * @see <a href="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html">SetQueueAttributes</a>
 */
final class QueueAttributes {
    private static final Map<String, String> AT_FIRST = Map.of(
            "DelaySeconds", "0",
            "MaximumMessageSize", "1048576",
            "MessageRetentionPeriod", "345600",
            "ReceiveMessageWaitTimeSeconds", "0",
            "SqsManagedSseEnabled", "true",
            "VisibilityTimeout", "30");
    private static final Map<String, int[]> RANGES = Map.of(
            "DelaySeconds", new int[] {0, 900},
            "KmsDataKeyReusePeriodSeconds", new int[] {60, 86_400},
            "MaximumMessageSize", new int[] {1024, 1_048_576},
            "MessageRetentionPeriod", new int[] {60, 1_209_600},
            "ReceiveMessageWaitTimeSeconds", new int[] {0, 20},
            "VisibilityTimeout", new int[] {0, 43_200});
    private static final Set<String> JSONS = Set.of("Policy", "RedrivePolicy", "RedriveAllowPolicy");

    private final Map<String, String> values = new TreeMap<>(AT_FIRST);

    /** Sets attributes; an empty value removes one. If a value is invalid, no attribute changes. */
    void set(Map<String, String> changes) {
        changes.forEach(QueueAttributes::check);
        changes.forEach((name, value) -> {
            if (value.isEmpty()) {
                values.remove(name);
            } else {
                values.put(name, value);
            }
        });
    }

    private static void check(String name, String value) {
        int[] range = RANGES.get(name);
        if (range != null) {
            if (!value.matches("\\d{1,9}")
                    || Integer.parseInt(value) < range[0]
                    || Integer.parseInt(value) > range[1]) {
                throw SqsErrors.invalidAttribute(name);
            }
        } else if (JSONS.contains(name)) {
            JsonNode read = Contents.json(value);
            if (!value.isEmpty() && (!read.isObject() || (name.equals("RedrivePolicy") && !redrive(read)))) {
                throw SqsErrors.invalidAttribute(name);
            }
        } else if (!name.equals("KmsMasterKeyId") && !name.equals("SqsManagedSseEnabled")) {
            throw SqsErrors.unknownAttribute(name);
        }
    }

    private static boolean redrive(JsonNode policy) {
        int most = policy.path("maxReceiveCount").asInt();
        return policy.path("deadLetterTargetArn").asText().startsWith("arn:") && most >= 1 && most <= 1000;
    }

    Map<String, String> all() {
        return new TreeMap<>(values);
    }

    int number(String name) {
        return Integer.parseInt(values.getOrDefault(name, AT_FIRST.getOrDefault(name, "0")));
    }

    /** The parsed value of a JSON attribute; null if it is not set. */
    @Nullable
    JsonNode document(String name) {
        String text = values.get(name);
        return text == null ? null : Contents.json(text);
    }

    /** Throws SQS's error for a wait time outside the valid range. */
    static void checkWait(@Nullable Integer seconds) {
        if (seconds != null && (seconds < 0 || seconds > 20)) {
            throw SqsErrors.invalidParameter("Value " + seconds
                    + " for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.");
        }
    }

    static void checkVisibility(int seconds) {
        if (seconds < 0 || seconds > 43_200) {
            throw SqsErrors.invalidParameter("Value " + seconds
                    + " for parameter VisibilityTimeout is invalid. Reason: Must be between 0 and 43200 seconds.");
        }
    }
}
