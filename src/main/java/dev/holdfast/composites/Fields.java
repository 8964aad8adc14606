package dev.holdfast.composites;

import java.util.LinkedHashMap;
import java.util.Map;

/** JSON objects whose members stand in the order in which they are written. */
final class Fields {
    private Fields() {}

    /** @param pairs names and values in turn */
    static Map<String, Object> of(Object... pairs) {
        Map<String, Object> fields = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            fields.put((String) pairs[i], pairs[i + 1]);
        }
        return fields;
    }
}
