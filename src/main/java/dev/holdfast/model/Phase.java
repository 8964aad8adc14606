package dev.holdfast.model;

/** The present work of AWS on a resource. */
public enum Phase {
    Steady,
    Creating,
    Updating,
    RollingOut,
    Deleting,
    /** The resource is scheduled for deletion and its name is still taken: a create restores it. */
    Restorable,
    /** AWS gave up the creation: the object never works and nothing can use it, so that it is replaced. */
    Abandoned
}
