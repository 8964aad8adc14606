package dev.holdfast.twin.ecs;

/** The present number of services and tasks in a cluster. */
record ClusterLoad(int services, int running, int pending) {}
