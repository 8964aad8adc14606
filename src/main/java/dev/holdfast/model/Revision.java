package dev.holdfast.model;

import java.util.Map;

/**
 * One immutable snapshot of a stack's documents.
 *
 * @param sha256 64 hex digits, of the canonical form
 * @param resources in the order of their ids
 * @param composites that they came from, in the order of their ids; of some there may be nothing
 */
public record Revision(
        String sha256,
        StackSettings settings,
        Map<ResourceId, DesiredResource> resources,
        Map<ResourceId, DesiredComposite> composites) {
    public Revision {
        resources = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(resources));
        composites = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(composites));
    }
}
