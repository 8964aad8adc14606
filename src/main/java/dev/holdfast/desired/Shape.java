package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What JSON a Java type of a spec takes: the one description that validation and the JSON Schemas both follow. */
sealed interface Shape {
    /** @param expected for messages */
    record Scalar(Type type, String expected) implements Shape {
        enum Type {
            TEXT,
            WHOLE,
            NUMBER,
            BOOLEAN
        }
    }

    record Choice(List<String> values) implements Shape {}

    /** @param distinct each element at most once */
    record Many(Shape element, boolean distinct) implements Shape {}

    record Table(Shape value) implements Shape {}

    /** A record. Its fields are looked up late, so that a record may hold itself. */
    record Fields(Class<?> type) implements Shape {
        Map<String, Field> fields() {
            return Shapes.FIELDS.get(type);
        }
    }

    /** Any JSON: a policy document. */
    record Any() implements Shape {}

    /**
     * A component of a record.
     *
     * @param doc its description, empty if it has none
     * @param secret its value must not be printed
     * @param switchable true or false may stand for it
     */
    record Field(
            String name,
            Shape shape,
            String doc,
            boolean required,
            boolean immutable,
            boolean secret,
            boolean switchable,
            @Nullable Ref ref,
            @Nullable PhysicalName physicalName,
            @Nullable Range range,
            @Nullable Form form) {}

    static Fields of(Class<? extends Record> spec) {
        return new Fields(spec);
    }

    /** Takes each text of a value. */
    @FunctionalInterface
    interface TextVisitor {
        /** @param deferred whether it lies in a field that is declared deferred */
        void text(String text, boolean deferred);
    }

    /** Visits every text of a value that has this shape, or should have it. */
    static void walk(JsonNode node, @Nullable Shape shape, boolean deferred, TextVisitor visitor) {
        if (node.isTextual()) {
            visitor.text(node.textValue(), deferred);
        } else if (node.isArray()) {
            Shape element = shape instanceof Many many ? many.element() : null;
            node.forEach(e -> walk(e, element, deferred, visitor));
        } else {
            for (Map.Entry<String, JsonNode> e : node.properties()) {
                Field field = shape instanceof Fields f ? f.fields().get(e.getKey()) : null;
                Shape inner = field != null ? field.shape() : shape instanceof Table table ? table.value() : null;
                boolean innerDeferred = deferred
                        || (field != null && field.ref() != null && field.ref().deferred());
                walk(e.getValue(), inner, innerDeferred, visitor);
            }
        }
    }

    /** Whether a value of this shape has a field that must not be printed or stored. */
    static boolean holdsSecret(JsonNode node, @Nullable Shape shape) {
        if (node.isArray()) {
            Shape element = shape instanceof Many many ? many.element() : null;
            return node.valueStream().anyMatch(e -> holdsSecret(e, element));
        }
        return node.properties().stream().anyMatch(e -> {
            Field field = shape instanceof Fields f ? f.fields().get(e.getKey()) : null;
            Shape inner = field != null ? field.shape() : shape instanceof Table table ? table.value() : null;
            return (field != null && field.secret()) || holdsSecret(e.getValue(), inner);
        });
    }

    /** A copy of a value of this shape that may be printed and stored. */
    static JsonNode hidden(JsonNode node, @Nullable Shape shape) {
        if (node.isArray()) {
            Shape element = shape instanceof Many many ? many.element() : null;
            ArrayNode array = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(e -> array.add(hidden(e, element)));
            return array;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(e -> {
            Field field = shape instanceof Fields f ? f.fields().get(e.getKey()) : null;
            Shape inner = field != null ? field.shape() : shape instanceof Table table ? table.value() : null;
            copy.set(
                    e.getKey(),
                    field != null && field.secret() ? TextNode.valueOf("(sensitive)") : hidden(e.getValue(), inner));
        });
        return copy;
    }
}
