package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ecs.model.CapacityProvider;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/** The clusters, task definitions and services of ECS in one account and region. */
final class EcsState {
    final TwinContext context;
    /** The clusters by ARN. */
    final ResourceStore<Cluster, Cluster.Builder> clusters;

    final Map<String, Instant> clusterDeletedAt = new HashMap<>();
    /** The task definitions by ARN. */
    final ResourceStore<TaskDefinition, TaskDefinition.Builder> definitions;
    /** The number of the newest revision, by family. */
    final Map<String, Integer> revisionNumbers = new HashMap<>();

    /** The capacity providers of the account, by name. */
    final Map<String, CapacityProvider> providers = new TreeMap<>();

    final EcsServices services;

    EcsState(TwinContext context) {
        this.context = context;
        clusters = context.store(Cluster::builder, Cluster::clusterArn)
                .type("ecs:cluster")
                .missing(arn -> ClusterCalls.noCluster("Cluster not found."))
                .tagRules(EcsErrors::checkTags);
        definitions = context.store(TaskDefinition::builder, TaskDefinition::taskDefinitionArn)
                .type("ecs:task-definition")
                .detail(d -> d.shape().toBuilder().registeredAt(null).build().toString())
                .tagRules(EcsErrors::checkTags);
        services = new EcsServices(this);
    }

    ClusterLoad load(String cluster) {
        int active = 0;
        int running = 0;
        int pending = 0;
        for (ServiceState s : services.table.all()) {
            if (s.cluster.equals(cluster)) {
                active += s.active() ? 1 : 0;
                running += (int) (s.count(TaskState.Stage.RUNNING) + s.count(TaskState.Stage.DRAINING));
                pending += (int) s.count(TaskState.Stage.PENDING);
            }
        }
        return new ClusterLoad(active, running, pending);
    }

    List<TwinItem> items() {
        Stream<TwinItem> own = services.table.all().stream()
                .filter(ServiceState::active)
                .map(s -> new TwinItem("ecs:service", s.name, s.arn, Map.copyOf(s.tags), detail(s)));
        return Stream.of(
                        clusters.items().stream().filter(item -> ClusterCalls.exists(this, item.arn())),
                        definitions.items().stream()
                                .filter(item -> definitions.need(item.arn()).status() == TaskDefinitionStatus.ACTIVE),
                        own)
                .flatMap(items -> items)
                .toList();
    }

    /** The settings of a service, without the progress of its deployments. */
    private static String detail(ServiceState s) {
        DeploymentState primary = s.primary();
        return s.settings + " desired " + s.desired + (primary == null ? "" : " " + primary.revision);
    }
}
