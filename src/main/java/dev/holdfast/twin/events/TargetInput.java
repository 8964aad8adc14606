package dev.holdfast.twin.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.InputTransformer;
import software.amazon.awssdk.services.eventbridge.model.Target;

/**
 * The input that a target receives for an event.
 *
 * @see <a href="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html">Input transformation</a>
 */
final class TargetInput {
    private TargetInput() {}

    static String of(Target target, JsonNode event) {
        if (target.input() != null) {
            return target.input();
        }
        InputTransformer transformer = target.inputTransformer();
        if (transformer != null) {
            String text = transformer.inputTemplate();
            for (Map.Entry<String, String> variable :
                    transformer.inputPathsMap().entrySet()) {
                JsonNode value = at(event, variable.getValue());
                text = text.replace(
                        "<" + variable.getKey() + ">", value.isValueNode() ? value.asText() : value.toString());
            }
            return text;
        }
        return at(event, target.inputPath()).toString();
    }

    /** The value at a path such as {@code $.detail.eventName}. Paths have no filters. */
    private static JsonNode at(JsonNode event, @Nullable String path) {
        JsonNode node = event;
        if (path != null && !path.equals("$")) {
            for (String step : path.substring(path.indexOf('.') + 1).split("\\.")) {
                node = node.path(step);
            }
        }
        return node instanceof MissingNode ? NullNode.getInstance() : node;
    }
}
