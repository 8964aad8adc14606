package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.model.Wildcards;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * Evaluates identity policies as IAM does within one account: an explicit Deny decides, then any Allow, otherwise the
 * request is denied.
 *
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html">Policy evaluation</a>
 * @see <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html">Condition
 *     operators</a>
 */
final class IamEvaluator {
    private final List<Statement> statements = new ArrayList<>();

    /** The facts that IAM knows of a request. Keys are compared without case; an absent key has no value. */
    record RequestContext(String action, String resource, Map<String, List<String>> keys) {
        RequestContext {
            Map<String, List<String>> folded = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            folded.putAll(keys);
            keys = folded;
        }
    }

    /** @param actions in lower case */
    private record Statement(boolean denies, List<String> actions, List<String> resources, JsonNode condition) {
        static Statement of(JsonNode document) {
            return new Statement(
                    document.path("Effect").asText().equals("Deny"),
                    texts(document.path("Action")).stream()
                            .map(a -> a.toLowerCase(Locale.ROOT))
                            .toList(),
                    texts(document.path("Resource")),
                    document.path("Condition"));
        }
    }

    IamEvaluator(Iterable<? extends JsonNode> documents) {
        documents.forEach(d -> d.path("Statement").forEach(s -> statements.add(Statement.of(s))));
    }

    boolean allows(RequestContext request) {
        String action = request.action().toLowerCase(Locale.ROOT);
        boolean allowed = false;
        for (Statement statement : statements) {
            if (applies(statement, action, request)) {
                if (statement.denies()) {
                    return false;
                }
                allowed = true;
            }
        }
        return allowed;
    }

    private static boolean applies(Statement statement, String action, RequestContext request) {
        return statement.actions().stream().anyMatch(a -> Wildcards.match(a, action))
                && statement.resources().stream().anyMatch(r -> arnLike(r, request.resource()))
                && holds(statement.condition(), request);
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
            case "StringLike" -> any(wanted, present, Wildcards::match);
            case "ArnEquals", "ArnLike" -> any(wanted, present, IamEvaluator::arnLike);
            case "StringNotEquals" -> !any(wanted, present, String::equals);
            case "StringNotLike" -> !any(wanted, present, Wildcards::match);
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
            return Wildcards.match(pattern, arn);
        }
        for (int i = 0; i < wanted.length; i++) {
            if (!Wildcards.match(wanted[i], present[i])) {
                return false;
            }
        }
        return true;
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
