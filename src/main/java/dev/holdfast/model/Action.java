package dev.holdfast.model;

/** What a step does. */
public enum Action {
    Create,
    Update,
    Replace,
    Delete,
    Adopt,
    Forget,
    NoOp
}
