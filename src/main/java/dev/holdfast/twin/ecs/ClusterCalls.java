package dev.holdfast.twin.ecs;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.twin.iam.TwinIam;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinTags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.*;

/** Clusters. Reads return a deleted cluster for a while as INACTIVE. */
interface ClusterCalls extends EcsClient {
    int CLUSTERS_A_CALL = 100;
    Pattern CLUSTER_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,255}");
    Set<String> OF_FARGATE = Set.of("FARGATE", "FARGATE_SPOT");

    EcsState state();

    static AwsServiceException noCluster(String message) {
        return named(ClusterNotFoundException.builder(), message);
    }

    private static String nameOf(@Nullable String arnOrName) {
        return arnOrName == null ? "default" : arnOrName.substring(arnOrName.lastIndexOf('/') + 1);
    }

    private static String arn(EcsState s, @Nullable String arnOrName) {
        return s.context.arn("ecs", "cluster/" + nameOf(arnOrName));
    }

    /** The cluster for another call, if it is active. */
    static Cluster require(EcsState s, @Nullable String arnOrName) {
        Cluster found = s.clusters.need(arn(s, arnOrName));
        if (!isActive(found)) {
            throw noCluster("The referenced cluster was inactive.");
        }
        return found;
    }

    private static boolean isActive(Cluster cluster) {
        return "ACTIVE".equals(cluster.status());
    }

    static boolean exists(EcsState s, String arn) {
        Cluster found = s.clusters.get(arn);
        return found != null && isActive(found);
    }

    /** Returns an existing cluster with this name, unless the request sets other properties. */
    @Override
    default CreateClusterResponse createCluster(CreateClusterRequest r) {
        EcsState s = state();
        s.context.peer(TwinIam.class).ensureServiceLinkedRole("ecs.amazonaws.com", ServiceRules.LINKED_ROLE);
        Cluster cluster = create(s, r);
        return CreateClusterResponse.builder()
                .cluster(TwinTags.show(s.clusters.tags(cluster.clusterArn()), cluster.toBuilder())
                        .build())
                .build();
    }

    private static Cluster create(EcsState s, CreateClusterRequest r) {
        String name = nameOf(r.clusterName());
        if (!CLUSTER_NAME.matcher(name).matches()) {
            throw EcsErrors.invalid("Cluster name contains invalid characters.");
        }
        checkProviders(s, r.capacityProviders());
        checkLogging(r.configuration());
        Cluster wanted = Cluster.builder()
                .clusterName(name)
                .clusterArn(arn(s, name))
                .status("ACTIVE")
                .settings(
                        r.settings().isEmpty()
                                ? List.of(ClusterSetting.builder()
                                        .name("containerInsights")
                                        .value("disabled")
                                        .build())
                                : r.settings())
                .configuration(r.configuration())
                .capacityProviders(List.copyOf(r.capacityProviders()))
                .defaultCapacityProviderStrategy(List.copyOf(r.defaultCapacityProviderStrategy()))
                .statistics(List.of())
                .tags(List.of())
                .build();
        Cluster old = s.clusters.get(wanted.clusterArn());
        if (old == null || !isActive(old)) {
            s.clusters.remove(wanted.clusterArn());
            s.clusterDeletedAt.remove(wanted.clusterArn());
            return s.clusters.add(wanted, TwinTags.in(r));
        }
        if (!old.equals(wanted)) {
            throw EcsErrors.client(
                    "Arguments on this idempotent request are inconsistent with arguments used in previous"
                            + " request(s).");
        }
        return old;
    }

    /**
     * A capacity provider of Managed Instances belongs to the cluster that it was created for. No call adds or removes
     * it.
     */
    private static void checkProviders(EcsState s, List<String> providers) {
        for (String name : providers) {
            CapacityProvider made = s.providers.get(name);
            if (!OF_FARGATE.contains(name) && (made == null || made.cluster() != null)) {
                throw EcsErrors.invalid(
                        "The specified capacity provider was not found. Specify a valid name or ARN and try again.");
            }
        }
    }

    private static void checkLogging(@Nullable ClusterConfiguration configuration) {
        var exec = configuration == null ? null : configuration.executeCommandConfiguration();
        boolean overrides = exec != null && exec.logging() == ExecuteCommandLogging.OVERRIDE;
        if (exec != null && overrides != (exec.logConfiguration() != null)) {
            throw EcsErrors.invalid("Log configuration is required with, and only with, the logging OVERRIDE.");
        }
    }

    @Override
    default CreateCapacityProviderResponse createCapacityProvider(CreateCapacityProviderRequest r) {
        EcsState s = state();
        boolean bound = r.managedInstancesProvider() != null;
        if (bound == (r.cluster() == null) || bound == (r.autoScalingGroupProvider() != null)) {
            throw EcsErrors.invalid("A capacity provider of Managed Instances, and no other, has a cluster.");
        }
        CapacityProvider made = CapacityProvider.builder()
                .name(r.name())
                .capacityProviderArn(s.context.arn("ecs", "capacity-provider/" + r.name()))
                .cluster(bound ? require(s, r.cluster()).clusterArn() : null)
                .status(CapacityProviderStatus.ACTIVE)
                .type(bound ? CapacityProviderType.MANAGED_INSTANCES : CapacityProviderType.EC2_AUTOSCALING)
                .build();
        s.providers.put(r.name(), made);
        return CreateCapacityProviderResponse.builder().capacityProvider(made).build();
    }

    @Override
    default DescribeCapacityProvidersResponse describeCapacityProviders(DescribeCapacityProvidersRequest r) {
        EcsState s = state();
        return DescribeCapacityProvidersResponse.builder()
                .capacityProviders(s.providers.values().stream()
                        .filter(p -> r.capacityProviders().isEmpty()
                                || r.capacityProviders().contains(p.name()))
                        .toList())
                .build();
    }

    @Override
    default UpdateClusterResponse updateCluster(UpdateClusterRequest r) {
        EcsState s = state();
        checkLogging(r.configuration());
        return UpdateClusterResponse.builder()
                .cluster(s.clusters.modify(require(s, r.cluster()).clusterArn(), r))
                .build();
    }

    @Override
    default PutClusterCapacityProvidersResponse putClusterCapacityProviders(PutClusterCapacityProvidersRequest r) {
        EcsState s = state();
        Cluster old = require(s, r.cluster());
        checkProviders(s, r.capacityProviders());
        r.defaultCapacityProviderStrategy().forEach(i -> {
            if (!r.capacityProviders().contains(i.capacityProvider())) {
                throw EcsErrors.invalid(
                        "The specified capacity provider is not associated with the cluster: " + i.capacityProvider());
            }
        });
        return PutClusterCapacityProvidersResponse.builder()
                .cluster(s.clusters.change(
                        old.clusterArn(),
                        b -> b.capacityProviders(List.copyOf(r.capacityProviders()))
                                .defaultCapacityProviderStrategy(List.copyOf(r.defaultCapacityProviderStrategy()))))
                .build();
    }

    @Override
    default DeleteClusterResponse deleteCluster(DeleteClusterRequest r) {
        EcsState s = state();
        Cluster old = s.clusters.need(arn(s, r.cluster()));
        ClusterLoad load = s.load(old.clusterName());
        if (load.services() > 0) {
            throw named(
                    ClusterContainsServicesException.builder(),
                    "The Cluster cannot be deleted while Services are active.");
        }
        if (load.running() + load.pending() > 0) {
            throw named(
                    ClusterContainsTasksException.builder(), "The Cluster cannot be deleted while Tasks are active.");
        }
        s.clusterDeletedAt.putIfAbsent(old.clusterArn(), s.context.now());
        return DeleteClusterResponse.builder()
                .cluster(s.clusters.change(old.clusterArn(), b -> b.status("INACTIVE")))
                .build();
    }

    @Override
    default ListClustersResponse listClusters(ListClustersRequest r) {
        EcsState s = state();
        List<String> arns = s.clusters
                .visible()
                .filter(ClusterCalls::isActive)
                .map(Cluster::clusterArn)
                .toList();
        return s.context.page(r, ListClustersResponse.builder(), arns, CLUSTERS_A_CALL);
    }

    @Override
    default DescribeClustersResponse describeClusters(DescribeClustersRequest r) {
        EcsState s = state();
        if (r.clusters().size() > CLUSTERS_A_CALL) {
            throw EcsErrors.invalid("Clusters cannot be more than " + CLUSTERS_A_CALL + ".");
        }
        List<Cluster> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String asked : r.clusters().isEmpty() ? List.of("default") : r.clusters()) {
            String arn = arn(s, asked);
            if (!s.clusters.sees(arn) || forgotten(s, arn)) {
                failures.add(Failure.builder().arn(arn).reason("MISSING").build());
            } else {
                found.add(view(s, s.clusters.need(arn), r.include()));
            }
        }
        return DescribeClustersResponse.builder()
                .clusters(found)
                .failures(failures)
                .build();
    }

    private static boolean forgotten(EcsState s, String arn) {
        Instant deleted = s.clusterDeletedAt.get(arn);
        return deleted != null && s.context.passed(Delay.INACTIVE_SERVICE, deleted);
    }

    private static Cluster view(EcsState s, Cluster c, List<ClusterField> include) {
        ClusterLoad load = s.load(c.clusterName());
        List<String> providers = new ArrayList<>(c.capacityProviders());
        s.providers.values().stream()
                .filter(p -> c.clusterArn().equals(p.cluster()))
                .forEach(p -> providers.add(p.name()));
        Cluster.Builder shown = c.toBuilder()
                .capacityProviders(providers)
                .activeServicesCount(load.services())
                .runningTasksCount(load.running())
                .pendingTasksCount(load.pending())
                .registeredContainerInstancesCount(0)
                .settings(include.contains(ClusterField.SETTINGS) ? c.settings() : List.of())
                .configuration(include.contains(ClusterField.CONFIGURATIONS) ? c.configuration() : null);
        return (include.contains(ClusterField.TAGS) ? TwinTags.show(s.clusters.tags(c.clusterArn()), shown) : shown)
                .build();
    }
}
