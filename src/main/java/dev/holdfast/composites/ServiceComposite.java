package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.kinds.secretsmanager.SecretKind;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** A microservice on Fargate, with all that is its own. */
final class ServiceComposite implements Composite<ServiceComposite.Spec> {

    public record Spec(
            @Doc(
                    "The image, with tag or digest. The execution role may pull this one and its sidecars' from ECR, and no"
                            + " other.")
            @Required
            String image,

            @Doc(
                    "The port that the container listens on; 8080, if nothing is said. Behind the load balancer it is one of"
                            + " the Network's containerPorts.")
            @Range(min = 1, max = 65535)
            Integer port,

            @Doc("The paths that come to it: /api, /api/*. Without paths and hosts it is not behind the load balancer.")
            SequencedSet<String> paths,

            @Doc("The hosts that come to it.") SequencedSet<String> hosts,

            @Doc("Before which other services' paths and hosts its own are tried: 1 to 50000, once a listener.")
            @Range(min = 1, max = 50000)
            @Nullable
            Integer priority,

            @Doc("Where the load balancer asks whether it is healthy; /health, if nothing is said.")
            String healthCheckPath,

            @Doc("CPU of a task: 256 (a quarter of a CPU, if nothing is said), 512, 1024 and so on.")
            @Range(min = 256, max = 16384)
            Integer cpu,

            @Doc("Memory of a task in MiB; 512, if nothing is said.") @Range(min = 512, max = 122880)
            Integer memory,

            @Doc("Environment variables.") @Nullable Map<String, String> environment,

            @Doc("Environment variables whose values are secrets, by their names: {} for one that is made for this"
                    + " service, or where it comes from.")
            Map<String, SecretSource> secrets,

            @Doc("What the names of its own secrets begin with, before /Service/Secret; the stack's name, if nothing"
                    + " is said.")
            @Nullable
            String secretPrefix,

            @Doc("What the name of its log group begins with, before /service; /ecs/ and the stack's name, if nothing"
                    + " is said.")
            @Nullable
            String logPrefix,

            @Doc("For how many days logs are kept; 30, if nothing is said.") @Range(min = 0, max = 3653)
            Integer logRetentionInDays,

            @Doc("Between which bounds and by what it scales; false: it does not.") @Switchable
            ServiceScaling scaling,

            @Doc("How many tasks without scaling; 1, if nothing is said.") @Range(min = 0, max = 5000)
            Integer desiredCount,

            @Doc("When to tell somebody; false: never.") @Switchable
            ServiceAlarms alarms,

            @Doc("Whether it writes traces to X-Ray, through the daemon beside it; false, if nothing is said.")
            @Switchable
            ServiceTracing tracing,

            @Doc("Whether it has a repository for its images here; false, if nothing is said.") @Switchable
            ServiceRepository repository,

            @Doc("What its code may do in AWS: statements of the task role's policy.") @Nullable
            List<JsonNode> statements,

            @Doc("More fields of its container, as in a task definition; merged over what stands there by RFC 7386.")
            @Nullable
            JsonNode container,

            @Doc("More containers of its tasks, as in a task definition.") @Nullable
            List<JsonNode> sidecars,

            @Doc("The Network that its tasks are in, by name; main, if nothing is said.")
            String network,

            @Doc("The Ingress that it is behind, by name; main, if nothing is said.")
            String ingress,

            @Doc("The cluster; ${EcsCluster/main}, if nothing is said.")
            String cluster,

            @Doc("Tags for its parts that take tags.") @Nullable
            Map<String, String> tags,

            @Doc("A spec from which is taken what this one does not say: mostly one param that all services share.")
            @Nullable
            JsonNode defaults,

            @Doc(Expansion.OVERRIDES) @Nullable Map<String, JsonNode> overrides,
            @Doc(Expansion.WITHOUT) @Nullable SequencedSet<String> without) {
        public Spec {
            port = port == null ? Integer.valueOf(8080) : port;
            paths = paths == null ? JsonFields.ordered() : paths;
            hosts = hosts == null ? JsonFields.ordered() : hosts;
            healthCheckPath = healthCheckPath == null ? "/health" : healthCheckPath;
            cpu = cpu == null ? Integer.valueOf(256) : cpu;
            memory = memory == null ? Integer.valueOf(512) : memory;
            secrets = secrets == null ? Map.of() : secrets;
            logRetentionInDays = logRetentionInDays == null ? Integer.valueOf(30) : logRetentionInDays;
            scaling = scaling == null ? ServiceScaling.DEFAULT : scaling;
            desiredCount = desiredCount == null ? Integer.valueOf(1) : desiredCount;
            alarms = alarms == null ? ServiceAlarms.DEFAULT : alarms;
            tracing = tracing == null ? new ServiceTracing(false, ServiceTracing.IMAGE) : tracing;
            repository = repository == null ? new ServiceRepository(false, null, ServiceRepository.KEPT) : repository;
            network = network == null ? Expansion.MAIN : network;
            ingress = ingress == null ? Expansion.MAIN : ingress;
            cluster = cluster == null ? "${EcsCluster/main}" : cluster;
        }

        boolean isExposed() {
            return !paths.isEmpty() || !hosts.isEmpty();
        }

        /** How many tasks it has at the least. */
        int tasks() {
            return scaling.enabled() ? scaling.min() : desiredCount;
        }
    }

    public record SecretSource(
            @Doc("How the first value of a secret of its own is made; 48 letters and digits, if nothing is said.")
            SecretKind.@Nullable GenerateSecretString generate,

            @Doc("The name of a secret of its own; made of secretPrefix, service and variable, if nothing is said.")
            @Nullable
            String name,

            @Doc("A secret or parameter that exists apart: a reference or an ARN.") @Nullable
            String from,

            @Doc("The key within a secret that is a JSON object.") @Nullable
            String key,

            @Doc(
                    "The ARN of the customer's key of KMS that it is encrypted with: one of its own is made with it, and of"
                            + " one that exists apart the execution role is let decrypt it. AWS's own key needs no mention.")
            @Nullable
            String kmsKeyId) {}

    public record ServiceScaling(
            @Doc("Whether it scales; true, if nothing is said.")
            Boolean enabled,

            @Doc("The least tasks; 1, if nothing is said.") @Range(min = 0, max = 5000)
            Integer min,

            @Doc("The most tasks; 4, if nothing is said.") @Range(min = 0, max = 5000)
            Integer max,

            @Doc("The CPU in percent at which it is held; 60, if nothing is said.") @Range(min = 1, max = 100)
            Integer cpu,

            @Doc("The memory in percent at which it is held; 75, if nothing is said.") @Range(min = 1, max = 100)
            Integer memory) {
        static final ServiceScaling DEFAULT = new ServiceScaling(true, 1, 4, 60, 75);

        public ServiceScaling {
            enabled = enabled == null ? Boolean.TRUE : enabled;
            min = min == null ? DEFAULT.min() : min;
            max = max == null ? DEFAULT.max() : max;
            cpu = cpu == null ? DEFAULT.cpu() : cpu;
            memory = memory == null ? DEFAULT.memory() : memory;
        }
    }

    public record ServiceAlarms(
            @Doc("Whether there are alarms; true, if nothing is said.")
            Boolean enabled,

            @Doc("Whom they tell, also when it is over: ARNs of topics; nobody, if nothing is said.")
            SequencedSet<String> actions,

            @Doc("Above which CPU in percent; 85, if nothing is said.") @Range(min = 1, max = 100)
            Integer cpu,

            @Doc("Above which memory in percent; 85, if nothing is said.") @Range(min = 1, max = 100)
            Integer memory,

            @Doc("Above which rate of 5XX answers in percent; 5, if nothing is said.") @Range(min = 0, max = 100)
            Integer errorRate,

            @Doc("After how many minutes without a task that is healthy, or, not behind the load balancer, without one"
                    + " that runs; 3, if nothing is said. One that may have 0 tasks has no such alarm.")
            @Range(min = 1, max = 1440)
            Integer downMinutes) {
        static final ServiceAlarms DEFAULT = new ServiceAlarms(true, JsonFields.ordered(), 85, 85, 5, 3);

        public ServiceAlarms {
            enabled = enabled == null ? Boolean.TRUE : enabled;
            actions = actions == null ? JsonFields.ordered() : actions;
            cpu = cpu == null ? DEFAULT.cpu() : cpu;
            memory = memory == null ? DEFAULT.memory() : memory;
            errorRate = errorRate == null ? DEFAULT.errorRate() : errorRate;
            downMinutes = downMinutes == null ? DEFAULT.downMinutes() : downMinutes;
        }
    }

    public record ServiceTracing(
            @Doc("Whether it traces; true, if nothing is said.")
            Boolean enabled,

            @Doc("The image of X-Ray's daemon; AWS's public one, if nothing is said.")
            String image) {
        static final String IMAGE = "public.ecr.aws/xray/aws-xray-daemon:latest";

        public ServiceTracing {
            enabled = enabled == null ? Boolean.TRUE : enabled;
            image = image == null ? IMAGE : image;
        }
    }

    public record ServiceRepository(
            @Doc("Whether there is one; true, if nothing is said.")
            Boolean enabled,

            @Doc("What its name begins with, before /service; the stack's name, if nothing is said.") @Nullable
            String prefix,

            @Doc("How many images are kept; 30, if nothing is said.") @Range(min = 1, max = 10000)
            Integer keep) {
        static final int KEPT = 30;

        public ServiceRepository {
            enabled = enabled == null ? Boolean.TRUE : enabled;
            keep = keep == null ? Integer.valueOf(KEPT) : keep;
        }
    }

    @Override
    public CompositeInfo<Spec> info() {
        return CompositeInfo.of(
                        "Service",
                        Spec.class,
                        "A microservice on Fargate: roles, secrets, logs, tasks, routing, scaling and alarms.")
                .output("arn", "The ECS service's ARN.")
                .output("name", "The ECS service's name.")
                .output("targetGroupArn", "The target group's ARN; of one behind the load balancer.")
                .output("taskRoleArn", "The ARN of the role of its code.")
                .output("executionRoleArn", "The ARN of the role with which ECS starts its tasks.")
                .output("logGroupName", "The name of its log group.")
                .output("securityGroupId", "The security group that its tasks are in.")
                .output("secretArns", "The ARNs of its own secrets.")
                .output("repositoryUri", "Where its images are pushed; of one with a repository.");
    }

    @Override
    public void expand(Spec spec, Expansion into) {
        new ServiceExpansion(spec, into).build();
    }
}
