package dev.holdfast.kind.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.kind.PolicyDocument;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.Specs;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Converts the attributes that a service stores as texts by name, such as those of a topic. The component
 * {@code displayName} is the attribute {@code DisplayName}, and a nested record is JSON.
 */
public final class Attributes {
    private Attributes() {}

    /** The attributes of those components of a record that have a value. */
    public static Map<String, String> of(Record spec, Set<String> components) {
        Map<String, String> attributes = new LinkedHashMap<>();
        for (Field field : SpecModel.of(spec.getClass()).fields()) {
            Object value = components.contains(field.name()) ? field.read(spec) : null;
            if (value != null) {
                attributes.put(name(field.name()), text(field, value));
            }
        }
        return attributes;
    }

    /** The name of the attribute that belongs to a component. */
    public static String name(String component) {
        return component.substring(0, 1).toUpperCase(Locale.ROOT) + component.substring(1);
    }

    private static String text(Field field, Object value) {
        return switch (value) {
            case Record record -> Specs.canonicalText(Specs.json(record));
            case JsonNode json when field.has(PolicyDocument.class) -> String.valueOf(PolicyDocuments.text(json));
            default -> value.toString();
        };
    }

    /** The values of those components of a record that have an attribute, by name. */
    public static Map<String, @Nullable Object> read(Class<? extends Record> type, Map<String, String> attributes) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Field field : SpecModel.of(type).fields()) {
            String text = attributes.get(name(field.name()));
            if (text != null) {
                values.put(field.name(), value(field, text));
            }
        }
        return values;
    }

    private static @Nullable Object value(Field field, String text) {
        Class<?> type = field.raw();
        if (type.isRecord()) {
            return Specs.read(type.asSubclass(Record.class), PolicyDocuments.parse(text));
        }
        if (type == Boolean.class) {
            return Boolean.valueOf(text);
        }
        return type == Integer.class ? (Object) Integer.valueOf(text) : FromSdk.value(field.type(), text);
    }
}
