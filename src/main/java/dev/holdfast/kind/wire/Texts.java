package dev.holdfast.kind.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.SpecModel;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Values that are texts on the wire: enums by their wire values, and the empty value of a type. */
public final class Texts {
    private static final String UNKNOWN = "UNKNOWN_TO_SDK_VERSION";
    private static final Map<Class<?>, List<Enum<?>>> OFFERED = new ConcurrentHashMap<>();

    private Texts() {}

    /**
     * The constants that a document may use: all, except the constant of the SDK's enums for values that the SDK does
     * not know.
     */
    public static List<Enum<?>> offered(Class<?> type) {
        List<Enum<?>> known = OFFERED.get(type);
        if (known == null) {
            known = java.util.Arrays.stream(type.getEnumConstants())
                    .<Enum<?>>map(constant -> (Enum<?>) constant)
                    .filter(constant -> !constant.name().equals(UNKNOWN))
                    .toList();
            OFFERED.put(type, known);
        }
        return known;
    }

    /** The constant of that wire value; null for a value that AWS added after this version of the SDK. */
    static @Nullable Object constant(Class<?> type, String wire) {
        for (Enum<?> constant : offered(type)) {
            if (constant.toString().equals(wire)) {
                return constant;
            }
        }
        return null;
    }

    static boolean isEmpty(Object value) {
        return switch (value) {
            case String text -> text.isEmpty();
            case JsonNode json -> json.isEmpty();
            case Collection<?> many -> many.isEmpty();
            case Map<?, ?> map -> map.isEmpty();
            case Boolean yes -> !yes;
            case Number number -> number.doubleValue() == 0;
            case Record record -> record.equals(empty(record.getClass())) || isEmptyInside(record);
            default -> false;
        };
    }

    private static boolean isEmptyInside(Record record) {
        return SpecModel.of(record.getClass()).fields().stream()
                .map(field -> field.read(record))
                .allMatch(value -> value == null || isEmpty(value));
    }

    static @Nullable Object empty(Class<?> type) {
        if (type == String.class) {
            return "";
        }
        if (type == Boolean.class) {
            return false;
        }
        if (type == Integer.class) {
            return 0;
        }
        if (type == Long.class) {
            return 0L;
        }
        if (type.isRecord()) {
            SpecModel model = SpecModel.of(type);
            return model.make(new Object[model.fields().size()]);
        }
        return type == List.class ? List.of() : type == Set.class ? Set.of() : type == Map.class ? Map.of() : null;
    }
}
