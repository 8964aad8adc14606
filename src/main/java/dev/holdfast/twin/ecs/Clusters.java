package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterSetting;
import software.amazon.awssdk.services.ecs.model.CreateClusterRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersRequest;
import software.amazon.awssdk.services.ecs.model.DescribeClustersResponse;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.ListClustersRequest;
import software.amazon.awssdk.services.ecs.model.ListClustersResponse;
import software.amazon.awssdk.services.ecs.model.PutClusterCapacityProvidersRequest;
import software.amazon.awssdk.services.ecs.model.UpdateClusterRequest;

/** Clusters, by name. */
final class Clusters {
    private static final int A_CALL = 100;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,255}");
    private static final Set<String> OF_FARGATE = Set.of("FARGATE", "FARGATE_SPOT");

    private final TwinContext context;
    private final EcsTags tags;
    private final TwinTable<Cluster> clusters;
    private final Map<String, Instant> deletedAt = new LinkedHashMap<>();

    /** What runs in a cluster now. */
    record Load(int services, int running, int pending) {}

    Clusters(TwinContext context, EcsTags tags) {
        this.context = context;
        this.tags = tags;
        this.clusters = new TwinTable<>(context);
    }

    private String arn(String name) {
        return context.arn("ecs", "cluster/" + name);
    }

    private static String nameOf(@Nullable String arnOrName) {
        return arnOrName == null ? "default" : arnOrName.substring(arnOrName.lastIndexOf('/') + 1);
    }

    /** The active one, for another call to use. */
    Cluster require(@Nullable String arnOrName) {
        Cluster found = clusters.get(nameOf(arnOrName));
        if (found == null) {
            throw EcsErrors.noCluster("Cluster not found.");
        }
        if (!"ACTIVE".equals(found.status())) {
            throw EcsErrors.noCluster("The referenced cluster was inactive.");
        }
        return found;
    }

    boolean exists(String arn) {
        Cluster found = clusters.get(nameOf(arn));
        return found != null && arn.equals(found.clusterArn()) && "ACTIVE".equals(found.status());
    }

    /** AWS gives back the cluster that is there, unless it is asked to be another than it is. */
    Cluster create(CreateClusterRequest r) {
        String name = nameOf(r.clusterName());
        if (!NAME.matcher(name).matches()) {
            throw EcsErrors.invalid("Cluster name contains invalid characters.");
        }
        EcsTags.check(r.tags());
        checkProviders(r.capacityProviders());
        Cluster wanted = Cluster.builder()
                .clusterName(name)
                .clusterArn(arn(name))
                .status("ACTIVE")
                .settings(settings(r.settings()))
                .configuration(r.configuration())
                .capacityProviders(List.copyOf(r.capacityProviders()))
                .defaultCapacityProviderStrategy(List.copyOf(r.defaultCapacityProviderStrategy()))
                .statistics(List.of())
                .tags(List.of())
                .build();
        Cluster old = clusters.get(name);
        if (old != null && "ACTIVE".equals(old.status())) {
            if (!old.equals(wanted)) {
                throw EcsErrors.client(
                        "Arguments on this idempotent request are inconsistent with arguments used in previous"
                                + " request(s).");
            }
            return old;
        }
        clusters.remove(name);
        deletedAt.remove(name);
        clusters.put(name, wanted);
        tags.set(wanted.clusterArn(), r.tags());
        return wanted;
    }

    private static List<ClusterSetting> settings(List<ClusterSetting> given) {
        return given.isEmpty()
                ? List.of(ClusterSetting.builder()
                        .name("containerInsights")
                        .value("disabled")
                        .build())
                : given;
    }

    private static void checkProviders(List<String> providers) {
        if (!OF_FARGATE.containsAll(providers)) {
            throw EcsErrors.invalid(
                    "The specified capacity provider was not found. Specify a valid name or ARN and try again.");
        }
    }

    Cluster update(UpdateClusterRequest r) {
        Cluster old = require(r.cluster());
        Cluster.Builder b = old.toBuilder();
        if (r.hasSettings()) {
            b.settings(r.settings());
        }
        if (r.configuration() != null) {
            b.configuration(r.configuration());
        }
        return put(b.build());
    }

    Cluster providers(PutClusterCapacityProvidersRequest r) {
        Cluster old = require(r.cluster());
        checkProviders(r.capacityProviders());
        r.defaultCapacityProviderStrategy().forEach(i -> {
            if (!r.capacityProviders().contains(i.capacityProvider())) {
                throw EcsErrors.invalid(
                        "The specified capacity provider is not associated with the cluster: " + i.capacityProvider());
            }
        });
        return put(old.toBuilder()
                .capacityProviders(List.copyOf(r.capacityProviders()))
                .defaultCapacityProviderStrategy(List.copyOf(r.defaultCapacityProviderStrategy()))
                .build());
    }

    private Cluster put(Cluster cluster) {
        clusters.put(cluster.clusterName(), cluster);
        return cluster;
    }

    Cluster delete(@Nullable String arnOrName, Load load) {
        Cluster old = clusters.get(nameOf(arnOrName));
        if (old == null) {
            throw EcsErrors.noCluster("Cluster not found.");
        }
        if (load.services() > 0) {
            throw EcsErrors.clusterHasServices();
        }
        if (load.running() + load.pending() > 0) {
            throw EcsErrors.clusterHasTasks();
        }
        deletedAt.putIfAbsent(old.clusterName(), context.now());
        return put(old.toBuilder().status("INACTIVE").build());
    }

    ListClustersResponse list(ListClustersRequest r) {
        List<String> arns = clusters.visible().stream()
                .filter(c -> "ACTIVE".equals(c.status()))
                .map(Cluster::clusterArn)
                .toList();
        var page = context.page(arns, r.nextToken(), A_CALL, r.maxResults());
        return ListClustersResponse.builder()
                .clusterArns(page.items())
                .nextToken(page.next())
                .build();
    }

    DescribeClustersResponse describe(DescribeClustersRequest r, java.util.function.Function<String, Load> loads) {
        if (r.clusters().size() > A_CALL) {
            throw EcsErrors.invalid("Clusters cannot be more than " + A_CALL + ".");
        }
        List<Cluster> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String named : r.clusters().isEmpty() ? List.of("default") : r.clusters()) {
            Cluster cluster = clusters.visible(nameOf(named));
            if (cluster == null || forgotten(cluster)) {
                failures.add(Failure.builder()
                        .arn(arn(nameOf(named)))
                        .reason("MISSING")
                        .build());
            } else {
                found.add(view(cluster, r.include(), loads.apply(cluster.clusterName())));
            }
        }
        return DescribeClustersResponse.builder()
                .clusters(found)
                .failures(failures)
                .build();
    }

    private boolean forgotten(Cluster cluster) {
        Instant deleted = deletedAt.get(cluster.clusterName());
        return deleted != null && context.passed(Delay.INACTIVE_SERVICE, deleted);
    }

    private Cluster view(Cluster c, List<ClusterField> include, Load load) {
        return c.toBuilder()
                .activeServicesCount(load.services())
                .runningTasksCount(load.running())
                .pendingTasksCount(load.pending())
                .registeredContainerInstancesCount(0)
                .settings(include.contains(ClusterField.SETTINGS) ? c.settings() : List.of())
                .configuration(include.contains(ClusterField.CONFIGURATIONS) ? c.configuration() : null)
                .tags(include.contains(ClusterField.TAGS) ? tags.of(c.clusterArn()) : List.of())
                .build();
    }

    List<TwinItem> inventory() {
        return clusters.all().stream()
                .filter(c -> "ACTIVE".equals(c.status()))
                .map(c -> new TwinItem(
                        "ecs:cluster", c.clusterName(), c.clusterArn(), tags.map(c.clusterArn()), c.toString()))
                .toList();
    }
}
