package dev.holdfast.composites;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** Creates JSON objects and sets that keep the order of their arguments. */
final class JsonFields {
    private JsonFields() {}

    /** @param pairs names and values alternately */
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
