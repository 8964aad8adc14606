package dev.holdfast.engine;

import dev.holdfast.kind.Observation;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of one read of one kind in one region.
 *
 * @param wanted the reading of each requested resource
 * @param others the readings of further resources whose ownership was found
 * @param attached unrequested objects that are attached to resources of other kinds; null: they were not searched for
 * @param hanging foreign objects attached to those resources of this kind whose turn it was
 * @param unsearched the reason why more objects of ours may exist than were found, or null; set only by a search
 * @param unexpected an exception that is not an error response of AWS, or null
 */
record KindReading(
        Observer.KindRegion region,
        Map<ResourceId, ResourceReading> wanted,
        Map<ResourceId, ResourceReading> others,
        @Nullable List<Observation.Attached<?>> attached,
        List<Observation.Hanging<?>> hanging,
        @Nullable Fault unsearched,
        @Nullable Fault unexpected) {}
