package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.ecs.EcsServiceKind.Spec;
import dev.holdfast.model.Delegation;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.AdvancedConfiguration;
import software.amazon.awssdk.services.ecs.model.ClusterField;
import software.amazon.awssdk.services.ecs.model.ClusterNotFoundException;
import software.amazon.awssdk.services.ecs.model.PropagateTags;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceField;

/** Reads the services that a scope requests. */
final class ServiceReader {
    private static final int DESCRIBED_A_CALL = 10;
    private static final int CLUSTERS_A_CALL = 100;
    private static final int LISTED_A_PAGE = 100;

    private final Scope<Spec> scope;
    private final EcsClient ecs;

    /** Up to ten services of one cluster. */
    private record ServiceBatch(String cluster, List<String> names) {}

    ServiceReader(Scope<Spec> scope) {
        this.scope = scope;
        this.ecs = scope.client(EcsClient.class);
    }

    List<Observation<Spec>> observe() {
        Map<String, Set<String>> asked = byCluster();
        if (scope.sweep()) {
            sweep(asked);
        }
        List<ServiceBatch> batches = new ArrayList<>();
        asked.forEach((cluster, names) -> names.stream()
                .gather(Gatherers.windowFixed(DESCRIBED_A_CALL))
                .forEach(some -> batches.add(new ServiceBatch(cluster, some))));
        Map<String, Service> found = new LinkedHashMap<>();
        Listings.inParallel(scope, batches, this::describe).stream()
                .filter(s -> !"INACTIVE".equals(s.status())
                        && (scope.stack().owns(SdkShapes.map(s.tags()))
                                || scope.wanted().stream().anyMatch(w -> is(w, s))))
                .forEach(s -> found.put(s.serviceArn(), s));
        return scope.each(
                found.values(),
                s -> Identity.of(s.serviceArn()).named(s.serviceName()).tagged(SdkShapes.map(s.tags())),
                this::observed);
    }

    /** The names of services by cluster: by the recorded cluster and by the desired one, which may differ. */
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

    /** Adds all services of clusters that the stack owns or uses, and its services that the tagging API lists. */
    private void sweep(Map<String, Set<String>> asked) {
        Set<String> clusters = new TreeSet<>(asked.keySet());
        List<String> all = Listings.all(ecs.listClustersPaginator(r -> {}).clusterArns());
        Listings.inBatches(
                        scope,
                        all,
                        CLUSTERS_A_CALL,
                        arns -> ecs.describeClusters(r -> r.clusters(arns).include(ClusterField.TAGS))
                                .clusters())
                .stream()
                .filter(c -> "ACTIVE".equals(c.status()) && scope.stack().owns(SdkShapes.map(c.tags())))
                .forEach(c -> clusters.add(c.clusterName()));
        scope.parallel(clusters, this::list).forEach(arns -> arns.forEach(arn -> add(asked, arn)));
        scope.tagged("ecs:service").forEach((arn, tags) -> {
            if (scope.stack().owns(tags)) {
                add(asked, arn);
            }
        });
    }

    /** The name of a service is unique only in its cluster. */
    private static boolean is(Wanted<Spec> wanted, Service service) {
        return service.serviceArn().equals(wanted.physicalId())
                || (service.serviceName().equals(wanted.physicalName())
                        && wanted.desired() != null
                        && Objects.equals(wanted.desired().cluster(), Ecs.nameOf(service.clusterArn())));
    }

    private List<String> list(String cluster) {
        return Absent.or(
                List.of(),
                ClusterNotFoundException.class,
                () -> Listings.all(
                        ecs.listServicesPaginator(r -> r.cluster(cluster).maxResults(LISTED_A_PAGE))
                                .serviceArns()));
    }

    private List<Service> describe(ServiceBatch batch) {
        return Absent.or(
                List.of(),
                ClusterNotFoundException.class,
                () -> ecs.describeServices(r -> r.cluster(batch.cluster())
                                .services(batch.names())
                                .include(ServiceField.TAGS))
                        .services());
    }

    private Known<Spec> observed(Service service, Identity identity) {
        String cluster = Listings.required(Ecs.nameOf(service.clusterArn()), "an EcsService without its cluster");
        String name = Listings.required(service.serviceName(), "an EcsService without its name");
        Spec spec = Wire.read(Spec.class, Map.of("tags", identity.tags()), List.of(withDefaults(service)));
        Map<String, String> images = images(service);
        Known<Spec> known = Known.of(identity, spec)
                .output("arn", service.serviceArn())
                .output("name", service.serviceName())
                .output("clusterName", cluster)
                .output("resourceId", "service/" + cluster + "/" + name)
                .output("images", images)
                .createdAt(service.createdAt());
        known = new ServiceFacts(scope, service).of(known, images);
        if (!"ACTIVE".equals(service.status())) {
            return known.phase(Phase.Deleting).health(Health.notReady("Draining", "the service is being deleted"));
        }
        Rollouts rollouts = new Rollouts(scope, service);
        Delegation delegation = delegation(service);
        if (delegation != null && !delegation.declared()) {
            return known.delegation(delegation).health(rollouts.tasks());
        }
        return known.delegation(delegation)
                .phase(rollouts.running() ? Phase.RollingOut : Phase.Steady)
                .health(rollouts.health())
                .rollout(rollouts.newest(rolledBack(spec, service)));
    }

    /** The owner of the deployments, if it is not this operator; that owner also changes the listeners' weights. */
    private @Nullable Delegation delegation(Service service) {
        String strategy = Values.of(service.deploymentConfiguration(), d -> d.strategyAsString());
        String controller = Values.of(service.deploymentController(), c -> c.typeAsString());
        String manager = service.resourceManagementTypeAsString();
        Spec desired = desired(service).findFirst().orElse(null);
        var configuration = desired == null ? null : desired.deploymentConfiguration();
        if (manager != null && !manager.equals("CUSTOMER")) {
            return new Delegation("Amazon ECS", "resourceManagementType is " + manager, false, moved(service));
        }
        if (controller != null && !controller.equals("ECS")) {
            boolean declared = desired != null && desired.deploymentController() != null;
            String owner = controller.equals("CODE_DEPLOY") ? "AWS CodeDeploy" : "another deployment controller";
            return new Delegation(owner, "deploymentController.type is " + controller, declared, moved(service));
        }
        if (strategy != null && !strategy.equals("ROLLING")) {
            boolean declared = configuration != null && configuration.strategy() != null;
            return new Delegation(
                    "Amazon ECS", "deploymentConfiguration.strategy is " + strategy, declared, moved(service));
        }
        return null;
    }

    private static Set<String> moved(Service service) {
        Set<String> arns = new TreeSet<>();
        Stream.concat(
                        service.loadBalancers().stream(),
                        service.taskSets().stream().flatMap(set -> set.loadBalancers().stream()))
                .forEach(group -> {
                    AdvancedConfiguration more = group.advancedConfiguration();
                    Stream.of(
                                    group.targetGroupArn(),
                                    more == null ? null : more.alternateTargetGroupArn(),
                                    more == null ? null : more.productionListenerRule(),
                                    more == null ? null : more.testListenerRule())
                            .filter(Objects::nonNull)
                            .forEach(arns::add);
                });
        return arns;
    }

    private Stream<Spec> desired(Service service) {
        return scope.wanted().stream()
                .filter(w -> is(w, service))
                .map(Wanted::desired)
                .filter(Objects::nonNull);
    }

    /** Adds the members that ECS omits if they have their defaults. */
    private static Service withDefaults(Service service) {
        var deployment = service.deploymentConfiguration();
        boolean unsaid = deployment != null && deployment.deploymentCircuitBreaker() == null;
        return service.toBuilder()
                .propagateTags(Ecs.orElse(service.propagateTags(), PropagateTags.NONE))
                .deploymentConfiguration(
                        unsaid
                                ? deployment.copy(d -> d.deploymentCircuitBreaker(
                                        b -> b.enable(false).rollback(false)))
                                : deployment)
                .build();
    }

    /** The content of a revision never changes, so that each revision is read once. */
    private @Nullable Map<String, String> images(Service service) {
        String arn = service.taskDefinition();
        return arn == null
                ? null
                : scope.forever(
                        arn,
                        "images",
                        () -> TaskDefinitionKind.images(ecs.describeTaskDefinition(r -> r.taskDefinition(arn))
                                .taskDefinition()));
    }

    /** Whether the service lacks a desired value that a rollout applies, as after a rollback. */
    private boolean rolledBack(Spec observed, Service service) {
        return desired(service)
                .anyMatch(desired -> SpecModel.of(Spec.class).fields().stream()
                        .anyMatch(f -> f.has(RollsOut.class) && differs(f.read(desired), f.read(observed))));
    }

    /** A value that is unowned or not known yet never differs: the outcome of a rollout does not depend on it. */
    private static boolean differs(@Nullable Object desired, @Nullable Object observed) {
        if (desired == null || Unresolved.is(desired)) {
            return false;
        }
        return desired instanceof Record record && observed instanceof Record there
                ? SpecModel.of(record.getClass()).fields().stream()
                        .anyMatch(f -> differs(f.read(record), f.read(there)))
                : !desired.equals(observed);
    }
}
