package dev.holdfast.alerts;

import static dev.holdfast.alerts.Views.START;

import dev.holdfast.engine.StackView;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The common part of tests of the rules: views that follow one another, and the alerts that they send. */
abstract class AlertRulesCase {
    AlertMemory memory = AlertMemory.NONE;
    Instant now = START;

    List<String> update(StackView view) {
        AlertRules.AlertUpdate outcome = AlertRules.update(view, memory, Set.of(), now);
        memory = outcome.memory();
        return outcome.alerts().stream()
                .map(a -> a.phase() + " " + a.severity() + " " + (a.resource() == null ? "stack" : a.resource()) + " "
                        + a.reason() + ": " + a.message())
                .toList();
    }

    List<String> after(Duration time, StackView view) {
        now = now.plus(time);
        return update(view);
    }

    static StackView stalled(String reason) {
        return Views.of()
                .with("Database/main", Status.Stalled, reason, "the words of " + reason)
                .view();
    }
}
