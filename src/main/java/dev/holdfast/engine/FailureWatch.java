package dev.holdfast.engine;

import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Rollout;
import dev.holdfast.plan.Presence;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.state.ResourceRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Has the slow facets of all dependencies of a resource read again when the resource begins to fail: the cause may be a
 * change in a facet that would otherwise be read only minutes later.
 */
final class FailureWatch {
    private final SessionContext context;
    private final RecordKeeper keeper;
    private final SlowFacets facets;
    /** The failure of each failing resource. */
    private final Map<ResourceId, String> failing = new HashMap<>();

    FailureWatch(SessionContext context, RecordKeeper keeper, SlowFacets facets) {
        this.context = context;
        this.keeper = keeper;
        this.facets = facets;
    }

    /**
     * A resource was read. A failure that is already known has no effect.
     *
     * @return the dependencies to read again
     */
    Set<ResourceId> seen(ResourceAssessment one) {
        String failure = failure(one);
        if (failure == null) {
            failing.remove(one.id());
            return Set.of();
        }
        return failure.equals(failing.put(one.id(), failure)) ? Set.of() : dependencies(one);
    }

    /** Forgets the resources that are no longer managed. */
    void retain(Set<ResourceId> managed) {
        failing.keySet().retainAll(managed);
    }

    /**
     * A step failed.
     *
     * @return the dependencies to read again
     */
    Set<ResourceId> failed(@Nullable ResourceAssessment one, Fault fault) {
        return switch (fault.category()) {
            case THROTTLED, TRANSIENT, CONFLICT, QUOTA, TAKEN -> Set.of();
            case ABSENT, EXISTS, DEPENDENCY, DENIED, INVALID, UNKNOWN -> one == null ? Set.of() : dependencies(one);
        };
    }

    private Set<ResourceId> dependencies(ResourceAssessment one) {
        Set<ResourceId> due = new HashSet<>();
        for (ResourceId dependency : keeper.behind(one)) {
            ResourceRecord record = context.state().record(dependency);
            if (record != null && record.physicalId() != null && facets.invalidate(record.physicalId())) {
                due.add(dependency);
            }
        }
        return due;
    }

    private static @Nullable String failure(ResourceAssessment one) {
        if (!one.history().completed() || !(one.presence() instanceof Presence.Present there)) {
            return null;
        }
        Rollout rollout = there.known().rollout();
        if (rollout != null && rollout.state() == Rollout.RolloutState.Failed) {
            return "rollout " + rollout.id();
        }
        Health health = there.known().health();
        return health.ready() == Health.Ready.False ? health.reason() : null;
    }
}
