package dev.holdfast.engine;

import dev.holdfast.kind.Observation;
import dev.holdfast.model.Fault;
import dev.holdfast.model.ResourceId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one read of one kind in one region says.
 *
 * @param wanted of each resource that was asked for
 * @param others of further resources whose ownership was found
 * @param attached objects that hang at resources of other kinds and were not asked for; null: not searched for
 * @param hanging of those resources of this kind whose turn it was
 * @param unsearched why there may be more objects of ours than were found, or null; told only where that was asked
 * @param unexpected an exception that is no answer of AWS, or null
 */
record KindReading(
        Observer.KindRegion region,
        Map<ResourceId, ResourceReading> wanted,
        Map<ResourceId, ResourceReading> others,
        @Nullable List<Observation.Attached<?>> attached,
        List<Observation.Hanging<?>> hanging,
        @Nullable Fault unsearched,
        @Nullable Fault unexpected) {}
