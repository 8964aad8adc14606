package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.holdfast.kind.Specs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The expansion of one Service document: repository, logs, secrets, roles, tasks, routing and the ECS service. */
final class ServiceExpansion {
    /**
     * The maximum number of values in the conditions of one rule.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html">quotas</a>
     */
    private static final int CONDITION_VALUES = 5;

    /**
     * ECS registers each task with its own port, so this value has no effect. It is immutable: if it were the
     * container's port, a new port would require a new target group, which has no targets while the rollout lasts.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html">CreateTargetGroup</a>
     */
    private static final int TARGET_PORT = 80;

    private final ServiceComposite.Spec spec;
    private final Expansion into;
    private final ServiceTracer tracer;

    ServiceExpansion(ServiceComposite.Spec spec, Expansion into) {
        this.spec = spec;
        this.into = into;
        this.tracer = new ServiceTracer(spec, into);
    }

    void build() {
        CompositePart repository = spec.repository().enabled() ? repository() : null;
        CompositePart logs = into.part("LogGroup")
                .set(
                        "logGroupName",
                        prefix(spec.logPrefix(), "/ecs/" + into.stack().name()) + "/" + into.name())
                .from("/logGroupName", "/logPrefix")
                .set("retentionInDays", spec.logRetentionInDays(), "/logRetentionInDays");
        logs.tags(spec.tags());
        ServiceSecrets secrets = new ServiceSecrets(spec, into);
        secrets.build();
        ServiceRoles roles = new ServiceRoles(spec, into);
        List<Object> containers = containers(logs, secrets);
        CompositePart execution = roles.execution(logs, repository, secrets, Specs.json(containers));
        CompositePart task = roles.task();
        CompositePart definition = definition(containers, execution, task);
        CompositePart group = spec.isExposed() ? targetGroup() : null;
        if (group != null) {
            rule(group);
        }
        CompositePart service = service(definition, group);
        // A task can use only the versions that the rotation creates, from the first one on.
        secrets.rotations().forEach(rotation -> definition.after(rotation, "/secrets"));
        ServiceScalingAndAlarms watch = new ServiceScalingAndAlarms(spec, into, service);
        watch.scaling();
        watch.alarms(group);
        into.output("arn", service.ref());
        into.output("name", service.ref("name"));
        into.output("taskRoleArn", task.ref());
        into.output("executionRoleArn", execution.ref());
        into.output("logGroupName", logs.ref());
        into.output("securityGroupId", Expansion.network(spec.network(), "serviceSecurityGroupId"));
        into.output("secretArns", secrets.ownArns());
        if (group != null) {
            into.output("targetGroupArn", group.ref());
        }
        if (repository != null) {
            into.output("repositoryUri", repository.ref("uri"));
        }
    }

    private static String prefix(@Nullable String given, String otherwise) {
        return given == null ? otherwise : given;
    }

    private CompositePart repository() {
        Map<String, Object> old = JsonFields.of(
                "rulePriority",
                1,
                "description",
                "Old images",
                "selection",
                JsonFields.of(
                        "tagStatus",
                        "any",
                        "countType",
                        "imageCountMoreThan",
                        "countNumber",
                        spec.repository().keep()),
                "action",
                JsonFields.of("type", "expire"));
        String prefix = prefix(spec.repository().prefix(), into.stack().name());
        return into.part("Repository")
                .set("repositoryName", prefix + "/" + into.name(), "/repository/prefix")
                .set("imageScanningConfiguration", JsonFields.of("scanOnPush", true))
                .set("lifecyclePolicy", JsonFields.of("rules", List.of(old)), "/repository/keep")
                .set("repositoryPolicy", JsonFields.of())
                .tags(spec.tags());
    }

    private List<Object> containers(CompositePart logs, ServiceSecrets secrets) {
        List<Object> containers = new ArrayList<>();
        containers.add(merged(container(logs, secrets), spec.container()));
        if (into.raw("sidecars") instanceof ArrayNode sidecars) {
            sidecars.forEach(containers::add);
        }
        if (spec.tracing().enabled()) {
            containers.add(tracer.container(logging(logs, ServiceTracer.CONTAINER)));
        }
        return containers;
    }

    private CompositePart definition(List<Object> containers, CompositePart execution, CompositePart task) {
        CompositePart definition = into.part("TaskDefinition")
                .set("cpu", spec.cpu().toString(), "/cpu")
                .set("memory", spec.memory().toString(), "/memory")
                .set("networkMode", "awsvpc")
                .set("requiresCompatibilities", List.of("FARGATE"))
                .set("executionRoleArn", execution.ref())
                .set("taskRoleArn", task.ref())
                .set("runtimePlatform", JsonFields.of("cpuArchitecture", "X86_64", "operatingSystemFamily", "LINUX"));
        definition
                .from("/containerDefinitions/0/image", "/image")
                .from("/containerDefinitions/0/portMappings", "/port");
        int i = 0;
        for (String name : environment().keySet()) {
            boolean own = spec.environment() != null && spec.environment().containsKey(name);
            definition.from(
                    "/containerDefinitions/0/environment/" + i++ + "/value", own ? "/environment/" + name : "/tracing");
        }
        i = 0;
        for (String name : new TreeSet<>(spec.secrets().keySet())) {
            definition.from("/containerDefinitions/0/secrets/" + i++ + "/valueFrom", "/secrets/" + name + "/from");
        }
        if (spec.container() != null) {
            spec.container()
                    .fieldNames()
                    .forEachRemaining(f -> definition.from("/containerDefinitions/0/" + f, "/container/" + f));
        }
        int sidecars = into.raw("sidecars") instanceof ArrayNode array ? array.size() : 0;
        for (int one = 0; one < sidecars; one++) {
            definition.from("/containerDefinitions/" + (1 + one), "/sidecars/" + one);
        }
        if (spec.tracing().enabled()) {
            definition
                    .from("/containerDefinitions/" + (1 + sidecars) + "/image", "/tracing/image")
                    .from("/containerDefinitions/" + (1 + sidecars) + "/environment", "/tracing/configuration");
        }
        return definition.set("containerDefinitions", containers).tags(spec.tags());
    }

    /** The variables of the service's own container, sorted by name. */
    private TreeMap<String, String> environment() {
        TreeMap<String, String> variables = new TreeMap<>(tracer.environment());
        variables.putAll(spec.environment() == null ? Map.of() : spec.environment());
        return variables;
    }

    private Map<String, Object> container(CompositePart logs, ServiceSecrets secrets) {
        List<Object> environment = new ArrayList<>();
        environment().forEach((name, value) -> environment.add(JsonFields.of("name", name, "value", value)));
        List<Object> injected = new ArrayList<>();
        secrets.valuesFrom().forEach((name, from) -> injected.add(JsonFields.of("name", name, "valueFrom", from)));
        return JsonFields.of(
                "name",
                into.name(),
                "image",
                spec.image(),
                "essential",
                true,
                "readonlyRootFilesystem",
                true,
                "portMappings",
                List.of(JsonFields.of("containerPort", spec.port(), "protocol", "tcp")),
                "environment",
                environment,
                "secrets",
                injected,
                "logConfiguration",
                logging(logs, into.name()));
    }

    private Map<String, Object> logging(CompositePart logs, String prefix) {
        Object options = JsonFields.of(
                "awslogs-group", logs.ref(),
                "awslogs-region", into.stack().region(),
                "awslogs-stream-prefix", prefix);
        return JsonFields.of("logDriver", "awslogs", "options", options);
    }

    private static Object merged(Map<String, Object> generated, @Nullable JsonNode more) {
        return more == null ? generated : JsonMergePatch.over(Specs.json(generated), more);
    }

    private CompositePart targetGroup() {
        return into.part("TargetGroup")
                .set("protocol", "HTTP")
                .set("port", TARGET_PORT)
                .set("vpcId", Expansion.network(spec.network(), "vpcId"), "/network")
                .set("targetType", "ip")
                .set("healthCheckProtocol", "HTTP")
                .set("healthCheckPath", spec.healthCheckPath(), "/healthCheckPath")
                .set("healthCheckIntervalSeconds", 15)
                .set("healthCheckTimeoutSeconds", 5)
                .set("healthyThresholdCount", 2)
                .set("unhealthyThresholdCount", 3)
                .set("matcher", JsonFields.of("httpCode", "200"))
                .set("targetGroupAttributes", JsonFields.of("deregistration_delay.timeout_seconds", "30"))
                .tags(spec.tags());
    }

    private void rule(CompositePart group) {
        List<Map<String, Object>> conditions = new ArrayList<>();
        if (!spec.hosts().isEmpty()) {
            conditions.add(
                    JsonFields.of("field", "host-header", "hostHeaderConfig", JsonFields.of("values", spec.hosts())));
        }
        if (!spec.paths().isEmpty()) {
            conditions.add(
                    JsonFields.of("field", "path-pattern", "pathPatternConfig", JsonFields.of("values", spec.paths())));
        }
        if (spec.priority() == null) {
            into.mistake(
                    spec.paths().isEmpty() ? "/hosts" : "/paths",
                    "the field \"priority\" is missing",
                    "add priority, 1 to 50000: it orders the rules of the listener, and each value occurs once per"
                            + " listener");
        }
        if (spec.hosts().size() + spec.paths().size() > CONDITION_VALUES) {
            into.mistake(
                    spec.paths().isEmpty() ? "/hosts" : "/paths",
                    "expected at most " + CONDITION_VALUES + " paths and hosts together, found "
                            + (spec.hosts().size() + spec.paths().size()),
                    "declare a separate ListenerRule for the other values that forwards to ${TargetGroup/" + into.name()
                            + "}");
        }
        into.part("ListenerRule")
                .set("listenerArn", "${Ingress/" + spec.ingress() + ".listenerArn}", "/ingress")
                .set("priority", spec.priority(), "/priority")
                .set("conditions", conditions, spec.paths().isEmpty() ? "/hosts" : "/paths")
                .set("actions", List.of(JsonFields.of("type", "forward", "targetGroupArn", group.ref())))
                // Owned and empty, because a rewrite could replace a path by one that the conditions do not allow.
                .set("transforms", List.of())
                .tags(spec.tags());
    }

    /**
     * The ECS service depends on the routes out of its subnets: without them, a task can fetch neither its image nor
     * its secrets.
     */
    private CompositePart service(CompositePart definition, @Nullable CompositePart group) {
        Object inVpc = JsonFields.of(
                "subnets", Expansion.network(spec.network(), "privateSubnetIds"),
                "securityGroups", List.of(Expansion.network(spec.network(), "serviceSecurityGroupId")),
                "assignPublicIp", "DISABLED");
        CompositePart service = into.part("EcsService")
                .set("cluster", spec.cluster(), "/cluster")
                .set("taskDefinition", definition.ref())
                .set("desiredCount", spec.tasks(), spec.scaling().enabled() ? "/scaling/min" : "/desiredCount")
                .set("launchType", "FARGATE")
                .set("networkConfiguration", JsonFields.of("awsvpcConfiguration", inVpc))
                .from("/networkConfiguration", "/network")
                .set(
                        "deploymentConfiguration",
                        JsonFields.of(
                                "minimumHealthyPercent",
                                100,
                                "maximumPercent",
                                200,
                                "deploymentCircuitBreaker",
                                JsonFields.of("enable", true, "rollback", true)))
                .set("enableExecuteCommand", false)
                .set("propagateTags", "SERVICE")
                .after(Expansion.network(spec.network(), "privateRouteTableIds"), "/network")
                .after(Expansion.network(spec.network(), "interfaceEndpointIds"), "/network");
        if (group == null) {
            // Owned and empty, so that a service that was behind the load balancer leaves it.
            service.set("loadBalancers", List.of());
        } else {
            service.set(
                            "loadBalancers",
                            List.of(JsonFields.of(
                                    "targetGroupArn", group.ref(),
                                    "containerName", into.name(),
                                    "containerPort", spec.port())))
                    .from("/loadBalancers/0/containerPort", "/port")
                    .set("healthCheckGracePeriodSeconds", 60);
        }
        return service.tags(spec.tags());
    }
}
