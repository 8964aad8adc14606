package dev.holdfast.model;

/** The change that a step makes. */
public enum Action {
    Create,
    Update,
    Replace,
    /** The resource is restarted, so that its pending settings take effect. */
    Restart,
    Delete,
    Adopt,
    Forget,
    NoOp
}
