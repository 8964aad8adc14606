package dev.holdfast.twin.ecs;

import static dev.holdfast.twin.store.TwinErrors.named;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinTags;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ecs.model.*;

/** Clusters; a deleted one stays for a while as INACTIVE. */
final class Clusters {
    private static final int A_CALL = 100;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,255}");
    private static final Set<String> OF_FARGATE = Set.of("FARGATE", "FARGATE_SPOT");

    private final TwinContext context;
    /** By ARN. */
    final ResourceStore<Cluster, Cluster.Builder> store;

    private final Map<String, Instant> deletedAt = new LinkedHashMap<>();

    /** The counts of what runs in a cluster now. */
    record Load(int services, int running, int pending) {}

    Clusters(TwinContext context) {
        this.context = context;
        this.store = context.store(Cluster::builder, Cluster::clusterArn)
                .type("ecs:cluster")
                .pages(A_CALL)
                .missing(arn -> noCluster("Cluster not found."))
                .tagRules(EcsErrors::checkTags);
    }

    private static AwsServiceException noCluster(String message) {
        return named(ClusterNotFoundException.builder(), message);
    }

    private static String nameOf(@Nullable String arnOrName) {
        return arnOrName == null ? "default" : arnOrName.substring(arnOrName.lastIndexOf('/') + 1);
    }

    private String arn(@Nullable String arnOrName) {
        return context.arn("ecs", "cluster/" + nameOf(arnOrName));
    }

    /** The active cluster, for another call to use. */
    Cluster require(@Nullable String arnOrName) {
        Cluster found = store.need(arn(arnOrName));
        if (!isActive(found)) {
            throw noCluster("The referenced cluster was inactive.");
        }
        return found;
    }

    private static boolean isActive(Cluster cluster) {
        return "ACTIVE".equals(cluster.status());
    }

    boolean exists(String arn) {
        Cluster found = store.get(arn);
        return found != null && isActive(found);
    }

    /** Answers with the cluster that exists already, unless the request asks for another one. */
    Cluster create(CreateClusterRequest r) {
        String name = nameOf(r.clusterName());
        if (!NAME.matcher(name).matches()) {
            throw EcsErrors.invalid("Cluster name contains invalid characters.");
        }
        checkProviders(r.capacityProviders());
        Cluster wanted = Cluster.builder()
                .clusterName(name)
                .clusterArn(arn(name))
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
        Cluster old = store.get(wanted.clusterArn());
        if (old == null || !isActive(old)) {
            store.remove(wanted.clusterArn());
            deletedAt.remove(wanted.clusterArn());
            return store.add(wanted, TwinTags.in(r));
        }
        if (!old.equals(wanted)) {
            throw EcsErrors.client(
                    "Arguments on this idempotent request are inconsistent with arguments used in previous"
                            + " request(s).");
        }
        return old;
    }

    private static void checkProviders(List<String> providers) {
        if (!OF_FARGATE.containsAll(providers)) {
            throw EcsErrors.invalid(
                    "The specified capacity provider was not found. Specify a valid name or ARN and try again.");
        }
    }

    Cluster update(UpdateClusterRequest r) {
        return store.modify(require(r.cluster()).clusterArn(), r);
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
        return store.change(
                old.clusterArn(),
                b -> b.capacityProviders(List.copyOf(r.capacityProviders()))
                        .defaultCapacityProviderStrategy(List.copyOf(r.defaultCapacityProviderStrategy())));
    }

    Cluster delete(@Nullable String arnOrName, Load load) {
        Cluster old = store.need(arn(arnOrName));
        if (load.services() > 0) {
            throw named(
                    ClusterContainsServicesException.builder(),
                    "The Cluster cannot be deleted while Services are active.");
        }
        if (load.running() + load.pending() > 0) {
            throw named(
                    ClusterContainsTasksException.builder(), "The Cluster cannot be deleted while Tasks are active.");
        }
        deletedAt.putIfAbsent(old.clusterArn(), context.now());
        return store.change(old.clusterArn(), b -> b.status("INACTIVE"));
    }

    ListClustersResponse list(ListClustersRequest r) {
        List<String> arns = store.visible()
                .filter(Clusters::isActive)
                .map(Cluster::clusterArn)
                .toList();
        return context.page(r, ListClustersResponse.builder(), arns, A_CALL);
    }

    /** @param loads of the cluster of a name */
    DescribeClustersResponse describe(DescribeClustersRequest r, Function<String, Load> loads) {
        if (r.clusters().size() > A_CALL) {
            throw EcsErrors.invalid("Clusters cannot be more than " + A_CALL + ".");
        }
        List<Cluster> found = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (String asked : r.clusters().isEmpty() ? List.of("default") : r.clusters()) {
            String arn = arn(asked);
            if (!store.sees(arn) || forgotten(arn)) {
                failures.add(Failure.builder().arn(arn).reason("MISSING").build());
            } else {
                Cluster cluster = store.need(arn);
                found.add(view(cluster, r.include(), loads.apply(cluster.clusterName())));
            }
        }
        return DescribeClustersResponse.builder()
                .clusters(found)
                .failures(failures)
                .build();
    }

    private boolean forgotten(String arn) {
        Instant deleted = deletedAt.get(arn);
        return deleted != null && context.passed(Delay.INACTIVE_SERVICE, deleted);
    }

    private Cluster view(Cluster c, List<ClusterField> include, Load load) {
        Cluster.Builder shown = c.toBuilder()
                .activeServicesCount(load.services())
                .runningTasksCount(load.running())
                .pendingTasksCount(load.pending())
                .registeredContainerInstancesCount(0)
                .settings(include.contains(ClusterField.SETTINGS) ? c.settings() : List.of())
                .configuration(include.contains(ClusterField.CONFIGURATIONS) ? c.configuration() : null);
        return (include.contains(ClusterField.TAGS) ? TwinTags.show(store.tags(c.clusterArn()), shown) : shown).build();
    }

    List<TwinItem> inventory() {
        return store.items().stream().filter(item -> exists(item.arn())).toList();
    }
}
