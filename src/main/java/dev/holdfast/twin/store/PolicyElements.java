package dev.holdfast.twin.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The elements of policy documents, in which one value may stand for a list with this value. */
public final class PolicyElements {
    private PolicyElements() {}

    /** The elements of a list, or the value itself; empty if there is no value. */
    public static List<JsonNode> many(@Nullable JsonNode value) {
        if (value == null || value.isMissingNode()) {
            return List.of();
        }
        return value.isArray() ? value.valueStream().toList() : List.of(value);
    }

    /** The texts of a list, or the text itself; empty for an object and if there is no value. */
    public static List<String> texts(JsonNode value) {
        return value.isObject()
                ? List.of()
                : many(value).stream().map(JsonNode::asText).toList();
    }

    /** Whether a value fits a pattern with the wildcards of IAM. */
    public static boolean fits(String pattern, String value, boolean anyCase) {
        if (pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0) {
            return anyCase ? pattern.equalsIgnoreCase(value) : pattern.equals(value);
        }
        String regex = ("\\Q" + pattern + "\\E").replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q");
        return Pattern.compile(regex, anyCase ? Pattern.CASE_INSENSITIVE | Pattern.DOTALL : Pattern.DOTALL)
                .matcher(value)
                .matches();
    }

    /** Whether a statement's element, or its negation such as NotAction, covers a value. */
    public static boolean covers(JsonNode statement, String element, String value, boolean anyCase) {
        return statement.has("Not" + element)
                ? texts(statement.path("Not" + element)).stream().noneMatch(p -> fits(p, value, anyCase))
                : texts(statement.path(element)).stream().anyMatch(p -> fits(p, value, anyCase));
    }
}
