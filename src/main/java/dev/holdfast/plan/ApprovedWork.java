package dev.holdfast.plan;

import dev.holdfast.model.Action;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Step;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The changes of a resource that always need an approval of their own step, whatever the limits and other approval
 * rules say.
 *
 * @param changes by component, the reason why a change of it needs an approval
 * @param restart the reason for a restart; null if none is needed
 */
public record ApprovedWork(
        Map<String, String> changes, @Nullable String restart) {
    public static final ApprovedWork NONE = new ApprovedWork(Map.of(), null);

    /**
     * @param reasons the kind's own reasons, by component
     * @param hastens the components whose change also makes the changes that wait for the maintenance window
     * @param outlook the changes that wait
     */
    public static ApprovedWork of(Map<String, String> reasons, Set<String> hastens, Outlook outlook) {
        if (hastens.isEmpty() || outlook.pending().isEmpty()) {
            return new ApprovedWork(reasons, outlook.restart());
        }
        Map<String, String> changes = new HashMap<>(reasons);
        String why = "AWS would make the changes that wait for the maintenance window at the same time: "
                + String.join(", ", outlook.pending()) + ". Approve this step, or wait for the window";
        hastens.forEach(component -> changes.putIfAbsent(component, why));
        return new ApprovedWork(changes, outlook.restart());
    }

    boolean concerns(FieldChange change) {
        return change.effect() != FieldChange.Effect.Released && changes.containsKey(change.component());
    }

    /** The reason why the step needs an approval of this sort, or null. */
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

    /** Whether dependents can use the resource while the step waits. */
    public static boolean isApart(Step step, ResourceAssessment assessment) {
        return step.action() == Action.Restart
                || (step.action() == Action.Update && assessment.approved().why(step) != null);
    }
}
