package dev.holdfast.plan;

/** Whether the resources that depend on a resource can use it. */
public enum DependencyState {
    /** In sync, or with nothing to do, and ready. */
    Settled,
    /** Neither there nor desired. */
    Gone,
    NotReady,
    Stalled,
    Unknown
}
