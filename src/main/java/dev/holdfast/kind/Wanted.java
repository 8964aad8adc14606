package dev.holdfast.kind;

import dev.holdfast.model.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A resource that the engine asks about: it is desired, or it was applied once.
 *
 * @param desired null when it is no longer desired; may hold {@link Unresolved} strings
 * @param physicalId as recorded, or null
 * @param physicalName the name in AWS, from the spec or generated, or null for kinds without one
 */
public record Wanted<S extends Record>(
        ResourceId id,
        @Nullable S desired,
        @Nullable String physicalId,
        @Nullable String physicalName) {}
