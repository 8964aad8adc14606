package dev.holdfast.engine;

import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.StackRef;
import dev.holdfast.model.DesiredResource;
import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Revision;
import dev.holdfast.state.ResourceRecord;
import dev.holdfast.state.StackState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The resources of a revision that take over the object of a former id in the same stack ({@link
 * DesiredResource#formerId}), because their documents were renamed. Their records keep their content under the new id.
 * Until its tags are changed, an object with the former id is the renamed resource. A rollback to documents with the
 * former id renames the resource back.
 *
 * @param names former id → present id
 */
record RenamedResources(Map<ResourceId, ResourceId> names) {
    static final RenamedResources NONE = new RenamedResources(Map.of());

    RenamedResources {
        names = Map.copyOf(names);
    }

    /** The renamed resources of the revision. Their records, and what the state knows of them, get the new ids. */
    static RenamedResources applied(Revision revision, SessionContext context) {
        StackState state = context.state();
        Map<ResourceId, ResourceId> names = new HashMap<>();
        Map<ResourceId, ResourceId> toRename = new HashMap<>();
        for (DesiredResource desired : revision.resources().values()) {
            ResourceId former = desired.formerId();
            if (former == null || revision.resources().containsKey(former)) {
                continue;
            }
            ResourceRecord old = state.record(former);
            String own = physicalId(state.record(desired.id()));
            if (own == null || old == null || own.equals(old.physicalId())) {
                names.put(former, desired.id());
                if (old != null) {
                    toRename.put(former, desired.id());
                }
            } else {
                context.events()
                        .add(
                                desired.id(),
                                Event.Severity.Warning,
                                "RenameIgnored",
                                "the resource has its own object " + own + ", and does not take over "
                                        + old.physicalId() + " of " + former + " (lifecycle.id)");
            }
        }
        back(revision, state).forEach((now, former) -> {
            if (names.putIfAbsent(now, former) == null) {
                toRename.put(now, former);
            }
        });
        if (!toRename.isEmpty()) {
            state.rename(toRename);
            toRename.forEach((former, now) -> context.events()
                    .add(
                            now,
                            Event.Severity.Info,
                            "Renamed",
                            "the resource was " + former + ", and keeps its object " + physicalId(state.record(now))));
        }
        return new RenamedResources(names);
    }

    /** The renamed resources of which the revision, after a rollback, desires a former id and not the present one. */
    private static Map<ResourceId, ResourceId> back(Revision revision, StackState state) {
        Map<ResourceId, ResourceId> back = new HashMap<>();
        Map<String, String> formerIds = new HashMap<>(state.memory().formerIds());
        formerIds.values().removeIf(now -> state.record(ResourceId.parse(now)) == null);
        state.update(memory -> memory.formerIds(formerIds));
        formerIds.forEach((text, present) -> {
            ResourceId former = ResourceId.parse(text);
            ResourceId now = ResourceId.parse(present);
            if (revision.resources().containsKey(former)
                    && !revision.resources().containsKey(now)
                    && physicalId(state.record(former)) == null) {
                back.putIfAbsent(now, former);
            }
        });
        return back;
    }

    private static @Nullable String physicalId(@Nullable ResourceRecord record) {
        return record == null ? null : record.physicalId();
    }

    /**
     * The observations, in which objects that carry a former id belong to the renamed resources, and failed reads of
     * such objects cover the renamed resources.
     */
    <O extends Observation<?>> List<O> in(List<O> observations, StackRef stack, String kind) {
        return names.isEmpty()
                ? observations
                : observations.stream().map(one -> renamed(one, stack, kind)).toList();
    }

    @SuppressWarnings("unchecked") // an observation of the same spec has the same type
    private <O extends Observation<?>> O renamed(O observation, StackRef stack, String kind) {
        ResourceId carried = switch ((Observation<?>) observation) {
            case Known<?> known -> OwnershipMatcher.owner(known, stack, kind);
            case Observation.Unknown<?> unknown -> unknown.resource();
            case Observation.Attached<?> attached -> null;
            case Observation.Hanging<?> hanging -> null;
            case Observation.Unsearched<?> unsearched -> null;
        };
        ResourceId now = carried == null ? null : names.get(carried);
        return now == null
                ? observation
                : observation instanceof Known<?> known
                        ? (O) known.identity(known.identity().belongingTo(now))
                        : (O) ((Observation.Unknown<?>) observation).of(now);
    }
}
