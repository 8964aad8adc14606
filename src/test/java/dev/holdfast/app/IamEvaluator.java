package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;

/**
 * Evaluates identity policies as IAM does within one account: an explicit Deny decides, then any Allow, otherwise the
 * request is denied.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">Policy evaluation</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">Condition
 *     operators</a>
 */
final class IamEvaluator {
    private final List<JsonNode> statements = new ArrayList<>();

    /** What IAM knows of a request. Keys are compared without case; an absent key has no value. */
    record RequestContext(String action, String resource, Map<String, List<String>> keys) {
        RequestContext {
            Map<String, List<String>> folded = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            folded.putAll(keys);
            keys = folded;
        }
    }

    IamEvaluator(Iterable<? extends JsonNode> documents) {
        documents.forEach(d -> d.path("Statement").forEach(statements::add));
    }

    boolean allows(RequestContext request) {
        boolean allowed = false;
        for (JsonNode statement : statements) {
            if (applies(statement, request)) {
                if (statement.path("Effect").asText().equals("Deny")) {
                    return false;
                }
                allowed = true;
            }
        }
        return allowed;
    }

    private static boolean applies(JsonNode statement, RequestContext request) {
        return texts(statement.path("Action")).stream()
                        .anyMatch(a -> like(
                                a.toLowerCase(Locale.ROOT), request.action().toLowerCase(Locale.ROOT)))
                && texts(statement.path("Resource")).stream().anyMatch(r -> arnLike(r, request.resource()))
                && holds(statement.path("Condition"), request);
    }

    private static boolean holds(JsonNode condition, RequestContext request) {
        return condition.properties().stream()
                .allMatch(operator -> operator.getValue().properties().stream()
                        .allMatch(
                                key -> holds(operator.getKey(), texts(key.getValue()), values(request, key.getKey()))));
    }

    private static List<String> values(RequestContext request, String key) {
        return request.keys().getOrDefault(key, List.of());
    }

    private static boolean holds(String operator, List<String> wanted, List<String> present) {
        if (operator.startsWith("ForAllValues:")) {
            String each = operator.substring("ForAllValues:".length());
            return present.stream().allMatch(v -> holds(each, wanted, List.of(v)));
        }
        if (operator.startsWith("ForAnyValue:")) {
            String each = operator.substring("ForAnyValue:".length());
            return present.stream().anyMatch(v -> holds(each, wanted, List.of(v)));
        }
        if (operator.endsWith("IfExists")) {
            return present.isEmpty()
                    || holds(operator.substring(0, operator.length() - "IfExists".length()), wanted, present);
        }
        return switch (operator) {
            case "Null" -> wanted.contains(String.valueOf(present.isEmpty()));
            case "StringEquals", "Bool" -> any(wanted, present, String::equals);
            case "StringLike" -> any(wanted, present, IamEvaluator::like);
            case "ArnEquals", "ArnLike" -> any(wanted, present, IamEvaluator::arnLike);
            case "StringNotEquals" -> !any(wanted, present, String::equals);
            case "StringNotLike" -> !any(wanted, present, IamEvaluator::like);
            case "ArnNotEquals", "ArnNotLike" -> !any(wanted, present, IamEvaluator::arnLike);
            default -> throw new IllegalArgumentException("the operator " + operator + " is not evaluated here");
        };
    }

    private static boolean any(List<String> wanted, List<String> present, BiPredicate<String, String> test) {
        return wanted.stream().anyMatch(w -> present.stream().anyMatch(p -> test.test(w, p)));
    }

    /** Wildcards do not span the six parts of an ARN; the last one has colons of its own. */
    private static boolean arnLike(String pattern, String arn) {
        if (pattern.equals("*")) {
            return true;
        }
        String[] wanted = pattern.split(":", 6);
        String[] present = arn.split(":", 6);
        if (wanted.length != present.length) {
            return like(pattern, arn);
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!like(wanted[i], present[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean like(String pattern, String text) {
        StringBuilder regex = new StringBuilder();
        for (char c : pattern.toCharArray()) {
            regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
    }

    private static List<String> texts(JsonNode node) {
        if (!node.isArray()) {
            return List.of(node.asText());
        }
        List<String> all = new ArrayList<>();
        node.forEach(n -> all.add(n.asText()));
        return all;
    }
}
