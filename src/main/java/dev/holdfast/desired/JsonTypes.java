package dev.holdfast.desired;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.composites.Switchable;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Sensitive;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.Specs;
import dev.holdfast.kind.WriteOnly;
import dev.holdfast.kind.wire.Texts;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Derives JSON types from Java types, once per type. */
final class JsonTypes {

    static final ClassValue<Map<String, JsonType.FieldType>> FIELDS = new ClassValue<>() {
        @Override
        protected Map<String, JsonType.FieldType> computeValue(Class<?> type) {
            Map<String, JsonType.FieldType> fields = new LinkedHashMap<>();
            for (RecordComponent component : type.getRecordComponents()) {
                JsonType.FieldType field = field(component);
                fields.put(field.name(), field);
            }
            return Collections.unmodifiableMap(fields);
        }
    };

    private JsonTypes() {}

    private static JsonType.FieldType field(RecordComponent component) {
        Method accessor = component.getAccessor();
        JsonProperty renamed = accessor.getAnnotation(JsonProperty.class);
        HasFormat format = component.getAnnotation(HasFormat.class);
        return new JsonType.FieldType(
                renamed == null || renamed.value().isEmpty() ? component.getName() : renamed.value(),
                type(component),
                SpecModel.doc(component),
                component.isAnnotationPresent(Required.class),
                component.isAnnotationPresent(Immutable.class),
                component.isAnnotationPresent(Sensitive.class) || component.isAnnotationPresent(WriteOnly.class),
                component.isAnnotationPresent(Switchable.class),
                component.getAnnotation(Ref.class),
                component.getAnnotation(PhysicalName.class),
                component.getAnnotation(Range.class),
                format == null ? null : format.value());
    }

    private static JsonType type(RecordComponent component) {
        Offers offers = component.getAnnotation(Offers.class);
        if (offers == null) {
            return of(component.getGenericType());
        }
        JsonType choice = new JsonType.ChoiceType(List.of(offers.value()));
        return of(component.getGenericType()) instanceof JsonType.ListType many
                ? new JsonType.ListType(choice, many.distinct())
                : choice;
    }

    private static JsonType of(Type type) {
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0]);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
            Type[] arguments = generic.getActualTypeArguments();
            if (Collection.class.isAssignableFrom(raw)) {
                return new JsonType.ListType(of(arguments[0]), Set.class.isAssignableFrom(raw));
            }
            if (Map.class.isAssignableFrom(raw)) {
                return new JsonType.MapType(of(arguments[1]));
            }
        }
        return type instanceof Class<?> c ? ofClass(c) : new JsonType.AnyType();
    }

    private static JsonType ofClass(Class<?> type) {
        if (type.isRecord()) {
            return new JsonType.RecordType(type);
        }
        if (type.isEnum()) {
            return new JsonType.ChoiceType(Texts.offered(type).stream()
                    .map(constant -> Specs.json(constant).asText())
                    .toList());
        }
        if (type == String.class) {
            return new JsonType.ScalarType(JsonType.ScalarType.ScalarKind.TEXT, "a string");
        }
        if (type == Boolean.class || type == boolean.class) {
            return new JsonType.ScalarType(JsonType.ScalarType.ScalarKind.BOOLEAN, "true or false");
        }
        if (type == Integer.class || type == int.class) {
            return new JsonType.ScalarType(JsonType.ScalarType.ScalarKind.INT, "a whole number");
        }
        if (type == Long.class || type == long.class) {
            return new JsonType.ScalarType(JsonType.ScalarType.ScalarKind.LONG, "a whole number");
        }
        if (List.of(Double.class, double.class, Float.class, float.class, BigDecimal.class)
                .contains(type)) {
            return new JsonType.ScalarType(JsonType.ScalarType.ScalarKind.NUMBER, "a number");
        }
        return new JsonType.AnyType();
    }
}
