package dev.holdfast.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * A composite of a revision, for the status: what is done is what its parts say.
 *
 * @param spec after patching and the substitution of params, its defaults put in, secrets hidden
 * @param outputs what each stands for, with {@code ${Kind/name.output}} references to the parts in it
 */
public record DesiredComposite(ObjectNode spec, Map<String, JsonNode> outputs) {
    public DesiredComposite {
        outputs = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(outputs));
    }
}
