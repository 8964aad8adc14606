package dev.holdfast.kind;

import dev.holdfast.model.ResourceId;
import org.jspecify.annotations.Nullable;

/**
 * A resource that the engine wants to observe: it is desired, or it was applied earlier.
 *
 * @param desired null if it is no longer desired; may contain {@link Unresolved} strings
 * @param physicalId the recorded physical id, or null
 * @param physicalName the name in AWS, from the spec or generated, or null for kinds without one
 * @param formerId the former id of a renamed resource, which its tags may still name; null: it was not renamed
 */
public record Wanted<S extends Record>(
        ResourceId id,
        @Nullable S desired,
        @Nullable String physicalId,
        @Nullable String physicalName,
        @Nullable ResourceId formerId) {
    public Wanted(ResourceId id, @Nullable S desired, @Nullable String physicalId, @Nullable String physicalName) {
        this(id, desired, physicalId, physicalName, null);
    }

    /** Whether the tag of an object names the resource. */
    boolean isTagged(@Nullable String tag) {
        return id.toString().equals(tag)
                || (formerId != null && formerId.toString().equals(tag));
    }
}
