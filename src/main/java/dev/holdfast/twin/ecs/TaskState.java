package dev.holdfast.twin.ecs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** One task of a service, from its start until the deletion of its network interface. */
final class TaskState {
    enum Stage {
        PENDING,
        RUNNING,
        DRAINING
    }

    final String id;
    final DeploymentState deployment;
    Stage stage = Stage.PENDING;

    final Instant createdAt;

    /** The time at which the stage began. */
    Instant since;

    @Nullable
    String interfaceId;

    @Nullable
    String subnetId;

    /** The reason why the task drains. */
    String stopReason = "";

    @Nullable
    String address;

    TaskState(String id, DeploymentState deployment, Instant since) {
        this.id = id;
        this.deployment = deployment;
        this.since = since;
        this.createdAt = since;
    }

    /** A stopped task, which ECS lists for an hour. */
    record Stopped(
            String id, DeploymentState deployment, TaskStopCode code, String reason, Instant createdAt, Instant at) {}

    boolean alive() {
        return stage != Stage.DRAINING;
    }
}
