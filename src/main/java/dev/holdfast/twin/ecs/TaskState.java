package dev.holdfast.twin.ecs;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

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

    /** When the stage began. */
    Instant since;

    @Nullable
    String interfaceId;

    @Nullable
    String subnetId;

    @Nullable
    String address;

    TaskState(String id, DeploymentState deployment, Instant since) {
        this.id = id;
        this.deployment = deployment;
        this.since = since;
    }

    boolean alive() {
        return stage != Stage.DRAINING;
    }
}
