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
 * @param publishing who may publish and approve
 */
public record Guardrails(
        AllowedScope allow,
        @Nullable Limits ceilings,
        @Nullable String permissionsBoundary,
        @Nullable Set<String> managedPolicies,
        Set<GuardedChange> requireApproval,
        PolicySet policies,
        PublishingRules publishing) {
    public Guardrails {
        managedPolicies = managedPolicies == null ? null : Set.copyOf(managedPolicies);
        requireApproval = Set.copyOf(requireApproval);
    }

    /** Without rules for publications. */
    public Guardrails(
            AllowedScope allow,
            @Nullable Limits ceilings,
            @Nullable String permissionsBoundary,
            @Nullable Set<String> managedPolicies,
            Set<GuardedChange> requireApproval,
            PolicySet policies) {
        this(allow, ceilings, permissionsBoundary, managedPolicies, requireApproval, policies, PublishingRules.NONE);
    }

    /** The same for documents that are not published yet: nobody has signed them. */
    Guardrails ofDrafts() {
        return new Guardrails(
                allow, ceilings, permissionsBoundary, managedPolicies, requireApproval, policies, PublishingRules.NONE);
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

        /** @param outdated why the file cannot be read any more; null: these are the guardrails that it has now */
        record ActiveGuardrails(
                String location,
                Guardrails guardrails,
                @Nullable String outdated) implements GuardrailsState {
            public ActiveGuardrails(String location, Guardrails guardrails) {
                this(location, guardrails, null);
            }

            /** The same, which stay in force although the file cannot be read now. */
            public ActiveGuardrails outdated(String why) {
                return new ActiveGuardrails(location, guardrails, why);
            }
        }

        /** They are configured and cannot be read: nothing may be written. */
        record UnreadableGuardrails(String location, String why) implements GuardrailsState {}

        GuardrailsState NONE = new NoGuardrails();

        /** The same for documents that are not published yet: nobody has signed them. */
        default GuardrailsState ofDrafts() {
            return this instanceof ActiveGuardrails active
                    ? new ActiveGuardrails(
                            active.location(), active.guardrails().ofDrafts(), active.outdated())
                    : this;
        }

        /** In words, for the status. */
        default String words() {
            return switch (this) {
                case NoGuardrails none -> "no guardrails are set";
                case ActiveGuardrails active ->
                    "guardrails of " + active.location()
                            + (active.guardrails().publishing().signed()
                                    ? ", which require revisions that are signed by "
                                            + active.guardrails().publishing().names()
                                    : "")
                            + (active.outdated() == null
                                    ? ""
                                    : ", as they were read last: the file cannot be read now: " + active.outdated());
                case UnreadableGuardrails unreadable ->
                    "the guardrails of " + unreadable.location() + " cannot be read, and nothing is written: "
                            + unreadable.why();
            };
        }
    }
}
