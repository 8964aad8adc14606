package dev.holdfast.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Equal parts of JSON trees as the same objects. A stack of a hundred services has thousands of specs, each in several
 * forms that hardly differ: as written, with its references resolved, as applied, as shown.
 */
public final class SharedJson {
    private SharedJson() {}

    /**
     * The tree, in which each part that another tree has in the same place is that tree's object.
     *
     * @param tree not used by others yet, because its parts are replaced; it must not be modified afterwards
     * @param first null for none; it must not be modified afterwards
     * @param second as {@code first}, for the parts that differ there
     * @return one of the other trees if all is equal, in the same order
     */
    public static JsonNode of(JsonNode tree, @Nullable JsonNode first, @Nullable JsonNode second) {
        if (tree instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> field : object.properties()) {
                field.setValue(of(field.getValue(), get(first, field.getKey()), get(second, field.getKey())));
            }
        } else if (tree instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, of(array.get(i), get(first, i), get(second, i)));
            }
        }
        if (first != null && isSame(tree, first)) {
            return first;
        }
        return second != null && isSame(tree, second) ? second : tree;
    }

    private static @Nullable JsonNode get(@Nullable JsonNode tree, String field) {
        return tree == null ? null : tree.get(field);
    }

    private static @Nullable JsonNode get(@Nullable JsonNode tree, int index) {
        return tree == null ? null : tree.get(index);
    }

    /** Whether the trees are equal; the parts of containers are equal only if they are the same objects. */
    private static boolean isSame(JsonNode tree, JsonNode other) {
        if (tree.size() != other.size() || tree.getNodeType() != other.getNodeType()) {
            return false;
        }
        if (!(tree instanceof ObjectNode object)) {
            return tree.isArray() ? isSame(tree.iterator(), other.iterator()) : tree.equals(other);
        }
        Iterator<Map.Entry<String, JsonNode>> fields = other.properties().iterator();
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            Map.Entry<String, JsonNode> like = fields.next();
            if (field.getValue() != like.getValue() || !field.getKey().equals(like.getKey())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSame(Iterator<JsonNode> parts, Iterator<JsonNode> others) {
        while (parts.hasNext()) {
            if (parts.next() != others.next()) {
                return false;
            }
        }
        return true;
    }
}
