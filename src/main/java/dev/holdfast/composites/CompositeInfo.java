package dev.holdfast.composites;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The description of a composite.
 *
 * @param outputs name and description of each output; the first is the default output. An output refers to outputs
 *     of the parts
 */
public record CompositeInfo<S extends Record>(
        String name, Class<S> spec, String description, Map<String, String> outputs) {
    public CompositeInfo {
        outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    }

    static <S extends Record> CompositeInfo<S> of(String name, Class<S> spec, String description) {
        return new CompositeInfo<>(name, spec, description, Map.of());
    }

    CompositeInfo<S> output(String output, String meaning) {
        Map<String, String> more = new LinkedHashMap<>(outputs);
        more.put(output, meaning);
        return new CompositeInfo<>(name, spec, description, more);
    }

    public String defaultOutput() {
        return outputs.keySet().iterator().next();
    }
}
