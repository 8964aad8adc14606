package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.TwinContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.*;

/** One service as ECS stores it: its settings, its deployments, its tasks and its events. */
final class ServiceState {
    private static final int EVENTS = 100;
    private static final Duration NOT_REPEATED = Duration.ofHours(6);
    private static final Duration STOPPED_REMEMBERED = Duration.ofHours(1);

    final TwinContext context;
    final String arn;
    final String name;
    final String cluster;
    final Instant createdAt;
    final @Nullable String clientToken;

    /** All settings except counts, deployments and the members of a revision. */
    Service settings;

    int desired;
    String status = "ACTIVE";

    @Nullable
    Instant inactiveSince;

    /** Whether the service can change only at a due time or after a request. */
    boolean waiting;

    /** The stopped tasks, the newest first. */
    private final List<TaskState.Stopped> stopped = new ArrayList<>();

    /** The deployments, the newest first: the first one is PRIMARY. */
    final List<DeploymentState> deployments = new ArrayList<>();

    final List<TaskState> tasks = new ArrayList<>();
    final Map<String, String> tags = new TreeMap<>();

    /** The events, the newest first. */
    final List<ServiceEvent> events = new ArrayList<>();

    /** The service deployments, the oldest first. */
    final List<DeploymentState.History> history = new ArrayList<>();

    final Map<String, ServiceRevisionState> revisions = new LinkedHashMap<>();

    @Nullable
    DeploymentState lastCompleted;

    ServiceState(TwinContext context, String cluster, @Nullable String clientToken, Service settings, int desired) {
        this.context = context;
        this.cluster = cluster;
        this.name = settings.serviceName();
        this.arn = context.arn("ecs", "service/" + cluster + "/" + settings.serviceName());
        this.clientToken = clientToken;
        this.settings = settings;
        this.desired = desired;
        this.createdAt = context.now();
    }

    boolean active() {
        return status.equals("ACTIVE");
    }

    @Nullable
    DeploymentState primary() {
        return deployments.isEmpty() ? null : deployments.getFirst();
    }

    DeploymentConfiguration rules() {
        return settings.deploymentConfiguration();
    }

    long count(DeploymentState deployment, TaskState.Stage stage) {
        return tasks.stream()
                .filter(t -> t.deployment == deployment && t.stage == stage)
                .count();
    }

    long count(TaskState.Stage stage) {
        return tasks.stream().filter(t -> t.stage == stage).count();
    }

    long alive(DeploymentState deployment) {
        return tasks.stream()
                .filter(t -> t.deployment == deployment && t.alive())
                .count();
    }

    /** Starts a requested deployment. It ends a deployment that is still in progress. */
    DeploymentState deploy(ServiceRevisionState revision, boolean neverHealthy) {
        Instant now = context.now();
        DeploymentState old = primary();
        if (old != null && old.history.open()) {
            old.history.become(
                    ServiceDeploymentStatus.STOPPED,
                    "Service deployment stopped because a newer service deployment was started.",
                    now);
        }
        String id = context.hex(16);
        String revisionArn = remember(revision);
        DeploymentState.History asked = new DeploymentState.History(
                context.arn("ecs", "service-deployment/" + cluster + "/" + name + "/" + id),
                revisionArn,
                lastCompleted == null ? null : lastCompleted.revisionArn,
                now);
        history.add(asked);
        DeploymentState next = new DeploymentState(
                newId(), new DeploymentTarget(revision, revisionArn, neverHealthy), now, asked, null);
        deployments.addFirst(next);
        EcsEvents.deployment(this, next, "SERVICE_DEPLOYMENT_IN_PROGRESS");
        return next;
    }

    /** Starts a rollback to the last completed deployment. */
    void rollBack(DeploymentState failed, DeploymentState to, String why, Instant at) {
        failed.history.rollbackRevisionArn = to.revisionArn;
        failed.history.rollbackStartedAt = at;
        failed.history.become(ServiceDeploymentStatus.ROLLBACK_IN_PROGRESS, why, at);
        DeploymentState back = new DeploymentState(newId(), to.target, at, failed.history, to.id);
        deployments.addFirst(back);
        EcsEvents.deployment(this, back, "SERVICE_DEPLOYMENT_IN_PROGRESS");
        say("(service " + name + ") rolling back to deployment " + to.id + ".", at);
    }

    private String remember(ServiceRevisionState revision) {
        for (Map.Entry<String, ServiceRevisionState> known : revisions.entrySet()) {
            if (known.getValue().equals(revision)) {
                return known.getKey();
            }
        }
        String made = context.arn("ecs", "service-revision/" + cluster + "/" + name + "/" + digits());
        revisions.put(made, revision);
        return made;
    }

    private String newId() {
        return "ecs-svc/" + digits();
    }

    private String digits() {
        StringBuilder s = new StringBuilder().append(1 + context.random(9));
        for (int i = 1; i < 19; i++) {
            s.append(context.random(10));
        }
        return s.toString();
    }

    void stopped(TaskState task, TaskStopCode code, String reason, Instant at) {
        TaskState.Stopped gone = new TaskState.Stopped(task.id, task.deployment, code, reason, task.createdAt, at);
        stopped.addFirst(gone);
        EcsEvents.task(this, ServiceViews.stopped(this, gone), at);
    }

    List<TaskState.Stopped> stopped() {
        stopped.removeIf(t -> t.at().plus(STOPPED_REMEMBERED).isBefore(context.now()));
        return stopped;
    }

    /** ECS does not repeat the same message within six hours unless another message came between. */
    void say(String message, Instant at) {
        if (!events.isEmpty()
                && events.getFirst().message().equals(message)
                && events.getFirst().createdAt().plus(NOT_REPEATED).isAfter(at)) {
            return;
        }
        events.addFirst(ServiceEvent.builder()
                .id(context.hex(8) + "-" + context.hex(4) + "-" + context.hex(12))
                .createdAt(at)
                .message(message)
                .build());
        if (events.size() > EVENTS) {
            events.removeLast();
        }
    }
}
