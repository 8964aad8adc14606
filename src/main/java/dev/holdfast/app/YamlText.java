package dev.holdfast.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * JSON as YAML 1.2, of which JSON is a part: whatever a reader could take for something else stands in the quotes of JSON.
 *
 * @see <a href="https://yaml.org/spec/1.2.2/">YAML 1.2.2</a>
 */
final class YamlText {
    /** Begins like a word, and has nothing that YAML gives a meaning to. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][A-Za-z0-9_./-]*");
    /** Words that YAML 1.1 or 1.2 takes for no text. */
    private static final Set<String> WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private final StringBuilder out = new StringBuilder();

    private YamlText() {}

    static String of(JsonNode json) {
        YamlText yaml = new YamlText();
        if (json.isContainerNode() && !json.isEmpty()) {
            yaml.block(json, 0);
        } else {
            yaml.out.append(scalar(json)).append('\n');
        }
        return yaml.out.toString();
    }

    private void block(JsonNode json, int depth) {
        if (json.isArray()) {
            json.forEach(element -> {
                out.append("  ".repeat(depth)).append("- ");
                element(element, depth);
            });
        } else {
            for (Map.Entry<String, JsonNode> member : json.properties()) {
                out.append("  ".repeat(depth));
                member(member, depth);
            }
        }
    }

    /** What follows a dash: the first line of a block stands beside it. */
    private void element(JsonNode element, int depth) {
        if (!element.isContainerNode() || element.isEmpty()) {
            out.append(scalar(element)).append('\n');
            return;
        }
        int begin = out.length();
        block(element, depth + 1);
        out.delete(begin, begin + 2 * (depth + 1));
    }

    private void member(Map.Entry<String, JsonNode> member, int depth) {
        out.append(text(member.getKey())).append(':');
        JsonNode value = member.getValue();
        if (value.isContainerNode() && !value.isEmpty()) {
            out.append('\n');
            block(value, depth + 1);
        } else {
            out.append(' ').append(scalar(value)).append('\n');
        }
    }

    private static String scalar(JsonNode json) {
        return json.isTextual() ? text(json.textValue()) : json.toString();
    }

    private static String text(String text) {
        return PLAIN.matcher(text).matches() && !WORDS.contains(text.toLowerCase(java.util.Locale.ROOT))
                ? text
                : TextNode.valueOf(text).toString();
    }
}
