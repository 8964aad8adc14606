package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.Listings;
import dev.holdfast.kind.Scope;
import dev.holdfast.model.Health;
import dev.holdfast.model.Rollout;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.ListServiceDeploymentsResponse;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceDeploymentBrief;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Task;

/**
 * Derives the state of the newest requested rollout from the deployments of a service.
 *
 * <p>A rollback is an ordinary deployment that completes. Its reason names the rollback only while it runs, and ECS
 * lists the failed deployment only until its tasks have stopped. Only the service deployment remains, which stands for
 * the rollout and its rollback together. It is read only after a sign of a failure. Its ARN is the id of a failed
 * rollout during and after the rollback, so that one failure keeps one id.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-deployment.html">Service deployments</a>
 */
final class Rollouts {
    private static final int LISTED_A_PAGE = 100;
    private static final String SCALING = "Scaling activity initiated";
    private static final String NOT_LAUNCHED = "failed to launch a task";
    private static final String ROLLING_BACK = "rolling back to deployment";

    private final Scope<?> scope;
    private final EcsClient ecs;
    private final Service service;
    private final @Nullable Deployment primary;

    Rollouts(Scope<?> scope, Service service) {
        this.scope = scope;
        this.ecs = scope.client(EcsClient.class);
        this.service = service;
        this.primary = service.deployments().stream()
                .filter(d -> "PRIMARY".equals(d.status()))
                .findFirst()
                .orElse(null);
    }

    /** Whether ECS is replacing tasks, in a rollout or a rollback. */
    boolean running() {
        return primary != null && state(primary) == Rollout.RolloutState.InProgress;
    }

    /** Whether the desired number of tasks runs, whichever controller deploys the tasks. */
    Health tasks() {
        int running = Ecs.number(service.runningCount());
        int desired = Ecs.number(service.desiredCount());
        if (running >= desired) {
            return Health.AVAILABLE;
        }
        String last = Ecs.lastEvent(service);
        String count = running + " of " + desired + " tasks are running";
        return Health.notReady("TasksNotRunning", last == null ? count : count + ": " + last);
    }

    Health health() {
        if (primary == null) {
            return Health.notReady("NotDeployed", Ecs.lastEvent(service));
        }
        Health tasks = tasks();
        if (tasks != Health.AVAILABLE) {
            return tasks;
        }
        return switch (state(primary)) {
            case Completed -> Health.AVAILABLE;
            case InProgress -> Health.notReady("RollingOut", primary.rolloutStateReason());
            case Failed -> Health.notReady("RolloutFailed", primary.rolloutStateReason());
        };
    }

    /**
     * @param differs whether the service lacks a desired value, perhaps because ECS rolled it back
     * @return null if the service has had no rollout yet
     */
    @Nullable
    Rollout newest(boolean differs) {
        if (primary == null) {
            return null;
        }
        if (state(primary) == Rollout.RolloutState.Failed || isRollback(primary)) {
            Deployment failed = failed().orElse(primary);
            // A list that lags still ends with the previous rollout, which succeeded.
            return lookedUp()
                    .filter(d -> outcome(d) != Rollout.RolloutState.Completed)
                    .map(d -> failed(d.serviceDeploymentArn(), failed.rolloutStateReason(), d.createdAt()))
                    .orElseGet(() -> failed(failed.id(), failed.rolloutStateReason(), failed.createdAt()));
        }
        Rollout plain = new Rollout(primary.id(), state(primary), primary.rolloutStateReason());
        if (!differs || running()) {
            return plain;
        }
        return lookedUp()
                .filter(d -> outcome(d) == Rollout.RolloutState.Failed)
                .map(d -> failed(d.serviceDeploymentArn(), d.statusReason(), d.createdAt()))
                .orElse(plain);
    }

    /** Only the tasks contain the cause of a failure; ECS forgets tasks after an hour, so that the cause is kept. */
    private Rollout failed(String id, @Nullable String reason, Instant since) {
        String cause = scope.forever(id, "cause", () -> cause(since));
        return new Rollout(
                id,
                Rollout.RolloutState.Failed,
                cause.isEmpty() ? reason : reason == null ? cause : reason + " " + cause);
    }

    private String cause(Instant since) {
        List<String> stopped = ecs.listTasks(r -> r.cluster(service.clusterArn())
                        .serviceName(service.serviceName())
                        .desiredStatus(DesiredStatus.STOPPED))
                .taskArns();
        Optional<String> ofTask = stopped.isEmpty()
                ? Optional.empty()
                : ecs.describeTasks(r -> r.cluster(service.clusterArn()).tasks(stopped)).tasks().stream()
                        .filter(t -> t.stoppedReason() != null
                                && !t.stoppedReason().startsWith(SCALING)
                                && t.createdAt() != null
                                && !t.createdAt().isBefore(since))
                        .max(Comparator.comparing(Task::createdAt))
                        .map(Task::stoppedReason);
        return ofTask.or(() -> service.events().stream()
                        .filter(e -> e.message().contains(NOT_LAUNCHED)
                                && !e.createdAt().isBefore(since))
                        .max(Comparator.comparing(ServiceEvent::createdAt))
                        .map(ServiceEvent::message))
                .orElse("");
    }

    private static boolean isRollback(Deployment deployment) {
        String reason = deployment.rolloutStateReason();
        return reason != null && reason.contains(ROLLING_BACK);
    }

    private Optional<Deployment> failed() {
        return service.deployments().stream()
                .filter(d -> d.rolloutState() == DeploymentRolloutState.FAILED)
                .max(Comparator.comparing(Deployment::createdAt));
    }

    /** The newest service deployment of the 90 days that ECS lists, in an order that AWS does not document. */
    private Optional<ServiceDeploymentBrief> lookedUp() {
        return Listings.pages(
                        token -> ecs.listServiceDeployments(r -> r.cluster(service.clusterArn())
                                .service(service.serviceArn())
                                .maxResults(LISTED_A_PAGE)
                                .nextToken(token)),
                        ListServiceDeploymentsResponse::serviceDeployments,
                        ListServiceDeploymentsResponse::nextToken)
                .stream()
                .max(Comparator.comparing(ServiceDeploymentBrief::createdAt));
    }

    private static Rollout.RolloutState outcome(ServiceDeploymentBrief deployment) {
        return switch (deployment.status()) {
            case SUCCESSFUL -> Rollout.RolloutState.Completed;
            case STOPPED,
                    STOP_REQUESTED,
                    ROLLBACK_REQUESTED,
                    ROLLBACK_IN_PROGRESS,
                    ROLLBACK_SUCCESSFUL,
                    ROLLBACK_FAILED -> Rollout.RolloutState.Failed;
            case PENDING, IN_PROGRESS, UNKNOWN_TO_SDK_VERSION -> Rollout.RolloutState.InProgress;
        };
    }

    /** Services that no circuit breaker can watch have no rollout state: the numbers of tasks replace it. */
    private Rollout.RolloutState state(Deployment deployment) {
        return switch (deployment.rolloutState()) {
            case COMPLETED -> Rollout.RolloutState.Completed;
            case FAILED -> Rollout.RolloutState.Failed;
            case IN_PROGRESS -> Rollout.RolloutState.InProgress;
            case null, default ->
                service.deployments().size() == 1
                                && Ecs.number(deployment.runningCount()) >= Ecs.number(deployment.desiredCount())
                        ? Rollout.RolloutState.Completed
                        : Rollout.RolloutState.InProgress;
        };
    }
}
