package dev.holdfast.model;

/** The status of a resource; the first that matches, in this order, which is also from worst to best. */
public enum Status {
    Unknown,
    Orphaned,
    Stalled,
    AwaitingApproval,
    Failed,
    Progressing,
    Waiting,
    Paused,
    Drifted,
    Pending,
    Synced
}
