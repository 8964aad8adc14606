package dev.holdfast.desired;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON type that a Java type of a spec accepts. Both the validation and the JSON Schemas follow it. */
sealed interface JsonType {
    /** @param expected the description for messages */
    record ScalarType(ScalarKind kind, String expected) implements JsonType {
        enum ScalarKind {
            TEXT,
            INT,
            LONG,
            NUMBER,
            BOOLEAN
        }
    }

    record ChoiceType(List<String> values) implements JsonType {}

    /** @param distinct whether each element may occur only once */
    record ListType(JsonType element, boolean distinct) implements JsonType {}

    record MapType(JsonType value) implements JsonType {}

    /** A record. Its fields are looked up lazily, because a record may contain itself. */
    record RecordType(Class<?> record) implements JsonType {
        Map<String, FieldType> fields() {
            return JsonTypes.FIELDS.get(record);
        }
    }

    /** Any JSON, for example a policy document. */
    record AnyType() implements JsonType {}

    /**
     * A component of a record.
     *
     * @param doc its description, empty if it has none
     * @param secret whether its value must not be printed
     * @param switchable whether true or false may replace it
     */
    record FieldType(
            String name,
            JsonType type,
            String doc,
            boolean required,
            boolean immutable,
            boolean secret,
            boolean switchable,
            @Nullable Ref ref,
            @Nullable PhysicalName physicalName,
            @Nullable Range range,
            @Nullable TextFormat format) {}

    static RecordType of(Class<? extends Record> spec) {
        return new RecordType(spec);
    }

    /** Receives each text of a value. */
    @FunctionalInterface
    interface TextVisitor {
        /** @param deferred whether the text is in a field that is declared deferred */
        void text(String text, boolean deferred);
    }

    /** Visits every text of a value that has this type or should have it. */
    static void walk(JsonNode node, @Nullable JsonType type, boolean deferred, TextVisitor visitor) {
        if (node.isTextual()) {
            visitor.text(node.textValue(), deferred);
        } else if (node.isArray()) {
            JsonType element = type instanceof ListType many ? many.element() : null;
            node.forEach(e -> walk(e, element, deferred, visitor));
        } else {
            for (Map.Entry<String, JsonNode> e : node.properties()) {
                FieldType field = type instanceof RecordType f ? f.fields().get(e.getKey()) : null;
                JsonType inner = field != null ? field.type() : type instanceof MapType table ? table.value() : null;
                boolean innerDeferred = deferred
                        || (field != null && field.ref() != null && field.ref().deferred());
                walk(e.getValue(), inner, innerDeferred, visitor);
            }
        }
    }

    /** Whether a value of this type contains a field that must not be printed or stored. */
    static boolean holdsSecret(JsonNode node, @Nullable JsonType type) {
        if (node.isArray()) {
            JsonType element = type instanceof ListType many ? many.element() : null;
            return node.valueStream().anyMatch(e -> holdsSecret(e, element));
        }
        return node.properties().stream().anyMatch(e -> {
            FieldType field = type instanceof RecordType f ? f.fields().get(e.getKey()) : null;
            JsonType inner = field != null ? field.type() : type instanceof MapType table ? table.value() : null;
            return (field != null && field.secret()) || holdsSecret(e.getValue(), inner);
        });
    }

    /** Whether a value of this type has a member of this name that must not be printed or stored. */
    static boolean isSecret(@Nullable JsonType type, String member) {
        FieldType field = type instanceof RecordType f ? f.fields().get(member) : null;
        return field != null && field.secret();
    }

    /** The type of a member of a value of this type; null: it is not known. */
    static @Nullable JsonType inner(@Nullable JsonType type, String member) {
        FieldType field = type instanceof RecordType f ? f.fields().get(member) : null;
        return field != null ? field.type() : type instanceof MapType table ? table.value() : null;
    }

    /** A copy of a value of this type that may be printed and stored. */
    static JsonNode hidden(JsonNode node, @Nullable JsonType type) {
        if (node.isArray()) {
            JsonType element = type instanceof ListType many ? many.element() : null;
            ArrayNode array = JsonNodeFactory.instance.arrayNode(node.size());
            node.forEach(e -> array.add(hidden(e, element)));
            return array;
        }
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode copy = JsonNodeFactory.instance.objectNode();
        object.properties().forEach(e -> {
            FieldType field = type instanceof RecordType f ? f.fields().get(e.getKey()) : null;
            JsonType inner = field != null ? field.type() : type instanceof MapType table ? table.value() : null;
            copy.set(
                    e.getKey(),
                    field != null && field.secret() ? TextNode.valueOf("(sensitive)") : hidden(e.getValue(), inner));
        });
        return copy;
    }
}
