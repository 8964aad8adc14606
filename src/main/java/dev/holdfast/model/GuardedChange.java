package dev.holdfast.model;

/** A class of changes that guardrails can hold until a person approves of each. */
public enum GuardedChange {
    /** A role gets rights: the role is created with policies, or a policy is added or changed. */
    IamWidened,
    /** The trust policy of a role changes, or a role is created that principals other than AWS services may assume. */
    TrustChanged,
    /** The permissions boundary of a role is changed or removed. */
    BoundaryChanged,
    /** A security group admits the internet, or half of it. */
    InternetIngress,
    /** A policy admits everybody, or a bucket's block of public access is lifted. */
    PublicAccess,
    /** A resource that holds data or logs is deleted or replaced. */
    DataDeleted,
    /** The policy of a KMS key changes. */
    KeyPolicyChanged
}
