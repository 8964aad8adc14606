package dev.holdfast.plan;

import dev.holdfast.kind.Excludes;
import dev.holdfast.kind.SpecModel;
import dev.holdfast.kind.SpecModel.Field;
import java.util.Arrays;
import java.util.List;

/** The fields that exclude each other ({@link Excludes}). */
final class Exclusions {
    private Exclusions() {}

    /** Whether AWS removes the value of a top-level field, because a desired field excludes it. */
    static boolean remove(Field field, Record desired) {
        List<Field> fields = SpecModel.of(desired.getClass()).fields();
        return fields.contains(field)
                && fields.stream()
                        .filter(other -> excludes(field, other) || excludes(other, field))
                        .anyMatch(other -> SpecValues.isThere(other.read(desired)));
    }

    private static boolean excludes(Field one, Field other) {
        Excludes excludes = one.get(Excludes.class);
        return excludes != null && Arrays.asList(excludes.value()).contains(other.name());
    }
}
