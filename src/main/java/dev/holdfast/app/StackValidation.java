package dev.holdfast.app;

import dev.holdfast.desired.Problem;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.ResourceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of the check of one stack.
 *
 * @param location the location of the stack
 * @param revision null if the stack does not validate
 * @param resources the number of its resources
 * @param problems the problems of its documents
 * @param warnings remarks about its documents that do not stop them
 * @param policies the findings of guardrail policies about its resources
 * @param reason why the stack could not be checked, or null
 */
record StackValidation(
        String location,
        String stack,
        boolean valid,
        @Nullable String revision,
        int resources,
        List<Problem> problems,
        List<Problem> warnings,
        List<StackFinding> policies,
        @Nullable String reason) {
    record StackFinding(ResourceId resource, PolicyAction action, String message) {}

    /** The result in one line. */
    String summary() {
        if (reason != null) {
            return stack + ": " + reason;
        }
        return revision == null
                ? stack + ": " + problems.size() + " problems"
                : stack + ": " + (valid ? "valid, " : "denied by policies, ") + resources + " resources, revision "
                        + revision;
    }
}
