package dev.holdfast.twin.sns;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.twin.store.TwinErrors;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sns.model.InvalidParameterValueException;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;
import software.amazon.awssdk.services.sns.model.PublishRequest;

/**
 * SNS's rules for published messages.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/api/API_Publish.html">Publish</a>
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html">Message attributes</a>
 */
final class MessageRules {
    /** The largest size in bytes of the message with the names, types and values of its attributes. */
    private static final int MOST = 262_144;

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final Pattern NAME = Pattern.compile("(?!.*\\.\\.)(?!\\.)[A-Za-z0-9_.-]{1,256}(?<!\\.)");
    private static final List<String> TYPES = List.of("Binary", "Number", "String");

    private MessageRules() {}

    static void check(PublishRequest r) {
        if (r.message() == null || r.message().isEmpty()) {
            throw TwinSns.invalid("Empty message");
        }
        if (r.subject() != null && (r.subject().isEmpty() || r.subject().length() > 100)) {
            throw TwinSns.invalid("Subject");
        }
        checkStructure(r);
        r.messageAttributes().forEach(MessageRules::check);
        int size = bytes(r.message())
                + r.messageAttributes().entrySet().stream()
                        .mapToInt(e -> bytes(e.getKey()) + bytes(e.getValue()))
                        .sum();
        if (size > MOST) {
            throw TwinSns.invalid("Message too long");
        }
    }

    /** A message with the structure {@code json} has a text for each protocol, and one text for all other protocols. */
    private static void checkStructure(PublishRequest r) {
        if (r.messageStructure() == null) {
            return;
        }
        if (!r.messageStructure().equals("json")) {
            throw TwinSns.invalid("MessageStructure");
        }
        try {
            if (!MAPPER.readTree(r.message()).path("default").isTextual()) {
                throw TwinSns.invalid("Message Structure - No default entry in JSON message body");
            }
        } catch (JsonProcessingException e) {
            throw TwinSns.invalid("Message Structure - JSON message body failed to parse");
        }
    }

    private static void check(String name, MessageAttributeValue value) {
        if (!NAME.matcher(name).matches()) {
            throw invalidValue("The message attribute name '" + name + "' is invalid.");
        }
        String type = String.valueOf(value.dataType());
        if (TYPES.stream().noneMatch(t -> type.equals(t) || type.startsWith(t + "."))) {
            throw invalidValue("The message attribute '" + name
                    + "' has an invalid message attribute type, the set of supported type prefixes is"
                    + " Binary, Number, and String.");
        }
        if (bytes(value.stringValue()) + bytes(value.binaryValue()) == 0) {
            throw invalidValue("The message attribute '" + name
                    + "' must contain non-empty message attribute value for message attribute type '" + type + "'.");
        }
    }

    private static int bytes(MessageAttributeValue value) {
        return bytes(value.dataType()) + bytes(value.stringValue()) + bytes(value.binaryValue());
    }

    private static int bytes(@Nullable String text) {
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static int bytes(@Nullable SdkBytes binary) {
        return binary == null ? 0 : binary.asByteArrayUnsafe().length;
    }

    private static AwsServiceException invalidValue(String message) {
        return TwinErrors.refused(InvalidParameterValueException.builder(), "ParameterValueInvalid", message);
    }
}
