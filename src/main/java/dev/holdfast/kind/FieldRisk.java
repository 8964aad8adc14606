package dev.holdfast.kind;

import dev.holdfast.model.GuardedChange;
import org.jspecify.annotations.Nullable;

/** What a change of a field can do to people who did not ask for it. */
public enum FieldRisk {
    /** Policies of a role's own, which give it rights. */
    INLINE_POLICIES(GuardedChange.IamWidened),
    /** ARNs of policies that give a role rights. */
    MANAGED_POLICIES(GuardedChange.IamWidened),
    /** A role whose rights somebody else gets: the code of a task or function, or an AWS service. */
    PASSED_ROLE(GuardedChange.IamWidened),
    /** A policy that says who may assume a role. */
    TRUST_POLICY(GuardedChange.TrustChanged),
    /** The ARN of the policy that bounds the rights of a role. */
    BOUNDARY(GuardedChange.BoundaryChanged),
    /** Who may come in; the addresses in it are marked {@link #ADDRESSES}. */
    SOURCES(GuardedChange.InternetIngress),
    /** A range of addresses; risky only inside {@link #SOURCES}. */
    ADDRESSES(null),
    /** A policy that says who else may use the resource. */
    RESOURCE_POLICY(GuardedChange.PublicAccess),
    /** The same as a text: an account, a service, or {@code *} for everybody. */
    PRINCIPAL(GuardedChange.PublicAccess),
    /** Switches that keep everybody out as long as they are on. */
    PUBLIC_ACCESS_BLOCK(GuardedChange.PublicAccess),
    /** A policy that says who may use and manage a key. */
    KEY_POLICY(GuardedChange.KeyPolicyChanged),
    /** A policy that can only take rights away from those who have them. */
    RESTRICTION(null);

    private final @Nullable GuardedChange guarded;

    FieldRisk(@Nullable GuardedChange guarded) {
        this.guarded = guarded;
    }

    /** The class of changes that guardrails can hold; null: none. */
    public @Nullable GuardedChange guarded() {
        return guarded;
    }
}
