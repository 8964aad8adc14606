package dev.holdfast.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.Specs;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.ResourceId;
import dev.holdfast.state.ResourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * One resource that a pass is about, with its desired side bound to its kind's record.
 *
 * @param desired null when it is no longer desired
 * @param bound null when it is no longer desired
 * @param resolved the spec with references resolved as far as they go; null when it is no longer desired
 * @param physicalName the desired name in AWS, or null if the kind has none or it hangs on what is not known yet
 * @param nameFixed whether the document chose the name
 * @param images whose tags the spec wants resolved
 */
record ManagedResource<S extends Record>(
        ResourceId id,
        Kind<S> kind,
        String region,
        @Nullable DesiredResource desired,
        Specs.@Nullable Bound<S> bound,
        @Nullable ObjectNode resolved,
        @Nullable String physicalName,
        boolean nameFixed,
        PinnedImages images,
        @Nullable ResourceRecord record) {

    /** The same resource with what is recorded of it now. */
    ManagedResource<S> withRecord(@Nullable ResourceRecord now) {
        return now == record
                ? this
                : new ManagedResource<>(
                        id, kind, region, desired, bound, resolved, physicalName, nameFixed, images, now);
    }

    /** The spec as applied last; what was applied by a version that knew it in another form counts as not recorded. */
    @Nullable
    S applied() {
        if (record == null || record.applied() == null) {
            return null;
        }
        try {
            return Specs.read(kind.info().spec(), record.applied());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** What it has in common with those of its kind that it may have to change together with; null: it changes alone. */
    @Nullable
    String group() {
        String field = kind.info().together();
        return field == null || resolved == null || !resolved.has(field)
                ? null
                : kind.info().name() + " " + region + " " + resolved.get(field);
    }
}
