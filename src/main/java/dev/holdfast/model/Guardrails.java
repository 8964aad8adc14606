package dev.holdfast.model;

import dev.holdfast.model.StackSettings.Limits;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The restrictions that no desired-state document can lift. The operator reads them from a place that the publisher
 * cannot write.
 *
 * @param ceilings the highest limits that a stack may set; null: none
 * @param permissionsBoundary the boundary that each role must declare; null: none is required
 * @param managedPolicies the ARNs of the policies that roles may have attached, with {@code *} for any text; null: any
 * @param requireApproval the changes that wait for a person
 * @param policies the policies that each step has to comply with
 * @param publishing the rules for publishers and approvers
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

    /** Creates guardrails without rules for publications. */
    public Guardrails(
            AllowedScope allow,
            @Nullable Limits ceilings,
            @Nullable String permissionsBoundary,
            @Nullable Set<String> managedPolicies,
            Set<GuardedChange> requireApproval,
            PolicySet policies) {
        this(allow, ceilings, permissionsBoundary, managedPolicies, requireApproval, policies, PublishingRules.NONE);
    }

    /** The same guardrails for unpublished documents, which have no signature yet. */
    Guardrails ofDrafts() {
        return new Guardrails(
                allow, ceilings, permissionsBoundary, managedPolicies, requireApproval, policies, PublishingRules.NONE);
    }

    /** The stacks, accounts, regions, kinds and roles that are allowed; null: any. */
    public record AllowedScope(
            @Nullable Set<String> stacks,
            @Nullable Set<String> accounts,
            @Nullable Set<String> regions,
            @Nullable Set<String> kinds,
            @Nullable Set<String> roles) {
        public static final AllowedScope ANYTHING = new AllowedScope(null, null, null, null, null);
    }

    /** The state of the guardrails: absent, active or unreadable. */
    public sealed interface GuardrailsState {
        /** No guardrails are configured. */
        record NoGuardrails() implements GuardrailsState {}

        /**
         * @param outdated the reason why the file is no longer readable; null: the guardrails are its present content
         */
        record ActiveGuardrails(
                String location,
                Guardrails guardrails,
                @Nullable String outdated) implements GuardrailsState {
            public ActiveGuardrails(String location, Guardrails guardrails) {
                this(location, guardrails, null);
            }

            /** The same guardrails, which stay in force although the file cannot be read now. */
            public ActiveGuardrails outdated(String why) {
                return new ActiveGuardrails(location, guardrails, why);
            }
        }

        /** Guardrails are configured but cannot be read: nothing may be written. */
        record UnreadableGuardrails(String location, String why) implements GuardrailsState {}

        GuardrailsState NONE = new NoGuardrails();

        /** The same guardrails for unpublished documents, which have no signature yet. */
        default GuardrailsState ofDrafts() {
            return this instanceof ActiveGuardrails active
                    ? new ActiveGuardrails(
                            active.location(), active.guardrails().ofDrafts(), active.outdated())
                    : this;
        }

        /** The state in words, for the status. */
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
