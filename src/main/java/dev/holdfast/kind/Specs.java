package dev.holdfast.kind;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Converts a spec between JSON and a record. */
public final class Specs {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            // The toString of the SDK's enums returns their wire values.
            .enable(DeserializationFeature.READ_ENUMS_USING_TO_STRING)
            .enable(SerializationFeature.WRITE_ENUMS_USING_TO_STRING)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
            .disable(MapperFeature.AUTO_DETECT_GETTERS)
            // A record's accessors count as getters, which are disabled above, so that Jackson reads the fields.
            .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();

    private Specs() {}

    /**
     * A spec whose references were resolved as far as their values are known.
     *
     * @param unresolved components with an unresolved part; they are null, or contain only the resolved elements if the
     *     elements {@link WithdrawnLast#moves() move}
     * @param partial components that omit only deferred, unresolved elements, with these elements: the elements that the
     *     components contain are final, and the omitted ones follow
     */
    public record Bound<S extends Record>(S spec, Set<String> unresolved, Map<String, List<JsonNode>> partial) {}

    /**
     * @param resolved a spec that may contain {@link Unresolved} strings
     * @throws IllegalArgumentException if the spec does not fit the type; the message names the field
     */
    public static <S extends Record> Bound<S> bind(Class<S> type, ObjectNode resolved) {
        Set<String> unresolved = new HashSet<>();
        Map<String, List<JsonNode>> partial = new HashMap<>();
        ObjectNode ready = resolved.deepCopy();
        for (SpecModel.Field field : SpecModel.of(type).fields()) {
            JsonNode value = ready.get(field.name());
            if (value == null || !containsUnresolved(value)) {
                continue;
            }
            if (field.isCollection() && value instanceof ArrayNode array) {
                List<JsonNode> dropped = drop(array, element -> isDeferred(field.element(), element));
                if (!dropped.isEmpty()) {
                    partial.put(field.name(), dropped);
                }
                if (!containsUnresolved(value)) {
                    continue;
                }
            }
            if (isDeferredPolicy(field) && value.path("Statement") instanceof ArrayNode statements) {
                partial.put(field.name(), drop(statements, Specs::containsUnresolved));
                if (statements.isEmpty()) {
                    ready.remove(field.name());
                }
                continue;
            }
            unresolved.add(field.name());
            if (moves(field) && value instanceof ArrayNode elements) {
                drop(elements, Specs::containsUnresolved);
            } else {
                ready.remove(field.name());
            }
        }
        return new Bound<>(read(type, ready), unresolved, partial);
    }

    private static boolean isDeferredPolicy(SpecModel.Field field) {
        Ref ref = field.get(Ref.class);
        return ref != null && ref.deferred() && field.has(PolicyDocument.class);
    }

    private static boolean moves(SpecModel.Field field) {
        WithdrawnLast withdrawn = field.get(WithdrawnLast.class);
        return withdrawn != null && withdrawn.moves();
    }

    /**
     * Each element is independent: known statements of a policy, for example, take effect at once, the others follow.
     *
     * @return the dropped elements
     */
    private static List<JsonNode> drop(ArrayNode elements, Predicate<JsonNode> which) {
        List<JsonNode> dropped = elements.valueStream().filter(which).toList();
        elements.removeIf(which);
        return dropped;
    }

    /** Whether the unresolved part of an element may follow later. */
    private static boolean isDeferred(Class<?> element, JsonNode value) {
        return element.isRecord() && value instanceof ObjectNode object && onlyDeferred(element, object);
    }

    private static boolean onlyDeferred(Class<?> element, ObjectNode object) {
        boolean any = false;
        for (SpecModel.Field field : SpecModel.of(element).fields()) {
            JsonNode value = object.get(field.name());
            if (value != null && containsUnresolved(value)) {
                Ref ref = field.get(Ref.class);
                if (ref == null || !ref.deferred()) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }

    private static boolean containsUnresolved(JsonNode node) {
        if (node.isTextual()) {
            return Unresolved.is(node.textValue());
        }
        for (JsonNode child : node) {
            if (containsUnresolved(child)) {
                return true;
            }
        }
        return false;
    }

    /** @throws IllegalArgumentException if the JSON does not fit the type */
    public static <S extends Record> S read(Class<S> type, JsonNode node) {
        try {
            return MAPPER.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("does not fit " + type.getName() + ": " + e.getOriginalMessage(), e);
        }
    }

    /** The JSON of a document, without nulls. */
    public static JsonNode json(@Nullable Object value) {
        return switch (value) {
            case null -> JsonNodeFactory.instance.nullNode();
            case String text -> JsonNodeFactory.instance.textNode(text);
            case Boolean flag -> JsonNodeFactory.instance.booleanNode(flag);
            case Integer number -> JsonNodeFactory.instance.numberNode(number.intValue());
            default -> MAPPER.valueToTree(value);
        };
    }

    /**
     * The text of an object with sorted keys at every level and one form for numbers, so that equal objects have equal
     * texts.
     */
    public static String canonicalText(JsonNode node) {
        StringBuilder text = new StringBuilder();
        canonical(node, text);
        return text.toString();
    }

    private static void canonical(JsonNode node, StringBuilder out) {
        if (node.isObject()) {
            out.append('{');
            String[] separator = {""};
            node.properties().stream().sorted(Map.Entry.comparingByKey()).forEach(e -> {
                out.append(separator[0])
                        .append(JsonNodeFactory.instance.textNode(e.getKey()))
                        .append(':');
                canonical(e.getValue(), out);
                separator[0] = ",";
            });
            out.append('}');
        } else if (node.isArray()) {
            out.append('[');
            String separator = "";
            for (JsonNode child : node) {
                out.append(separator);
                canonical(child, out);
                separator = ",";
            }
            out.append(']');
        } else if (node.isNumber()) {
            java.math.BigDecimal number = node.decimalValue();
            out.append(number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString());
        } else {
            out.append(node);
        }
    }
}
