package dev.holdfast.kind;

import dev.holdfast.model.GuardedChange;
import org.jspecify.annotations.Nullable;

/** The security risk that a change of a field can carry. */
public enum FieldRisk {
    /** Inline policies of a role, which grant permissions to the role. */
    INLINE_POLICIES(GuardedChange.IamWidened),
    /** ARNs of managed policies, which grant permissions to a role. */
    MANAGED_POLICIES(GuardedChange.IamWidened),
    /** A role whose permissions another principal receives: the code of a task or function, or an AWS service. */
    PASSED_ROLE(GuardedChange.IamWidened),
    /** The policy that names the principals that may assume a role. */
    TRUST_POLICY(GuardedChange.TrustChanged),
    /** The ARN of the policy that limits the permissions of a role. */
    BOUNDARY(GuardedChange.BoundaryChanged),
    /** The allowed sources of incoming traffic. Their address ranges are marked {@link #ADDRESSES}. */
    SOURCES(GuardedChange.InternetIngress),
    /** A range of addresses. It is a risk only inside {@link #SOURCES}. */
    ADDRESSES(null),
    /** A policy that grants other principals access to the resource. */
    RESOURCE_POLICY(GuardedChange.PublicAccess),
    /** A principal that may use the resource, as text: an account, a service, or {@code *} for everybody. */
    PRINCIPAL(GuardedChange.PublicAccess),
    /** Switches that block public access while they are on. */
    PUBLIC_ACCESS_BLOCK(GuardedChange.PublicAccess),
    /** The policy that controls the use and management of a key. */
    KEY_POLICY(GuardedChange.KeyPolicyChanged),
    /** A policy that can only restrict existing permissions. */
    RESTRICTION(null);

    private final @Nullable GuardedChange guarded;

    FieldRisk(@Nullable GuardedChange guarded) {
        this.guarded = guarded;
    }

    /** The class of changes that guardrails can hold; null if guardrails have no class for this risk. */
    public @Nullable GuardedChange guarded() {
        return guarded;
    }
}
