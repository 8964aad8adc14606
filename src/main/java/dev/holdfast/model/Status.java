package dev.holdfast.model;

/** The status of a resource: the first value that applies. The values are ordered from worst to best. */
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
