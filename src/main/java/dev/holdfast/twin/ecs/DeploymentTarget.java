package dev.holdfast.twin.ecs;

/** The revision that a deployment brings. @param neverHealthy its tasks start and then fail the checks of their target group */
record DeploymentTarget(ServiceRevisionState revision, String revisionArn, boolean neverHealthy) {}
