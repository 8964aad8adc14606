package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.Wanted;
import dev.holdfast.kinds.ecs.EcsServiceKind.Spec;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Gatherers;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Cluster;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;
import software.amazon.awssdk.services.ecs.model.Tag;

/** One reading of the services that are asked about. */
final class Services {
    private static final int DESCRIBED_A_CALL = 10;
    private static final int CLUSTERS_A_CALL = 100;
    private static final int LISTED_A_PAGE = 100;

    private final Scope<Spec> scope;
    private final EcsClient ecs;

    /** Up to ten services of one cluster. */
    private record Batch(String cluster, List<String> names) {}

    Services(Scope<Spec> scope) {
        this.scope = scope;
        this.ecs = scope.client(EcsClient.class);
    }

    List<Observation<Spec>> observe() {
        Map<String, Set<String>> asked = byCluster();
        if (scope.sweep()) {
            sweep(asked);
        }
        List<Batch> batches = new ArrayList<>();
        asked.forEach((cluster, names) -> names.stream()
                .gather(Gatherers.windowFixed(DESCRIBED_A_CALL))
                .forEach(some -> batches.add(new Batch(cluster, some))));
        Map<String, Service> found = new LinkedHashMap<>();
        scope.parallel(batches, this::describe)
                .forEach(some -> some.stream()
                        .filter(s -> !"INACTIVE".equals(s.status())
                                && (ours(s) || scope.wanted().stream().anyMatch(w -> is(w, s))))
                        .forEach(s -> found.put(s.serviceArn(), s)));
        return scope.each(found.values(), Services::identify, this::observed);
    }

    /** Names of services by names of clusters: where each was recorded, and where it is desired, which may be elsewhere. */
    private Map<String, Set<String>> byCluster() {
        Map<String, Set<String>> asked = new TreeMap<>();
        for (Wanted<Spec> wanted : scope.wanted()) {
            add(asked, wanted.physicalId());
            String cluster = wanted.desired() == null ? null : wanted.desired().cluster();
            if (cluster != null && !Unresolved.is(cluster) && wanted.physicalName() != null) {
                asked.computeIfAbsent(cluster, c -> new TreeSet<>()).add(wanted.physicalName());
            }
        }
        return asked;
    }

    /** @param arn {@code arn:aws:ecs:region:account:service/cluster/name} */
    private static void add(Map<String, Set<String>> asked, @Nullable String arn) {
        String[] parts = arn == null ? new String[0] : arn.split("/");
        if (parts.length == 3) {
            asked.computeIfAbsent(parts[1], c -> new TreeSet<>()).add(parts[2]);
        }
    }

    /** All services of clusters that are ours or that ours are in, and those that the tagging API knows elsewhere. */
    private void sweep(Map<String, Set<String>> asked) {
        Set<String> clusters = new TreeSet<>(asked.keySet());
        List<List<String>> batches = ecs.listClustersPaginator(r -> {}).clusterArns().stream()
                .gather(Gatherers.windowFixed(CLUSTERS_A_CALL))
                .toList();
        scope.parallel(
                        batches,
                        arns -> ecs.describeClusters(r -> r.clusters(arns).include(ClusterField.TAGS))
                                .clusters())
                .forEach(some -> some.stream().filter(this::ours).forEach(c -> clusters.add(c.clusterName())));
        scope.parallel(clusters, this::listed).forEach(arns -> arns.forEach(arn -> add(asked, arn)));
        scope.tagged("ecs:service").forEach((arn, tags) -> {
            if (scope.stack().owner().equals(tags.get(StackRef.STACK_TAG))) {
                add(asked, arn);
            }
        });
    }

    private boolean ours(Service service) {
        return Ecs.ours(scope, identify(service).tags());
    }

    /** A name is unique in its cluster only. */
    private static boolean is(Wanted<Spec> wanted, Service service) {
        return service.serviceArn().equals(wanted.physicalId())
                || (service.serviceName().equals(wanted.physicalName())
                        && wanted.desired() != null
                        && Objects.equals(wanted.desired().cluster(), Ecs.nameOf(service.clusterArn())));
    }

    private boolean ours(Cluster cluster) {
        return "ACTIVE".equals(cluster.status())
                && cluster.tags().stream()
                        .anyMatch(t -> t.key().equals(StackRef.STACK_TAG)
                                && t.value().equals(scope.stack().owner()));
    }

    /** Without a cluster there are no services in it. */
    private List<String> listed(String cluster) {
        try {
            return ecs.listServicesPaginator(r -> r.cluster(cluster).maxResults(LISTED_A_PAGE)).serviceArns().stream()
                    .toList();
        } catch (ClusterNotFoundException e) {
            return List.of();
        }
    }

    private List<Service> describe(Batch batch) {
        try {
            return ecs.describeServices(r ->
                            r.cluster(batch.cluster()).services(batch.names()).include(ServiceField.TAGS))
                    .services();
        } catch (ClusterNotFoundException e) {
            return List.of();
        }
    }

    private static Identity identify(Service service) {
        return Identity.of(service.serviceArn())
                .named(service.serviceName())
                .tagged(service.tags(), Tag::key, Tag::value);
    }

    private Known<Spec> observed(Service service, Identity identity) {
        String cluster = String.valueOf(Ecs.nameOf(service.clusterArn()));
        Spec spec = ServiceParts.from(service, identity.tags());
        Known<Spec> known = Known.of(identity, spec)
                .output("arn", service.serviceArn())
                .output("name", service.serviceName())
                .output("clusterName", cluster)
                .output("resourceId", "service/" + cluster + "/" + service.serviceName())
                .output("images", images(service))
                .createdAt(service.createdAt());
        if (!"ACTIVE".equals(service.status())) {
            return known.phase(Phase.Deleting).health(Health.notReady("Draining", "the service is being deleted"));
        }
        Rollouts rollouts = new Rollouts(scope, service);
        return known.phase(rollouts.running() ? Phase.RollingOut : Phase.Steady)
                .health(rollouts.health())
                .rollout(rollouts.newest(rolledBack(spec, service)));
    }

    /** What a revision consists of never changes, so that each is read once. */
    private @Nullable Map<String, String> images(Service service) {
        String arn = service.taskDefinition();
        return arn == null
                ? null
                : scope.forever(
                        arn + "/images",
                        () -> Containers.images(ecs.describeTaskDefinition(r -> r.taskDefinition(arn))
                                .taskDefinition()));
    }

    /** Whether something that a rollout brings is not there, though it is desired: as it is after a rollback. */
    private boolean rolledBack(Spec observed, Service service) {
        return scope.wanted().stream()
                .filter(w -> is(w, service))
                .map(Wanted::desired)
                .anyMatch(desired -> desired != null && differs(desired, observed));
    }

    private static boolean differs(Spec desired, Spec observed) {
        return differs(desired.taskDefinition(), observed.taskDefinition())
                || differs(desired.platformVersion(), observed.platformVersion())
                || differs(desired.capacityProviderStrategy(), observed.capacityProviderStrategy())
                || differs(desired.loadBalancers(), observed.loadBalancers())
                || network(desired, observed);
    }

    private static boolean network(Spec desired, Spec observed) {
        var want = desired.networkConfiguration() == null
                ? null
                : desired.networkConfiguration().awsvpcConfiguration();
        var have = observed.networkConfiguration() == null
                ? null
                : observed.networkConfiguration().awsvpcConfiguration();
        if (want == null || have == null) {
            return want != null;
        }
        return differs(want.subnets(), have.subnets())
                || differs(want.securityGroups(), have.securityGroups())
                || differs(want.assignPublicIp(), have.assignPublicIp());
    }

    /** What nobody owns never differs, nor does what is not known yet: the outcome of the rollout is not in question then. */
    private static boolean differs(@Nullable Object desired, @Nullable Object observed) {
        return desired != null && !Unresolved.is(desired) && !desired.equals(observed);
    }
}
