package dev.holdfast.model;

/** What a step does. */
public enum Action {
    Create,
    Update,
    Replace,
    /** What waits for a restart of the resource takes effect. */
    Restart,
    Delete,
    Adopt,
    Forget,
    NoOp
}
