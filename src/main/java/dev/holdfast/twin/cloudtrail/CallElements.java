package dev.holdfast.twin.cloudtrail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;
import software.amazon.awssdk.core.util.SdkAutoConstructMap;

/**
 * The parameters of a request or the elements of a response as JSON: names as in the API but with a lower-case first
 * letter, without secrets.
 */
final class CallElements {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("MMM d, yyyy h:mm:ss a", Locale.ROOT).withZone(ZoneOffset.UTC);
    /** The record omits these members. */
    private static final Set<String> SECRET = Set.of("SecretString", "SecretBinary", "ZipFile", "Plaintext");
    /** The record shows stars instead of these values. */
    private static final Set<String> PASSWORDS =
            Set.of("MasterUserPassword", "AuthToken", "Passwords", "Password", "AccessString");

    private static final String REDACTED = "=*** Sensitive Data Redacted ***";

    private CallElements() {}

    static ObjectNode of(SdkPojo shape) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        String text = shape.toString();
        for (SdkField<?> field : shape.sdkFields()) {
            Object value = value(field, shape);
            if (value != null && !SECRET.contains(field.memberName())) {
                boolean hidden = text.contains(field.memberName() + REDACTED);
                node.set(
                        lowered(field.memberName()),
                        PASSWORDS.contains(field.memberName())
                                ? node.textNode("****")
                                : hidden ? node.textNode("HIDDEN_DUE_TO_SECURITY_REASONS") : json(value));
            }
        }
        return node;
    }

    /** The value of a member; null if the member is not set. */
    static @Nullable Object value(SdkField<?> field, SdkPojo shape) {
        Object value = field.getValueOrDefault(shape);
        return value instanceof SdkAutoConstructList || value instanceof SdkAutoConstructMap ? null : value;
    }

    static JsonNode json(@Nullable Object value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case null -> NullNode.getInstance();
            case SdkPojo shape -> of(shape);
            case Collection<?> all -> {
                ArrayNode list = nodes.arrayNode();
                all.forEach(one -> list.add(json(one)));
                yield list;
            }
            case Map<?, ?> map -> {
                ObjectNode node = nodes.objectNode();
                map.forEach((key, one) -> node.set(String.valueOf(key), json(one)));
                yield node;
            }
            case Boolean flag -> nodes.booleanNode(flag);
            case Number number -> nodes.numberNode(new BigDecimal(number.toString()));
            case Instant at -> nodes.textNode(TIME.format(at));
            case SdkBytes bytes -> nodes.textNode("");
            default -> nodes.textNode(value.toString());
        };
    }

    /** {@code dBInstanceIdentifier} for {@code DBInstanceIdentifier}. */
    static String lowered(String name) {
        return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
    }
}
