package dev.holdfast.twin.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.twin.store.TwinErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;

/**
 * The events that a rule matches. Each field of the pattern must exist in the event, with one of the values or
 * operators that the pattern lists. If the event has an array, one matching element suffices.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html">Operators</a>
 */
record EventPattern(JsonNode wanted) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OPERATORS =
            Set.of("prefix", "suffix", "anything-but", "exists", "numeric", "equals-ignore-case", "wildcard");

    /**
     * @throws InvalidEventPatternException if EventBridge would refuse the pattern, or if the twin does not know an
     *     operator
     */
    static EventPattern of(String text) {
        JsonNode pattern;
        try {
            pattern = JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw invalid(String.valueOf(e.getOriginalMessage()));
        }
        if (!pattern.isObject() || pattern.isEmpty()) {
            throw invalid("Filter is not an object");
        }
        check(pattern);
        return new EventPattern(pattern);
    }

    private static void check(JsonNode pattern) {
        if (pattern.isEmpty()) {
            throw invalid("Empty objects are not allowed");
        }
        pattern.propertyStream().forEach(field -> {
            JsonNode value = field.getValue();
            if (field.getKey().equals("$or") && value.isArray() && value.size() > 1) {
                value.forEach(EventPattern::check);
            } else if (value.isObject()) {
                check(value);
            } else if (!value.isArray()) {
                throw invalid("\"" + field.getKey() + "\" must be an object or an array");
            } else if (value.isEmpty()) {
                throw invalid("Empty arrays are not allowed");
            } else {
                value.forEach(EventPattern::checkOperator);
            }
        });
    }

    private static void checkOperator(JsonNode one) {
        if (one.isArray()) {
            throw invalid("Match value must be String, number, true, false, or null");
        }
        if (one.isObject()) {
            String operator = one.properties().isEmpty()
                    ? ""
                    : one.properties().iterator().next().getKey();
            if (one.size() != 1 || !OPERATORS.contains(operator)) {
                throw invalid("Unrecognized match type " + operator);
            }
        }
    }

    private static AwsServiceException invalid(String reason) {
        return TwinErrors.named(
                InvalidEventPatternException.builder(), "Event pattern is not valid. Reason: " + reason);
    }

    boolean accepts(JsonNode event) {
        return accepts(wanted, event);
    }

    private static boolean accepts(JsonNode pattern, JsonNode event) {
        return pattern.propertyStream().allMatch(field -> {
            JsonNode wanted = field.getValue();
            if (field.getKey().equals("$or") && wanted.isArray()) {
                return wanted.valueStream().anyMatch(one -> accepts(one, event));
            }
            List<JsonNode> found = found(event, field.getKey());
            return wanted.isObject()
                    ? found.stream().anyMatch(one -> accepts(wanted, one)) || (found.isEmpty() && absent(wanted))
                    : wanted.valueStream().anyMatch(one -> meets(one, found));
        });
    }

    /**
     * Whether all fields of a pattern must not exist. An event without the parent of these fields matches such a
     * pattern.
     */
    private static boolean absent(JsonNode pattern) {
        return pattern.propertyStream()
                .allMatch(field -> field.getValue().isObject()
                        ? absent(field.getValue())
                        : field.getValue().valueStream().anyMatch(one -> meets(one, List.of())));
    }

    /** The values of a field. There are several if the field is an array or within an array. */
    private static List<JsonNode> found(JsonNode event, String field) {
        List<JsonNode> found = new ArrayList<>();
        if (event.isArray()) {
            event.forEach(one -> found.addAll(found(one, field)));
        } else if (event.has(field)) {
            flatten(event.get(field), found);
        }
        return found;
    }

    private static void flatten(JsonNode value, List<JsonNode> into) {
        if (value.isArray()) {
            value.forEach(one -> flatten(one, into));
        } else {
            into.add(value);
        }
    }

    private static boolean meets(JsonNode one, List<JsonNode> found) {
        if (!one.isObject()) {
            return found.stream().anyMatch(value -> same(one, value));
        }
        String operator = one.properties().iterator().next().getKey();
        JsonNode operand = one.get(operator);
        return switch (operator) {
            // only a field that contains no other fields counts as existing
            case "exists" -> operand.asBoolean() == found.stream().anyMatch(JsonNode::isValueNode);
            case "anything-but" ->
                !found.isEmpty() && found.stream().allMatch(value -> value.isValueNode() && !excluded(operand, value));
            default -> found.stream().anyMatch(value -> meets(operator, operand, value));
        };
    }

    private static boolean excluded(JsonNode operand, JsonNode value) {
        if (operand.isArray()) {
            return operand.valueStream().anyMatch(one -> same(one, value));
        }
        if (!operand.isObject()) {
            return same(operand, value);
        }
        String operator = operand.properties().iterator().next().getKey();
        JsonNode inner = operand.get(operator);
        return inner.isArray()
                ? inner.valueStream().anyMatch(one -> meets(operator, one, value))
                : meets(operator, inner, value);
    }

    private static boolean meets(String operator, JsonNode operand, JsonNode value) {
        boolean anyCase = operand.isObject() || operator.equals("equals-ignore-case");
        String text = cased(anyCase, value.asText());
        String wanted = cased(anyCase, (operand.isObject() ? operand.path("equals-ignore-case") : operand).asText());
        return switch (operator) {
            case "prefix" -> value.isTextual() && text.startsWith(wanted);
            case "suffix" -> value.isTextual() && text.endsWith(wanted);
            case "equals-ignore-case" -> value.isTextual() && text.equals(wanted);
            case "wildcard" ->
                value.isTextual() && wildcard(wanted).matcher(text).matches();
            case "numeric" -> value.isNumber() && numeric(operand, value.asDouble());
            default -> false;
        };
    }

    private static String cased(boolean anyCase, String text) {
        return anyCase ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static Pattern wildcard(String pattern) {
        return Pattern.compile("\\Q" + pattern.replace("*", "\\E.*\\Q") + "\\E", Pattern.DOTALL);
    }

    /** Comparisons and bounds alternate: {@code [">", 0, "<=", 5]}. */
    private static boolean numeric(JsonNode bounds, double value) {
        for (int i = 0; i + 1 < bounds.size(); i += 2) {
            double bound = bounds.get(i + 1).asDouble();
            boolean met = switch (bounds.get(i).asText()) {
                case "=" -> value == bound;
                case "<" -> value < bound;
                case "<=" -> value <= bound;
                case ">" -> value > bound;
                case ">=" -> value >= bound;
                default -> false;
            };
            if (!met) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(JsonNode wanted, @Nullable JsonNode value) {
        return value != null
                && (wanted.isNumber() && value.isNumber()
                        ? wanted.decimalValue().compareTo(value.decimalValue()) == 0
                        : wanted.equals(value));
    }
}
