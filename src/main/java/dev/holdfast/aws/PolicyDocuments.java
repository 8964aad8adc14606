package dev.holdfast.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * IAM policies as JSON. Two policies mean the same if and only if their canonical forms are equal, as far as AWS's
 * grammar decides it. Pure.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html">Grammar of the IAM
 *     JSON policy language</a>
 */
public final class PolicyDocuments {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Pattern ROOT = Pattern.compile("arn:[a-z0-9-]+:iam::(\\d{12}):root");

    /** The character by which kind.Unresolved marks a value. A string with this mark must not be changed. */
    private static final char MARK = '\u27e6';

    /** The version that AWS assumes for a policy without a version. */
    private static final String OLDEST_VERSION = "2008-10-17";

    private PolicyDocuments() {}

    /**
     * The canonical form of a policy: all policies that mean the same have the same form. It serves comparison only and
     * must not be sent, because actions lose their case.
     *
     * @param policy an object, or a text that contains one; any other value is returned unchanged
     */
    public static JsonNode canonical(@Nullable JsonNode policy) {
        return switch (policy) {
            case null -> NullNode.instance;
            case TextNode text -> {
                JsonNode parsed = text.textValue().indexOf(MARK) < 0 ? parse(text.textValue()) : text;
                yield parsed.isObject() ? canonical(parsed) : text;
            }
            case ObjectNode object -> document(object);
            default -> policy;
        };
    }

    /** The text to send to AWS: compact, with no value changed. */
    public static @Nullable String text(@Nullable JsonNode policy) {
        if (policy == null || policy.isNull()) {
            return null;
        }
        return policy.isTextual() ? policy.textValue() : policy.toString();
    }

    /**
     * Parses a policy that AWS returned. IAM percent-encodes the text (RFC 3986). A text that is not JSON is returned
     * as text, so that it shows up as a difference.
     */
    public static JsonNode parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return NullNode.instance;
        }
        // URLDecoder decodes forms, where "+" means a blank; in a policy it means "+".
        String plain =
                text.startsWith("%") ? URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8) : text;
        try {
            return JSON.readTree(plain);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(plain);
        }
    }

    private static ObjectNode document(ObjectNode policy) {
        ObjectNode result = NODES.objectNode();
        members(policy).forEach((name, value) -> {
            switch (name) {
                case "Statement" -> result.set(name, statements(value));
                case "Version" -> setUnless(OLDEST_VERSION, result, name, value);
                default -> result.set(name, sorted(value));
            }
        });
        return result;
    }

    private static ArrayNode statements(JsonNode value) {
        Map<String, JsonNode> byText = new TreeMap<>();
        for (JsonNode element : asList(value)) {
            JsonNode statement = element instanceof ObjectNode object ? statement(object) : element;
            byText.put(statement.toString(), statement);
        }
        return NODES.arrayNode().addAll(byText.values());
    }

    private static ObjectNode statement(ObjectNode statement) {
        ObjectNode result = NODES.objectNode();
        members(statement).forEach((name, value) -> {
            switch (name) {
                case "Action", "NotAction" -> result.set(name, strings(value, PolicyDocuments::lowerCase));
                case "Resource", "NotResource" -> result.set(name, strings(value, UnaryOperator.identity()));
                case "Principal", "NotPrincipal" -> result.set(name, principals(value));
                case "Condition" -> result.set(name, conditions(value));
                case "Sid" -> setUnless("", result, name, value);
                default -> result.set(name, sorted(value));
            }
        });
        return result;
    }

    private static JsonNode principals(JsonNode value) {
        if (!(value instanceof ObjectNode byType)) {
            return "*".equals(value.asText()) ? NODES.objectNode().set("AWS", strings(value, s -> s)) : value;
        }
        ObjectNode result = NODES.objectNode();
        members(byType)
                .forEach((type, who) -> result.set(
                        type, strings(who, "AWS".equals(type) ? PolicyDocuments::account : UnaryOperator.identity())));
        return result;
    }

    /** The shorter of the two names of a whole account. It is valid in every partition. */
    private static String account(String principal) {
        var root = ROOT.matcher(principal);
        return root.matches() ? root.group(1) : principal;
    }

    private static JsonNode conditions(JsonNode value) {
        if (!(value instanceof ObjectNode byOperator)) {
            return value;
        }
        ObjectNode result = NODES.objectNode();
        members(byOperator).forEach((operator, tests) -> result.set(operator, tests(tests)));
        return result;
    }

    private static JsonNode tests(JsonNode value) {
        if (!(value instanceof ObjectNode byKey)) {
            return value;
        }
        Map<String, JsonNode> keys = new TreeMap<>();
        members(byKey).forEach((key, values) -> {
            // Condition keys are case-insensitive. Two keys that differ only in case stay separate, so that AWS refuses
            // them.
            String name = keys.containsKey(lowerCase(key)) ? key : lowerCase(key);
            keys.put(name, strings(values, UnaryOperator.identity()));
        });
        ObjectNode result = NODES.objectNode();
        keys.forEach(result::set);
        return result;
    }

    /**
     * One value or many as a sorted list without duplicates. Numbers and booleans become strings, because AWS treats
     * them as strings.
     */
    private static ArrayNode strings(JsonNode value, UnaryOperator<String> form) {
        Set<String> texts = new TreeSet<>();
        for (JsonNode element : asList(value)) {
            String text = element.isValueNode() ? element.asText() : element.toString();
            texts.add(text.indexOf(MARK) < 0 ? form.apply(text) : text);
        }
        ArrayNode result = NODES.arrayNode();
        texts.forEach(result::add);
        return result;
    }

    private static Iterable<JsonNode> asList(JsonNode value) {
        return value instanceof ArrayNode array ? array : Set.of(value);
    }

    private static void setUnless(String implied, ObjectNode target, String name, JsonNode value) {
        if (!implied.equals(value.asText())) {
            target.set(name, value);
        }
    }

    private static JsonNode sorted(JsonNode value) {
        if (value instanceof ObjectNode object) {
            ObjectNode result = NODES.objectNode();
            members(object).forEach((name, member) -> result.set(name, sorted(member)));
            return result;
        }
        return value;
    }

    private static Map<String, JsonNode> members(ObjectNode object) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        object.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
        return sorted;
    }

    private static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
