package dev.holdfast.composites;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** Objects and sets that stand in documents in the order in which they are written here. */
final class JsonFields {
    private JsonFields() {}

    /** @param pairs names and values in turn */
    static Map<String, Object> of(Object... pairs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return fields;
    }

    @SafeVarargs
    static <T> SequencedSet<T> ordered(T... values) {
        return new LinkedHashSet<>(List.of(values));
    }
}
