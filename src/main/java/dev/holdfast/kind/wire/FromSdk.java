package dev.holdfast.kind.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.PolicyDocuments;
import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.ReadFrom;
import dev.holdfast.kind.SpecModel.Field;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.WireName;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.util.SdkAutoConstructList;

/** Turns the value of a member into a component's value. */
final class FromSdk {
    private FromSdk() {}

    /** The component's value in a shape; null if the shape has no such member or no value for it. */
    static @Nullable Object component(Field field, SdkPojo shape) {
        if (field.has(TagMap.class)) {
            return null;
        }
        ReadFrom path = field.get(ReadFrom.class);
        WireName other = field.get(WireName.class);
        String own = other != null ? other.value() : field.name();
        Object found = null;
        for (String from : path != null ? path.value() : new String[] {own}) {
            if (found == null || found instanceof SdkAutoConstructList<?>) {
                found = at(shape, List.of(from.split("\\.")));
            }
        }
        return found == null ? null : value(field.type(), found);
    }

    /** The value at a path; a list on the path yields the value of each element. */
    private static @Nullable Object at(SdkPojo shape, List<String> path) {
        Object value = SdkShapes.get(shape, path.getFirst());
        if (path.size() == 1 || value == null) {
            return value;
        }
        List<String> rest = path.subList(1, path.size());
        return switch (value) {
            case SdkPojo inner -> at(inner, rest);
            case List<?> list -> {
                List<Object> all = new ArrayList<>();
                for (Object one : list) {
                    Object found = one instanceof SdkPojo inner ? at(inner, rest) : null;
                    if (found != null) {
                        all.add(found);
                    }
                }
                yield all;
            }
            default -> null;
        };
    }

    static @Nullable Object value(Type type, Object value) {
        return switch (type) {
            case ParameterizedType generic -> many(generic, value);
            case Class<?> plain -> one(plain, value);
            default -> value;
        };
    }

    private static @Nullable Object many(ParameterizedType type, Object value) {
        Type[] arguments = type.getActualTypeArguments();
        if (type.getRawType() == Map.class) {
            return map(arguments[1], value);
        }
        List<Object> all = new ArrayList<>();
        for (Object one : elements(value)) {
            Object read = value(arguments[0], one);
            if (read != null) {
                all.add(read);
            }
        }
        return type.getRawType() == Set.class
                ? Collections.unmodifiableSet(new LinkedHashSet<>(all))
                : Collections.unmodifiableList(all);
    }

    /** The elements of a list, or of a structure that counts its items; any other value counts as a list of one. */
    private static Collection<?> elements(Object value) {
        return switch (value) {
            case Collection<?> many -> many;
            case SdkPojo shape
            when SdkShapes.member(shape, "items") != null && SdkShapes.member(shape, "quantity") != null ->
                SdkShapes.get(shape, "items") instanceof Collection<?> items ? items : List.of();
            default -> List.of(value);
        };
    }

    private static @Nullable Object map(Type type, Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> read = new LinkedHashMap<>();
            map.forEach((key, one) -> read.put(String.valueOf(key), value(type, one)));
            return Collections.unmodifiableMap(read);
        }
        List<SdkPojo> pairs = new ArrayList<>();
        (value instanceof Collection<?> many ? many : List.of(value)).forEach(one -> pairs.add((SdkPojo) one));
        return SdkShapes.map(pairs);
    }

    private static @Nullable Object one(Class<?> type, Object value) {
        if (type.isInstance(value)) {
            return value;
        }
        if (type.isRecord()) {
            return value instanceof SdkPojo shape ? Wire.read(type.asSubclass(Record.class), shape) : null;
        }
        return switch (value) {
            // A shape that wraps one value, such as EC2's AttributeBooleanValue: its first member is the value.
            case SdkPojo shape -> {
                Object inner = shape.sdkFields().getFirst().getValueOrDefault(shape);
                yield inner == null ? null : value(type, inner);
            }
            case List<?> list -> list.isEmpty() ? null : value(type, list.getFirst());
            case String text when type.isEnum() -> Texts.constant(type, text);
            case String text when type == JsonNode.class -> json(text);
            case Number number -> number(type, number);
            case SdkBytes bytes when type == String.class -> bytes.asUtf8String();
            default -> type == String.class ? value.toString() : null;
        };
    }

    private static @Nullable JsonNode json(String text) {
        JsonNode parsed = PolicyDocuments.parse(text);
        return parsed.isNull() ? null : parsed;
    }

    private static @Nullable Object number(Class<?> type, Number number) {
        if (type == Integer.class) {
            return number.intValue();
        }
        if (type == Long.class) {
            return number.longValue();
        }
        if (type == Double.class) {
            return number.doubleValue();
        }
        return type == BigDecimal.class
                ? new BigDecimal(number.toString())
                : type == String.class ? number.toString() : null;
    }
}
