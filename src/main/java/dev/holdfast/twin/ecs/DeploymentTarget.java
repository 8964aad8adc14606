package dev.holdfast.twin.ecs;

/**
 * The revision that a deployment rolls out. @param neverHealthy its tasks start and then fail the target group's checks
 */
record DeploymentTarget(ServiceRevisionState revision, String revisionArn, boolean neverHealthy) {}
