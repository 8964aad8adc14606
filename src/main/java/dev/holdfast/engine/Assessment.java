package dev.holdfast.engine;

import dev.holdfast.model.Plan;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.plan.ResourceAssessment;
import dev.holdfast.plan.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known and decided of every resource of a stack at one moment.
 *
 * @param verdicts of the plan's steps, in its order
 * @param retained resources that are no longer desired and stay
 */
record Assessment(
        Map<ResourceId, ManagedResource<?>> managed,
        Map<ResourceId, ResourceAssessment> resources,
        Plan plan,
        Map<Step, Verdict> verdicts,
        Set<ResourceId> retained) {

    /** The steps that may begin, in the order of the plan. */
    List<Step> allowed() {
        return verdicts.entrySet().stream()
                .filter(e -> e.getValue() instanceof Verdict.Allowed)
                .map(Map.Entry::getKey)
                .toList();
    }
}
