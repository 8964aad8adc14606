package dev.holdfast.twin.events;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** One rule of a bus, with its targets by id. */
final class BusRule {
    private Rule shape;
    private @Nullable EventPattern pattern;
    final Map<String, Target> targets = new LinkedHashMap<>();
    final Map<String, String> tags = new TreeMap<>();

    BusRule(Rule shape) {
        this.shape = shape;
        change(shape);
    }

    void change(Rule to) {
        pattern = to.eventPattern() == null ? null : EventPattern.of(to.eventPattern());
        shape = to;
    }

    Rule shape() {
        return shape;
    }

    /**
     * The pattern, if the rule forwards events; null otherwise. A rule with a schedule forwards none: the twin has no
     * schedules.
     */
    @Nullable
    EventPattern active() {
        return shape.state() == RuleState.DISABLED || targets.isEmpty() ? null : pattern;
    }
}
