package dev.holdfast.engine;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one round of a pass found and decided.
 *
 * @param number rises by one with each round of a stack
 * @param seen resources that this round read, with an answer or without
 * @param verdicts of the plan's steps, in its order
 */
record PassSnapshot(
        long number,
        Set<ResourceId> seen,
        Map<ResourceId, ManagedResource<?>> targets,
        Map<ResourceId, Assessor.Assessed> assessed,
        Plan plan,
        Map<Step, Verdict> verdicts,
        Set<ResourceId> retained) {

    List<Step> open() {
        return verdicts.entrySet().stream()
                .filter(e -> e.getValue() instanceof Verdict.Allowed)
                .map(Map.Entry::getKey)
                .toList();
    }

    ManagedResource<?> target(ResourceId id) {
        ManagedResource<?> target = targets.get(id);
        if (target == null) {
            throw new IllegalStateException("no target " + id);
        }
        return target;
    }

    static String idOf(Known<?> known) {
        return known.identity().physicalId();
    }
}
