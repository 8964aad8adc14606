package dev.holdfast.model;

/** What AWS is doing with a resource now. */
public enum Phase {
    Steady,
    Creating,
    Updating,
    RollingOut,
    Deleting,
    /** Scheduled for deletion, its name still held: create brings it back. */
    Restorable
}
