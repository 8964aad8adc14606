package dev.holdfast.model;

import java.util.List;
import java.util.Map;

/**
 * The ordered steps that turn the observed state into the desired state. NoOp steps are left out.
 *
 * @param warnings what policies say of steps that they do not stop, by the steps' hashes
 */
public record Plan(String stack, String revision, List<Step> steps, Map<String, List<String>> warnings) {
    public Plan(String stack, String revision, List<Step> steps) {
        this(stack, revision, steps, Map.of());
    }

    /** What policies say of a step that they do not stop. */
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
