package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Step;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a resource only once a person has approved of that very step, whatever the limits and the mode of approval.
 *
 * @param changes by component, why a change of it needs an approval
 * @param restart what waits for a restart; null: nothing does
 */
public record ApprovedWork(
        Map<String, String> changes, @Nullable String restart) {
    public static final ApprovedWork NONE = new ApprovedWork(Map.of(), null);

    boolean concerns(FieldChange change) {
        return change.effect() != FieldChange.Effect.Released && changes.containsKey(change.component());
    }

    /** Why the step needs an approval; null: it needs none for this. */
    @Nullable
    String why(Step step) {
        return step.action() == Action.Restart
                ? restart
                : step.changes().stream()
                        .filter(this::concerns)
                        .map(change -> changes.get(change.component()))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
    }

    /** Whether others can use the resource as it is while the step waits. */
    public static boolean isApart(Step step, ResourceAssessment assessment) {
        return step.action() == Action.Restart
                || (step.action() == Action.Update && assessment.approved().why(step) != null);
    }
}
