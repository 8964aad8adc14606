package dev.holdfast.kind;

import dev.holdfast.kind.SpecModel.Field;
import java.util.Arrays;
import java.util.List;

/** The fields of a record that exclude each other ({@link Excludes}, {@link OneOf}). */
public final class Exclusions {
    private Exclusions() {}

    /**
     * The fields because of which AWS removes the value of a field, if it is given one of them.
     *
     * @return empty if the record does not have the field
     */
    public static List<Field> of(Field field, Class<? extends Record> record) {
        List<Field> fields = SpecModel.of(record).fields();
        return fields.contains(field)
                ? fields.stream()
                        .filter(other -> !other.equals(field) && exclude(field, other, record))
                        .toList()
                : List.of();
    }

    private static boolean exclude(Field one, Field other, Class<? extends Record> record) {
        return names(one, other)
                || names(other, one)
                || Arrays.stream(record.getAnnotationsByType(OneOf.class))
                        .map(oneOf -> Arrays.asList(oneOf.value()))
                        .anyMatch(group -> group.contains(one.name()) && group.contains(other.name()));
    }

    private static boolean names(Field one, Field other) {
        Excludes excludes = one.get(Excludes.class);
        return excludes != null && Arrays.asList(excludes.value()).contains(other.name());
    }
}
