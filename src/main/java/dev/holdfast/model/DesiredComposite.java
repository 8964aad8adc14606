package dev.holdfast.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A composite of a revision, kept for the status only: the engine acts on the composite's parts.
 *
 * @param spec after patching and the substitution of params, with defaults filled in and secrets hidden
 * @param outputs the value of each output, with {@code ${Kind/name.output}} references to the parts
 */
public record DesiredComposite(ObjectNode spec, Map<String, JsonNode> outputs) {
    public DesiredComposite {
        outputs = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(outputs));
    }
}
