package dev.holdfast.twin.ecs;

import dev.holdfast.twin.elbv2.TwinElb;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.*;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthStateEnum;

/**
 * ECS's service scheduler. It advances a service to the present, event by event, each at the time when it was due.
 *
 * <p>It performs rolling updates as AWS does. It starts new tasks within maximumPercent and drains old tasks within
 * minimumHealthyPercent. The deployment is COMPLETED when all old tasks have stopped.
 */
final class Scheduler {
    /** The shortest time between a failed start and the next one. It keeps a service that cannot start from looping. */
    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    private static final int MOST_STEPS = 10_000;

    private final TwinContext context;
    private final EcsState state;
    private final TaskStart start;
    private final TaskNetwork network;

    Scheduler(EcsState state) {
        this.context = state.context;
        this.state = state;
        this.start = new TaskStart(context);
        this.network = new TaskNetwork(context);
    }

    /** Advances the service after a request: the service may have work again. */
    void wake(ServiceState service) {
        service.waiting = false;
        advance(service);
    }

    void advance(ServiceState service) {
        Instant now = context.now();
        if (service.waiting && !anythingDue(service, now)) {
            return;
        }
        for (int i = 0; i < MOST_STEPS; i++) {
            TaskState task = nextDue(service);
            Instant at = task == null ? Instant.MAX : dueAt(service, task);
            DeploymentState primary = service.primary();
            Instant again = primary == null ? null : primary.noStartBefore;
            if (primary != null && again != null && again.isBefore(at) && !again.isAfter(now)) {
                primary.noStartBefore = null;
                schedule(service, again);
            } else if (task != null && !at.isAfter(now)) {
                progress(service, task, at);
                schedule(service, at);
            } else {
                // Asked before schedule: if a target became healthy after it, nothing would complete the rollout.
                boolean awaited = service.tasks.stream().anyMatch(this::awaitsHealth);
                if (!schedule(service, now)) {
                    service.waiting = !awaited;
                    return;
                }
            }
        }
    }

    private boolean anythingDue(ServiceState service, Instant now) {
        DeploymentState primary = service.primary();
        Instant again = primary == null ? null : primary.noStartBefore;
        return (again != null && !again.isAfter(now))
                || service.tasks.stream().anyMatch(t -> !dueAt(service, t).isAfter(now));
    }

    /** Only the target group knows the time at which a task becomes healthy, so each pass of the scheduler asks it. */
    private boolean awaitsHealth(TaskState task) {
        return task.stage == TaskState.Stage.RUNNING && !failsChecks(task) && !healthy(task);
    }

    private @Nullable TaskState nextDue(ServiceState service) {
        return service.tasks.stream()
                .min(Comparator.comparing(t -> dueAt(service, t)))
                .orElse(null);
    }

    /** The time of the next change of a task that nothing else triggers. */
    private Instant dueAt(ServiceState service, TaskState task) {
        return switch (task.stage) {
            case PENDING -> task.since.plus(context.settings().delay(Delay.TASK_START));
            case DRAINING -> task.since.plus(context.settings().delay(Delay.TASK_DRAIN));
            case RUNNING -> failsChecks(task) ? task.since.plus(patience(service)) : Instant.MAX;
        };
    }

    private static boolean failsChecks(TaskState task) {
        return task.deployment.neverHealthy
                && !task.deployment.revision.loadBalancers().isEmpty();
    }

    private Duration patience(ServiceState service) {
        Integer grace = service.settings.healthCheckGracePeriodSeconds();
        return context.settings()
                .delay(Delay.TARGET_HEALTHY)
                .plus(context.settings().scaled(Duration.ofSeconds(grace == null ? 0 : grace)));
    }

    private TaskDefinition definition(DeploymentState deployment) {
        return Objects.requireNonNull(TaskDefinitionCalls.find(state, deployment.revision.taskDefinition()));
    }

    private void progress(ServiceState service, TaskState task, Instant at) {
        switch (task.stage) {
            case PENDING ->
                start.failure(definition(task.deployment))
                        .ifPresentOrElse(why -> failStart(service, task, why, at), () -> run(service, task, at));
            case RUNNING -> failChecks(service, task, at);
            case DRAINING -> {
                network.release(task);
                service.tasks.remove(task);
                service.stopped(task, TaskStopCode.SERVICE_SCHEDULER_INITIATED, task.stopReason, at);
            }
        }
    }

    private void run(ServiceState service, TaskState task, Instant at) {
        task.stage = TaskState.Stage.RUNNING;
        task.since = at;
        EcsEvents.task(service, ServiceViews.task(service, task), at);
        if (task.address != null) {
            for (LoadBalancer lb : task.deployment.revision.loadBalancers()) {
                context.peer(TwinElb.class).registerTarget(lb.targetGroupArn(), task.address, lb.containerPort());
                service.say(
                        "(service " + service.name + ") registered 1 targets in (target-group " + lb.targetGroupArn()
                                + ")",
                        at);
            }
        }
    }

    private void failStart(ServiceState service, TaskState task, TaskStart.Failure why, Instant at) {
        network.release(task);
        service.tasks.remove(task);
        if (why.launched()) {
            service.stopped(task, TaskStopCode.TASK_FAILED_TO_START, why.reason(), at);
            if (task.deployment.failedTasks > 0) {
                service.say(
                        "(service " + service.name + ") is unable to consistently start tasks successfully. For more"
                                + " information, see the Troubleshooting section.",
                        at);
                EcsEvents.action(service, "WARN", "SERVICE_TASK_START_IMPAIRED", at);
            }
        } else {
            service.say(
                    "(service " + service.name + ") failed to launch a task with (error " + why.reason() + ").", at);
        }
        count(service, task.deployment, at, "ECS deployment circuit breaker: tasks failed to start.");
    }

    private void failChecks(ServiceState service, TaskState task, Instant at) {
        String group = "(target-group "
                + task.deployment.revision.loadBalancers().getFirst().targetGroupArn() + ")";
        service.say(
                "(service " + service.name + ") (task " + task.id + ") is unhealthy in " + group
                        + " due to (reason Health checks failed).",
                at);
        drain(task, at);
        task.stopReason = "Task failed ELB health checks in " + group;
        count(service, task.deployment, at, "ECS deployment circuit breaker: task failed ELB health checks.");
    }

    private void count(ServiceState service, DeploymentState deployment, Instant at, String why) {
        Duration wait = context.settings().delay(Delay.TASK_START).dividedBy(2);
        deployment.noStartBefore = at.plus(wait.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : wait);
        if (deployment.state == DeploymentRolloutState.IN_PROGRESS) {
            deployment.failedTasks++;
            deployment.updatedAt = at;
            breakCircuit(service, deployment, at, why);
        }
    }

    /** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html#failure-threshold */
    static int threshold(int desired) {
        return Math.min(Math.max((desired + 1) / 2, 3), 200);
    }

    private static void breakCircuit(ServiceState service, DeploymentState deployment, Instant at, String why) {
        DeploymentCircuitBreaker breaker = service.rules().deploymentCircuitBreaker();
        if (breaker == null
                || !Boolean.TRUE.equals(breaker.enable())
                || deployment != service.primary()
                || deployment.failedTasks < threshold(service.desired)) {
            return;
        }
        deployment.become(DeploymentRolloutState.FAILED, why, at);
        EcsEvents.deployment(service, deployment, "SERVICE_DEPLOYMENT_FAILED");
        service.say(
                "(service " + service.name + ") (deployment " + deployment.id + ") deployment failed: "
                        + why.substring(why.indexOf(": ") + 2),
                at);
        DeploymentState back = service.lastCompleted;
        if (deployment.rollback) {
            deployment.history.become(
                    ServiceDeploymentStatus.ROLLBACK_FAILED, "Service deployment rollback failed.", at);
        } else if (Boolean.TRUE.equals(breaker.rollback()) && back != null) {
            service.rollBack(
                    deployment,
                    back,
                    "Service deployment rolled back because the circuit breaker threshold was exceeded.",
                    at);
        } else {
            deployment.history.become(
                    ServiceDeploymentStatus.STOPPED,
                    "Service deployment stopped because the circuit breaker threshold was exceeded.",
                    at);
        }
    }

    /** @return whether a task was started or stopped, or a deployment finished */
    private boolean schedule(ServiceState service, Instant at) {
        DeploymentState primary = service.primary();
        if (primary == null || !service.active()) {
            boolean drained = drainAll(service, at);
            return leave(service, at) || drained;
        }
        boolean changed = scaleIn(service, primary, at);
        changed |= startNew(service, primary, at);
        changed |= drainOld(service, primary, at);
        changed |= service.deployments.removeIf(
                d -> d != primary && service.tasks.stream().noneMatch(t -> t.deployment == d));
        return complete(service, primary, at) || changed;
    }

    private boolean drainAll(ServiceState service, Instant at) {
        List<TaskState> alive = service.tasks.stream().filter(TaskState::alive).toList();
        alive.forEach(t -> drain(t, at));
        return !alive.isEmpty();
    }

    private static boolean leave(ServiceState service, Instant at) {
        if (!service.status.equals("DRAINING") || !service.tasks.isEmpty()) {
            return false;
        }
        service.status = "INACTIVE";
        service.inactiveSince = at;
        service.deployments.clear();
        return true;
    }

    private boolean startNew(ServiceState service, DeploymentState primary, Instant at) {
        if (primary.state == DeploymentRolloutState.FAILED || primary.noStartBefore != null) {
            return false;
        }
        long most = (long) service.desired * service.rules().maximumPercent() / 100;
        long all = service.tasks.stream().filter(TaskState::alive).count();
        long missing = Math.min(service.desired - service.alive(primary), most - all);
        boolean changed = false;
        for (long i = 0; i < missing; i++) {
            TaskState task = new TaskState(context.hex(32), primary, at);
            String refused = network.attach(task, primary.revision.network());
            if (refused != null) {
                service.say("(service " + service.name + ") was unable to place a task. Reason: " + refused, at);
                EcsEvents.action(service, "ERROR", "SERVICE_TASK_PLACEMENT_FAILURE", at);
                count(service, primary, at, "ECS deployment circuit breaker: tasks failed to start.");
                return true;
            }
            service.tasks.add(task);
            changed = true;
        }
        if (changed) {
            service.say("(service " + service.name + ") has started " + missing + " tasks.", at);
        }
        return changed;
    }

    private boolean scaleIn(ServiceState service, DeploymentState primary, Instant at) {
        List<TaskState> own = new ArrayList<>(service.tasks.stream()
                .filter(t -> t.deployment == primary && t.alive())
                .toList());
        boolean changed = false;
        while (own.size() > service.desired) {
            drain(own.removeLast(), at);
            changed = true;
        }
        return changed;
    }

    /**
     * Drains tasks of older deployments: first all that do not run, then others down to the minimum of healthy tasks.
     */
    private boolean drainOld(ServiceState service, DeploymentState primary, Instant at) {
        long fewest = (long) Math.ceil(service.desired * service.rules().minimumHealthyPercent() / 100.0);
        long healthy = service.tasks.stream().filter(this::healthy).count();
        boolean changed = false;
        for (TaskState task : List.copyOf(service.tasks)) {
            if (task.deployment == primary || !task.alive()) {
                continue;
            }
            boolean counted = healthy(task);
            if (!counted || healthy > fewest) {
                drain(task, at);
                healthy -= counted ? 1 : 0;
                changed = true;
            }
        }
        return changed;
    }

    private boolean healthy(TaskState task) {
        if (task.stage != TaskState.Stage.RUNNING || failsChecks(task)) {
            return false;
        }
        String address = task.address;
        return task.deployment.revision.loadBalancers().stream()
                .allMatch(lb -> address != null
                        && context.peer(TwinElb.class).targetState(lb.targetGroupArn(), address, lb.containerPort())
                                == TargetHealthStateEnum.HEALTHY);
    }

    private boolean complete(ServiceState service, DeploymentState primary, Instant at) {
        long healthy = service.tasks.stream()
                .filter(t -> t.deployment == primary && healthy(t))
                .count();
        if (primary.state != DeploymentRolloutState.IN_PROGRESS
                || healthy < service.desired
                || service.deployments.size() > 1) {
            return false;
        }
        primary.become(DeploymentRolloutState.COMPLETED, "ECS deployment " + primary.id + " completed.", at);
        primary.history.become(
                primary.rollback ? ServiceDeploymentStatus.ROLLBACK_SUCCESSFUL : ServiceDeploymentStatus.SUCCESSFUL,
                primary.rollback ? primary.history.reason : null,
                at);
        service.lastCompleted = primary;
        service.say("(service " + service.name + ") (deployment " + primary.id + ") deployment completed.", at);
        service.say("(service " + service.name + ") has reached a steady state.", at);
        EcsEvents.deployment(service, primary, "SERVICE_DEPLOYMENT_COMPLETED");
        EcsEvents.action(service, "INFO", "SERVICE_STEADY_STATE", at);
        return true;
    }

    /** Removes the task from its target groups and then stops it. */
    void drain(TaskState task, Instant at) {
        if (task.address != null && task.stage == TaskState.Stage.RUNNING) {
            for (LoadBalancer lb : task.deployment.revision.loadBalancers()) {
                context.peer(TwinElb.class).deregisterTarget(lb.targetGroupArn(), task.address, lb.containerPort());
            }
        }
        task.stage = TaskState.Stage.DRAINING;
        task.since = at;
        task.stopReason = "Scaling activity initiated by (deployment " + task.deployment.id + ")";
    }
}
