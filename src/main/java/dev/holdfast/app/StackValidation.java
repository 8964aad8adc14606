package dev.holdfast.app;

import dev.holdfast.desired.Problem;
import dev.holdfast.model.PolicyAction;
import dev.holdfast.model.ResourceId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the check of one stack came to.
 *
 * @param location where it was read
 * @param revision null: it does not validate
 * @param resources how many it has
 * @param problems of its documents
 * @param policies what the policies of the guardrails say of its resources
 * @param reason why it could not be checked, or null
 */
record StackValidation(
        String location,
        String stack,
        boolean valid,
        @Nullable String revision,
        int resources,
        List<Problem> problems,
        List<StackFinding> policies,
        @Nullable String reason) {
    record StackFinding(ResourceId resource, PolicyAction action, String message) {}

    /** In one line. */
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
