package dev.holdfast.twin.ecs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentStatus;

/** One deployment of a service, as DescribeServices lists it, and the service deployment that it is part of. */
final class DeploymentState {
    final String id;
    final DeploymentTarget target;
    final ServiceRevisionState revision;
    final String revisionArn;
    final Instant createdAt;

    /** The requested rollout; a rollback shares the history of the deployment that it rolls back. */
    final History history;

    final boolean rollback;

    /** Whether its tasks start and then fail the checks of their target group. */
    final boolean neverHealthy;

    Instant updatedAt;
    DeploymentRolloutState state = DeploymentRolloutState.IN_PROGRESS;
    String reason;
    int failedTasks;

    /** The earliest time of the next start after a failed one. */
    @Nullable
    Instant noStartBefore;

    DeploymentState(
            String id, DeploymentTarget target, Instant createdAt, History history, @Nullable String rollingBackTo) {
        this.target = target;
        this.id = id;
        this.revision = target.revision();
        this.revisionArn = target.revisionArn();
        this.createdAt = createdAt;
        this.updatedAt = createdAt;
        this.history = history;
        this.rollback = rollingBackTo != null;
        this.neverHealthy = target.neverHealthy();
        this.reason = rollingBackTo != null
                ? "ECS deployment circuit breaker: rolling back to deploymentId " + rollingBackTo + "."
                : "ECS deployment " + id + " in progress.";
    }

    void become(DeploymentRolloutState next, String why, Instant at) {
        state = next;
        reason = why;
        updatedAt = at;
    }

    /** A service deployment: the requested rollout, and its rollback if there was one. AWS keeps it for 90 days. */
    static final class History {
        final String arn;
        final String targetRevisionArn;
        final @Nullable String sourceRevisionArn;
        final Instant createdAt;
        ServiceDeploymentStatus status = ServiceDeploymentStatus.IN_PROGRESS;

        @Nullable
        String reason;

        @Nullable
        Instant finishedAt;

        @Nullable
        String rollbackRevisionArn;

        @Nullable
        Instant rollbackStartedAt;

        History(String arn, String targetRevisionArn, @Nullable String sourceRevisionArn, Instant createdAt) {
            this.arn = arn;
            this.targetRevisionArn = targetRevisionArn;
            this.sourceRevisionArn = sourceRevisionArn;
            this.createdAt = createdAt;
        }

        void become(ServiceDeploymentStatus next, @Nullable String why, Instant at) {
            status = next;
            reason = why;
            finishedAt = next == ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS ? null : at;
        }

        boolean open() {
            return finishedAt == null;
        }
    }
}
