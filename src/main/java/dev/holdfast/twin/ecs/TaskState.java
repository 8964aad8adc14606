package dev.holdfast.twin.ecs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.TaskStopCode;

/** One task of a service, from the moment when it is started until its interface is gone. */
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

    /** When the stage began. */
    Instant since;

    @Nullable
    String interfaceId;

    @Nullable
    String subnetId;

    /** Why it drains. */
    String stopReason = "";

    @Nullable
    String address;

    TaskState(String id, DeploymentState deployment, Instant since) {
        this.id = id;
        this.deployment = deployment;
        this.since = since;
        this.createdAt = since;
    }

    /** One that is no more; ECS remembers it for an hour. */
    record Stopped(
            String id, DeploymentState deployment, TaskStopCode code, String reason, Instant createdAt, Instant at) {}

    boolean alive() {
        return stage != Stage.DRAINING;
    }
}
