package dev.holdfast.model;

import java.util.List;

/** The ordered steps that turn the observed state into the desired state. NoOp steps are left out. */
public record Plan(String stack, String revision, List<Step> steps) {
    public boolean isEmpty() {
        return steps.isEmpty();
    }

    public long count(Action action) {
        return steps.stream().filter(s -> s.action() == action).count();
    }
}
