package dev.holdfast.twin.ecs;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinTags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.*;

/** A service, its deployments and its tasks in the form of responses. */
final class ServiceViews {
    private ServiceViews() {}

    static Service service(ServiceState s, boolean withTags) {
        DeploymentState primary = s.primary();
        Service.Builder b = s.settings.toBuilder()
                .status(s.status)
                .desiredCount(s.active() ? s.desired : 0)
                .runningCount((int) s.count(TaskState.Stage.RUNNING))
                .pendingCount((int) s.count(TaskState.Stage.PENDING))
                .events(List.copyOf(s.events))
                .createdAt(s.createdAt)
                .deployments(deployments(s));
        if (primary != null) {
            ServiceRevisionState r = primary.revision;
            b.taskDefinition(r.taskDefinition())
                    .networkConfiguration(r.network())
                    .loadBalancers(List.copyOf(r.loadBalancers()))
                    .serviceRegistries(r.serviceRegistries())
                    .platformVersion(r.platformVersion())
                    .platformFamily(r.platformVersion() == null ? null : "Linux")
                    .launchType(r.launchType())
                    .capacityProviderStrategy(List.copyOf(r.strategy()));
        }
        return TwinTags.show(withTags ? s.tags : Map.of(), b).build();
    }

    private static List<Deployment> deployments(ServiceState s) {
        List<Deployment> all = new ArrayList<>();
        for (DeploymentState d : s.deployments) {
            boolean primary = d == s.primary();
            all.add(Deployment.builder()
                    .id(d.id)
                    .status(primary ? "PRIMARY" : s.alive(d) > 0 ? "ACTIVE" : "DRAINING")
                    .taskDefinition(d.revision.taskDefinition())
                    .desiredCount(primary && s.active() ? s.desired : 0)
                    .runningCount((int) s.count(d, TaskState.Stage.RUNNING))
                    .pendingCount((int) s.count(d, TaskState.Stage.PENDING))
                    .failedTasks(d.failedTasks)
                    .createdAt(d.createdAt)
                    .updatedAt(d.updatedAt)
                    .networkConfiguration(d.revision.network())
                    .launchType(d.revision.launchType())
                    .capacityProviderStrategy(d.revision.strategy())
                    .platformVersion(
                            "LATEST".equals(d.revision.platformVersion()) ? "1.4.0" : d.revision.platformVersion())
                    .platformFamily(d.revision.platformVersion() == null ? null : "Linux")
                    .rolloutState(d.state)
                    .rolloutStateReason(d.reason)
                    .build());
        }
        return all;
    }

    static ServiceDeploymentBrief brief(ServiceState s, DeploymentState.History h) {
        return ServiceDeploymentBrief.builder()
                .serviceDeploymentArn(h.arn)
                .serviceArn(s.arn)
                .clusterArn(s.settings.clusterArn())
                .createdAt(h.createdAt)
                .startedAt(h.createdAt)
                .finishedAt(h.finishedAt)
                .targetServiceRevisionArn(h.targetRevisionArn)
                .status(h.status)
                .statusReason(h.reason)
                .build();
    }

    static ServiceDeployment whole(ServiceState s, DeploymentState.History h) {
        return SdkShapes.copy(brief(s, h), ServiceDeployment.builder())
                .updatedAt(h.finishedAt == null ? h.createdAt : h.finishedAt)
                .sourceServiceRevisions(h.sourceRevisionArn == null ? List.of() : List.of(summary(h.sourceRevisionArn)))
                .targetServiceRevision(summary(h.targetRevisionArn))
                .deploymentConfiguration(s.rules())
                .rollback(rollback(h))
                .build();
    }

    private static @Nullable Rollback rollback(DeploymentState.History h) {
        return h.rollbackRevisionArn == null
                ? null
                : Rollback.builder()
                        .serviceRevisionArn(h.rollbackRevisionArn)
                        .startedAt(h.rollbackStartedAt)
                        .reason(h.reason)
                        .build();
    }

    private static ServiceRevisionSummary summary(String arn) {
        return ServiceRevisionSummary.builder().arn(arn).build();
    }

    static ServiceRevision revision(ServiceState s, String arn, ServiceRevisionState r) {
        return ServiceRevision.builder()
                .serviceRevisionArn(arn)
                .serviceArn(s.arn)
                .clusterArn(s.settings.clusterArn())
                .taskDefinition(r.taskDefinition())
                .networkConfiguration(r.network())
                .loadBalancers(r.loadBalancers())
                .serviceRegistries(r.serviceRegistries())
                .platformVersion(r.platformVersion())
                .launchType(r.launchType())
                .capacityProviderStrategy(r.strategy())
                .createdAt(s.createdAt)
                .build();
    }

    static String taskArn(ServiceState s, String id) {
        return s.context.arn("ecs", "task/" + s.cluster + "/" + id);
    }

    static Task stopped(ServiceState s, TaskState.Stopped task) {
        return task(s, task.id(), task.deployment(), task.createdAt())
                .lastStatus("STOPPED")
                .desiredStatus("STOPPED")
                .stopCode(task.code())
                .stoppedReason(task.reason())
                .stoppedAt(task.at())
                .build();
    }

    private static Task.Builder task(ServiceState s, String id, DeploymentState deployment, Instant createdAt) {
        LaunchType launchType = deployment.revision.launchType();
        return Task.builder()
                .taskArn(taskArn(s, id))
                .clusterArn(s.settings.clusterArn())
                .group("service:" + s.name)
                .startedBy(deployment.id)
                .taskDefinitionArn(deployment.revision.taskDefinition())
                .launchType(launchType == null ? LaunchType.FARGATE : launchType)
                .createdAt(createdAt)
                .attachments(List.of())
                .containers(List.of())
                .tags(List.of());
    }

    static Task task(ServiceState s, TaskState task) {
        return task(s, task.id, task.deployment, task.createdAt)
                .lastStatus(
                        switch (task.stage) {
                            case PENDING -> "PENDING";
                            case RUNNING -> "RUNNING";
                            case DRAINING -> "DEACTIVATING";
                        })
                .desiredStatus(task.alive() ? "RUNNING" : "STOPPED")
                .build();
    }
}
