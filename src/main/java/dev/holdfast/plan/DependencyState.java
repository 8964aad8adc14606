package dev.holdfast.plan;

/** How a resource stands, to those that depend on it. */
public enum DependencyState {
    /** In sync, or with nothing to do, and ready. */
    Settled,
    /** Neither there nor desired. */
    Gone,
    NotReady,
    Stalled,
    Unknown
}
