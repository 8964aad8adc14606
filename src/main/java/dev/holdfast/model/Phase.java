package dev.holdfast.model;

/** What AWS is doing with a resource at present. */
public enum Phase {
    Steady,
    Creating,
    Updating,
    RollingOut,
    Deleting,
    /** The resource is scheduled for deletion and its name is still taken: a create restores it. */
    Restorable
}
