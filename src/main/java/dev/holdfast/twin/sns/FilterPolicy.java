package dev.holdfast.twin.sns;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.twin.store.Contents;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sns.model.MessageAttributeValue;

/**
 * The messages that a subscription receives, selected by their attributes. A message must have each attribute that the
 * policy names. The attribute, or one of its elements if it is an array, must equal one of the policy's values.
 *
 * <p>It supports exact matches only. It refuses a policy with other operators, or for the message body.
 *
 * @see <a href="https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html">Filter policies</a>
 */
record FilterPolicy(JsonNode wanted) {
    /** @param text null or empty selects every message */
    static FilterPolicy of(@Nullable String text, @Nullable String scope) {
        JsonNode wanted = text == null || text.isEmpty() ? JsonNodeFactory.instance.objectNode() : Contents.json(text);
        if (!wanted.isObject() || "MessageBody".equals(scope)) {
            throw new UnsupportedOperationException("filter policy " + text + " of " + scope);
        }
        return new FilterPolicy(wanted);
    }

    boolean accepts(Map<String, MessageAttributeValue> attributes) {
        return wanted.propertyStream().allMatch(e -> accepts(e.getValue(), attributes.get(e.getKey())));
    }

    private static boolean accepts(JsonNode policy, @Nullable MessageAttributeValue attribute) {
        Set<JsonNode> values = values(attribute);
        return policy.valueStream().anyMatch(value -> {
            if (value.isObject()) {
                throw new UnsupportedOperationException("filter policy with the operator " + value);
            }
            return values.contains(value);
        });
    }

    /**
     * The values of an attribute for the comparison. An attribute of an array type with invalid JSON matches nothing.
     */
    private static Set<JsonNode> values(@Nullable MessageAttributeValue attribute) {
        if (attribute == null) {
            return Set.of();
        }
        return switch (attribute.dataType()) {
            case "String" -> Set.of(TextNode.valueOf(attribute.stringValue()));
            case "String.Array", "Number" -> {
                JsonNode read = Contents.json(attribute.stringValue());
                yield read.isMissingNode()
                        ? Set.of()
                        : read.isArray() ? read.valueStream().collect(Collectors.toSet()) : Set.of(read);
            }
            default -> Set.of();
        };
    }
}
