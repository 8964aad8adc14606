package dev.holdfast.model;

import dev.holdfast.model.StackSettings.Limits;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What no desired-state document can lift: read by the operator from a place that the publisher cannot write.
 *
 * @param ceilings of the limits; null: none
 * @param permissionsBoundary the boundary that each role must declare; null: none is required
 * @param managedPolicies the ARNs of the policies that roles may have attached, with {@code *} for any text; null: any
 * @param requireApproval the changes that wait for a person
 * @param policies that each step has to comply with
 */
public record Guardrails(
        AllowedScope allow,
        @Nullable Limits ceilings,
        @Nullable String permissionsBoundary,
        @Nullable Set<String> managedPolicies,
        Set<GuardedChange> requireApproval,
        PolicySet policies) {
    public Guardrails {
        managedPolicies = managedPolicies == null ? null : Set.copyOf(managedPolicies);
        requireApproval = Set.copyOf(requireApproval);
    }

    /** Where stacks may be, and what they may consist of; null: anything. */
    public record AllowedScope(
            @Nullable Set<String> stacks,
            @Nullable Set<String> accounts,
            @Nullable Set<String> regions,
            @Nullable Set<String> kinds,
            @Nullable Set<String> roles) {
        public static final AllowedScope ANYTHING = new AllowedScope(null, null, null, null, null);
    }

    /** What is known of the guardrails. */
    public sealed interface GuardrailsState {
        /** None are configured. */
        record NoGuardrails() implements GuardrailsState {}

        record ActiveGuardrails(String location, Guardrails guardrails) implements GuardrailsState {}

        /** They are configured and cannot be read: nothing may be written. */
        record UnreadableGuardrails(String location, String why) implements GuardrailsState {}

        GuardrailsState NONE = new NoGuardrails();

        /** In words, for the status. */
        default String words() {
            return switch (this) {
                case NoGuardrails none -> "no guardrails are set";
                case ActiveGuardrails active -> "guardrails of " + active.location();
                case UnreadableGuardrails unreadable ->
                    "the guardrails of " + unreadable.location() + " cannot be read, and nothing is written: "
                            + unreadable.why();
            };
        }
    }
}
