package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** Applies a merge patch (<a href="https://www.rfc-editor.org/rfc/rfc7386">RFC 7386</a>) to plain JSON. */
final class JsonMergePatch {
    private JsonMergePatch() {}

    static JsonNode over(JsonNode base, JsonNode patch) {
        if (!(patch instanceof ObjectNode changes)) {
            return patch;
        }
        ObjectNode result = base instanceof ObjectNode o ? o.deepCopy() : JsonNodeFactory.instance.objectNode();
        for (Map.Entry<String, JsonNode> e : changes.properties()) {
            if (e.getValue().isNull()) {
                result.remove(e.getKey());
            } else {
                JsonNode old = result.get(e.getKey());
                result.set(e.getKey(), over(old == null ? JsonNodeFactory.instance.nullNode() : old, e.getValue()));
            }
        }
        return result;
    }
}
