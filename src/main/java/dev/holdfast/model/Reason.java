package dev.holdfast.model;

/** The reason for a status, or for a step that may not begin. The status and the JSON show the name of the constant. */
public enum Reason {
    /** The read of the resource failed. */
    ReadFailed,
    /** The resource has not been read yet. */
    NotRead,
    /** A create was sent a short while ago, and no read shows the resource yet. */
    CreateInGrace,
    /** The code of the kind threw an exception that it does not handle: nothing is written to the resource. */
    UnexpectedException,
    /** The result of the last read could not be recorded in the state: nothing is written to the resource. */
    NotRecorded,
    /** Some reads fail, so that Holdfast cannot decide whether the resource held data before the state was lost. */
    StateUndecided,
    /** The digest of an image that the spec names cannot be resolved. */
    ImageNotResolved,

    /** The resource is no longer desired, and its lifecycle keeps it. */
    Retained,

    /** AWS refused the spec: no retry until the spec changes. */
    Invalid,
    /** An object that is not ours has the unique name of the resource, or an additional name of its spec. */
    NameTaken,
    /** A stateful resource that existed before no longer exists. */
    LostStateful,
    /** The rollout failed, and its desired state has not changed since. */
    RolloutHeld,
    /** Several writes in a row had no effect. */
    NeverConverges,
    /** The lifecycle of the resource forbids a replacement. */
    ReplaceForbidden,

    ReplaceNeedsApproval,
    /** Holdfast never makes the change without approval, for example another major version of an engine. */
    ChangeNeedsApproval,
    /** A setting takes effect only with a restart. */
    RestartNeedsApproval,
    /** An adoption would have to be followed by a replacement. */
    AdoptWouldReplace,
    /** The object to be adopted does not exist, so a new one would be created. */
    NothingToAdopt,
    /** An object carries the ownership of the resource, and neither a document nor a recorded replacement explains it. */
    UnexpectedCopy,
    /** The plan has more steps of this sort than a limit allows. */
    LimitExceeded,
    /** Other steps of the plan exceed a limit, and no change begins before they are approved. */
    PlanOverLimit,
    /** The guardrails require a person's approval for a change of this class. */
    GuardrailNeedsApproval,
    /** The guardrails forbid the revision, or cannot be read: nothing is written. */
    GuardrailsForbid,
    /** A policy of the guardrails denies the step. */
    PolicyDenied,
    /** A policy of the guardrails requires a person's approval. */
    PolicyNeedsApproval,
    /** The operator's version changed, and the revision did not. */
    UpgradeHold,

    /** Another controller is entitled to write the resource. */
    Delegated,
    /** AWS has a newer version than the documents desire. The older version is never requested. */
    NewerVersion,
    /** The mode of the stack is Observe. */
    ModeObserve,
    Paused,

    DependencyNotReady,
    DependencyStalled,
    DependencyUnknown,
    /** Another resource may still use the access that the step withdraws. An approval of the step withdraws it now. */
    AccessInUse,

    /** The last attempt failed; the next one is due later. */
    Backoff,
    /** Another principal undoes the repair again and again. */
    Contested,
    /** The last write may not be visible to reads yet. */
    AwaitingEffect,

    Creating,
    Updating,
    RollingOut,
    Deleting,
    Restorable,
    Abandoned,

    ABSENT,
    EXISTS,
    CONFLICT,
    DEPENDENCY,
    THROTTLED,
    TRANSIENT,
    QUOTA,
    DENIED,
    INVALID,
    UNKNOWN;

    /** The reason of a status {@link Status#Failed}. */
    public static Reason of(Fault.Category category) {
        return category == Fault.Category.TAKEN ? NameTaken : valueOf(category.name());
    }

    /** The reason of a status {@link Status#Progressing}. @throws IllegalArgumentException if the phase is Steady */
    public static Reason of(Phase phase) {
        return valueOf(phase.name());
    }
}
