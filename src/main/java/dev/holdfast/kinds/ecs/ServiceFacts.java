package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Scope;
import dev.holdfast.kinds.ecs.EcsServiceKind.Spec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Deployment;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.LoadBalancer;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.TargetHealthDescription;

/**
 * The facts that the status shows of a service: its tasks, its rollout and its image. For a service that is not steady,
 * they include the reasons why tasks stopped, and the health of the targets. Only these facts need additional reads.
 */
final class ServiceFacts {
    /** ECS lists the tasks that stopped in the last hour; a failed rollout leaves dozens with the same reason. */
    private static final int STOPPED_SHOWN = 3;

    private static final int DESCRIBED_A_CALL = 100;

    private final Scope<?> scope;
    private final Service service;

    ServiceFacts(Scope<?> scope, Service service) {
        this.scope = scope;
        this.service = service;
    }

    Known<Spec> of(Known<Spec> known, @Nullable Map<String, String> images) {
        Known<Spec> facts = known.fact("Tasks", tasks()).fact("Rollout", rollout());
        if (!steady()) {
            facts = facts.factRead("Target health", this::targets)
                    .factRead("Stopped tasks", this::stopped)
                    .fact("Last event", Ecs.lastEvent(service));
        }
        return facts.fact("Image", images == null ? null : images(images))
                .fact("Revision", Ecs.nameOf(service.taskDefinition()))
                .fact("Platform", service.platformVersion());
    }

    /** Whether the desired number of tasks runs, all of one revision, and no rollout is running or has failed. */
    private boolean steady() {
        return "ACTIVE".equals(service.status())
                && Ecs.number(service.runningCount()) == Ecs.number(service.desiredCount())
                && service.deployments().size() <= 1
                && service.deployments().stream()
                        .allMatch(
                                d -> d.rolloutState() == null || d.rolloutState() == DeploymentRolloutState.COMPLETED);
    }

    private String tasks() {
        int pending = Ecs.number(service.pendingCount());
        return Ecs.number(service.runningCount()) + " of " + Ecs.number(service.desiredCount()) + " running"
                + (pending == 0 ? "" : ", " + pending + " starting");
    }

    /** The newest deployment is the first one: ECS rolls it out. */
    private @Nullable String rollout() {
        List<Deployment> deployments = new ArrayList<>(service.deployments());
        deployments.sort(Comparator.comparing((Deployment d) -> !"PRIMARY".equals(d.status())));
        if (deployments.isEmpty()) {
            return null;
        }
        Deployment newest = deployments.getFirst();
        String state = newest.rolloutState() == null
                ? "managed by another deployment controller"
                : newest.rolloutStateAsString().toLowerCase(Locale.ROOT).replace('_', ' ');
        if (deployments.size() == 1 && newest.rolloutState() == DeploymentRolloutState.COMPLETED) {
            return state;
        }
        String failed = Ecs.number(newest.failedTasks()) == 0 ? "" : ", " + newest.failedTasks() + " failed to start";
        String former = deployments.stream()
                .skip(1)
                .filter(d -> Ecs.number(d.runningCount()) > 0)
                .map(d -> d.runningCount() + " tasks of " + Ecs.nameOf(d.taskDefinition()) + " still run")
                .collect(Collectors.joining(", "));
        return state + ": " + Ecs.number(newest.runningCount()) + " of " + Ecs.number(newest.desiredCount())
                + " tasks of " + Ecs.nameOf(newest.taskDefinition()) + " run" + failed
                + (former.isEmpty() ? "" : "; " + former);
    }

    /** The number of healthy targets in each target group, and the reasons why other targets are not healthy. */
    private @Nullable String targets() {
        List<String> groups = service.loadBalancers().stream()
                .map(LoadBalancer::targetGroupArn)
                .filter(Objects::nonNull)
                .toList();
        return groups.isEmpty()
                ? null
                : scope.parallel(groups, this::targets).stream().collect(Collectors.joining("; "));
    }

    private String targets(String group) {
        List<TargetHealthDescription> all = scope.client(ElasticLoadBalancingV2Client.class)
                .describeTargetHealth(r -> r.targetGroupArn(group))
                .targetHealthDescriptions();
        long healthy = all.stream()
                .filter(t -> "healthy".equals(t.targetHealth().stateAsString()))
                .count();
        String others = counted(all.stream()
                .filter(t -> !"healthy".equals(t.targetHealth().stateAsString()))
                .map(t -> t.targetHealth().description() == null
                        ? t.targetHealth().stateAsString()
                        : t.targetHealth().stateAsString() + " ("
                                + t.targetHealth().description() + ")"));
        return healthy + " of " + all.size() + " healthy" + (others.isEmpty() ? "" : ", " + others);
    }

    private @Nullable String stopped() {
        EcsClient ecs = scope.client(EcsClient.class);
        List<String> arns = ecs.listTasks(r -> r.cluster(service.clusterArn())
                        .serviceName(service.serviceName())
                        .desiredStatus(DesiredStatus.STOPPED)
                        .maxResults(DESCRIBED_A_CALL))
                .taskArns();
        if (arns.isEmpty()) {
            return null;
        }
        return counted(ecs.describeTasks(r -> r.cluster(service.clusterArn()).tasks(arns)).tasks().stream()
                .map(ServiceFacts::why)
                .filter(why -> !why.isEmpty()));
    }

    /** The reason why a task stopped, and the reasons or exit codes of its failed containers. */
    private static String why(Task task) {
        String reason = task.stoppedReason() == null ? "" : task.stoppedReason();
        // Deployments and scaling stop tasks that have not failed.
        if (reason.startsWith("Scaling activity initiated")) {
            return "";
        }
        String containers = task.containers().stream()
                .filter(c -> c.reason() != null || Ecs.number(c.exitCode()) != 0)
                .map(c -> c.name() + ": " + (c.reason() == null ? "exit code " + c.exitCode() : c.reason()))
                .collect(Collectors.joining(", "));
        return containers.isEmpty() ? reason : reason + " (" + containers + ")";
    }

    /** The most frequent texts, each with its count. */
    private static String counted(Stream<String> texts) {
        Map<String, Long> times =
                texts.collect(Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()));
        return times.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(STOPPED_SHOWN)
                .map(e -> e.getValue() + " × " + e.getKey())
                .collect(Collectors.joining("; "));
    }

    /** A single image stands alone; each of several images follows the name of its container. */
    private static String images(Map<String, String> images) {
        return images.size() == 1
                ? images.values().iterator().next()
                : images.entrySet().stream()
                        .map(e -> e.getKey() + ": " + e.getValue())
                        .collect(Collectors.joining(", "));
    }
}
