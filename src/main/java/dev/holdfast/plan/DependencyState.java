package dev.holdfast.plan;

/** Whether the resources that depend on a resource can use it. */
public enum DependencyState {
    /** The resource is ready, and no step of it is needed. */
    Settled,
    /** The resource does not exist and is not desired. */
    Gone,
    NotReady,
    Stalled,
    Unknown
}
