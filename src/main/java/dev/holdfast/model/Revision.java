package dev.holdfast.model;

import java.util.Map;

/**
 * One immutable snapshot of a stack's documents.
 *
 * @param sha256 the hash of the canonical form, 64 hex digits
 * @param resources in the order of their ids
 * @param composites the composites that contain resources, in the order of their ids; a revision that was published by
 *     an older version may lack some
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
