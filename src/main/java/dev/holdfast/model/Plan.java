package dev.holdfast.model;

import java.util.List;
import java.util.Map;

/**
 * The ordered steps that turn the observed state into the desired state. NoOp steps are left out.
 *
 * @param warnings the messages of policies that do not stop a step, by the hash of the step
 */
public record Plan(String stack, String revision, List<Step> steps, Map<String, List<String>> warnings) {
    public Plan(String stack, String revision, List<Step> steps) {
        this(stack, revision, steps, Map.of());
    }

    /** The messages of policies that do not stop the step. */
    public List<String> warnings(Step step) {
        return warnings.getOrDefault(step.hash(), List.of());
    }

    public boolean isEmpty() {
        return steps.isEmpty();
    }

    public long count(Action action) {
        return steps.stream().filter(s -> s.action() == action).count();
    }
}
