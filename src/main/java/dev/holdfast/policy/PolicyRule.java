package dev.holdfast.policy;

import dev.holdfast.model.Action;
import dev.holdfast.model.PolicyAction;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A policy as its file declares it.
 *
 * @param kinds null: all
 * @param actions null: the actions that bring a resource to its desired state
 * @param expression in CEL; true: the subject complies
 * @param message the message for people if the expression is not true
 */
public record PolicyRule(
        String name,
        @Nullable Set<String> kinds,
        @Nullable Set<Action> actions,
        String expression,
        PolicyAction action,
        String message) {
    private static final Set<Action> APPLYING = EnumSet.of(Action.Create, Action.Update, Action.Replace, Action.Adopt);

    /** @param step null: no plan was made yet */
    boolean concerns(String kind, @Nullable Action step) {
        if (kinds != null && !kinds.contains(kind)) {
            return false;
        }
        Set<Action> mine = actions == null ? APPLYING : actions;
        return step == null ? mine.stream().anyMatch(APPLYING::contains) : mine.contains(step);
    }
}
