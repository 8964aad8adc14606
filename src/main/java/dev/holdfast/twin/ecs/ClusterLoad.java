package dev.holdfast.twin.ecs;

/** The counts of what runs in a cluster now. */
record ClusterLoad(int services, int running, int pending) {}
