package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Setting;
import dev.holdfast.kinds.secretsmanager.SecretKind;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;

/** A microservice on Fargate with all resources that belong to it alone. */
final class ServiceComposite implements Composite<ServiceComposite.Spec> {

    public record Spec(
            @Setting("The image, with a tag or digest. The execution role may pull only this image and those of the"
                    + " sidecars from ECR.")
            @Required
            String image,

            @Setting("The port on which the container listens. Behind the load balancer, it must be one of the"
                    + " Network's containerPorts. Default: 8080.")
            @Range(min = 1, max = 65535)
            Integer port,

            @Setting("The paths that the load balancer routes to the service, such as /api/*. A service without paths"
                    + " and hosts is not behind the load balancer.")
            SequencedSet<String> paths,

            @Setting("The hosts that the load balancer routes to the service.")
            SequencedSet<String> hosts,

            @Doc("The priority of the service's rule: a rule with a lower number is tried first. 1 to 50000, each"
                    + " value once per listener.")
            @Range(min = 1, max = 50000)
            Integer priority,

            @Setting("The path of the load balancer's health check. Default: /health.")
            String healthCheckPath,

            @Setting("The CPU units of a task: 256 (a quarter of a CPU), 512, 1024 and so on. Default: 256.")
            @Range(min = 256, max = 16384)
            Integer cpu,

            @Setting("The memory of a task in MiB. Default: 512.") @Range(min = 512, max = 122880)
            Integer memory,

            @Doc("The environment variables.") Map<String, String> environment,

            @Setting("The environment variables whose values are secrets, by name. Each value is {} for a secret"
                    + " that is created for this service, or sets the source of the secret.")
            Map<String, SecretSource> secrets,

            @Setting("Whether the service is rolled out when one of its secrets that this stack declares has a new"
                    + " version; services follow one after the other. false: a task receives the version that is"
                    + " current when it starts. Default: true.")
            Boolean rolloutOnRotation,

            @Doc("The prefix of the names of the service's own secrets, before /Service/Secret. Default: the"
                    + " stack's name.")
            String secretPrefix,

            @Doc("The prefix of the name of the log group, before /service. Default: /ecs/ and the stack's name.")
            String logPrefix,

            @Setting("The number of days for which logs are kept. Default: 30.") @Range(min = 0, max = 3653)
            Integer logRetentionInDays,

            @Setting("The limits and targets of scaling; false: the service does not scale.") @Switchable
            ServiceScaling scaling,

            @Setting("The number of tasks if the service does not scale. Default: 1.") @Range(min = 0, max = 5000)
            Integer desiredCount,

            @Setting("The thresholds of the alarms; false: there are no alarms.") @Switchable
            ServiceAlarms alarms,

            @Setting(
                    "Whether the service sends traces to X-Ray, through the CloudWatch agent in its tasks. Default: false.")
            @Switchable
            ServiceTracing tracing,

            @Setting("Whether this stack contains a repository for the service's images. Default: false.") @Switchable
            ServiceRepository repository,

            @Doc("The permissions of the service's code: statements of the task role's policy.")
            List<JsonNode> statements,

            @Doc("Additional fields of the container, as in a task definition. They are merged over the generated"
                    + " ones according to RFC 7386.")
            JsonNode container,

            @Doc("Additional containers of the tasks, as in a task definition.")
            List<JsonNode> sidecars,

            @Setting("The name of the Network that contains the tasks. Default: main.")
            String network,

            @Setting("The name of the Ingress in front of the service. Default: main.")
            String ingress,

            @Setting("The cluster. Default: ${EcsCluster/main}.")
            String cluster,

            @Doc("Tags for all parts that take tags.") Map<String, String> tags,

            @Doc("A spec with values for all fields that this document omits, usually a param that all"
                    + " services share.")
            JsonNode defaults,

            @Doc(Expansion.OVERRIDES) Map<String, JsonNode> overrides,
            @Doc(Expansion.WITHOUT) SequencedSet<String> without) {
        public Spec {
            port = port == null ? Integer.valueOf(8080) : port;
            paths = paths == null ? JsonFields.ordered() : paths;
            hosts = hosts == null ? JsonFields.ordered() : hosts;
            healthCheckPath = healthCheckPath == null ? "/health" : healthCheckPath;
            cpu = cpu == null ? Integer.valueOf(256) : cpu;
            memory = memory == null ? Integer.valueOf(512) : memory;
            secrets = secrets == null ? Map.of() : secrets;
            rolloutOnRotation = rolloutOnRotation == null ? Boolean.TRUE : rolloutOnRotation;
            logRetentionInDays = logRetentionInDays == null ? Integer.valueOf(30) : logRetentionInDays;
            scaling = scaling == null ? ServiceScaling.DEFAULT : scaling;
            desiredCount = desiredCount == null ? Integer.valueOf(1) : desiredCount;
            alarms = alarms == null ? ServiceAlarms.DEFAULT : alarms;
            tracing = tracing == null ? new ServiceTracing(false, ServiceTracing.IMAGE, null) : tracing;
            repository = repository == null ? new ServiceRepository(false, null, ServiceRepository.KEPT) : repository;
            network = network == null ? Expansion.MAIN : network;
            ingress = ingress == null ? Expansion.MAIN : ingress;
            cluster = cluster == null ? "${EcsCluster/main}" : cluster;
        }

        boolean isExposed() {
            return !paths.isEmpty() || !hosts.isEmpty();
        }

        /** The smallest number of tasks. */
        int tasks() {
            return scaling.enabled() ? scaling.min() : desiredCount;
        }
    }

    public record SecretSource(
            @Doc("How the first value of the service's own secret is generated. Default: 48 letters and digits.")
            SecretKind.GenerateSecretString generate,

            @Doc("The name of the service's own secret. Default: a name from secretPrefix, service and variable.")
            String name,

            @Doc("A secret or parameter that is declared elsewhere: a reference or an ARN.")
            String from,

            @Doc("The name of the Database that creates the secret for the services' user. The key is password,"
                    + " username, host, port or dbname.")
            String database,

            @Doc("The name of the Cache whose token is the secret.")
            String cache,

            @Doc("The key within a secret that is a JSON object.")
            String key,

            @Doc("The ARN of the customer's KMS key for the secret. A secret of the service is created with this"
                    + " key, and the execution role may decrypt with it. AWS's own key needs no entry.")
            String kmsKeyId) {}

    public record ServiceScaling(
            @Setting("Whether the service scales. Default: true.")
            Boolean enabled,

            @Setting("The minimum number of tasks. Default: 1.") @Range(min = 0, max = 5000)
            Integer min,

            @Setting("The maximum number of tasks. Default: 4.") @Range(min = 0, max = 5000)
            Integer max,

            @Setting("The target of CPU utilization in percent. Default: 60.") @Range(min = 1, max = 100)
            Integer cpu,

            @Setting("The target of memory utilization in percent. Default: 75.") @Range(min = 1, max = 100)
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
            @Setting("Whether there are alarms. Default: true.")
            Boolean enabled,

            @Setting("The ARNs of the topics that receive the alarms and their end. Default: none.")
            SequencedSet<String> actions,

            @Setting("The threshold of CPU utilization in percent. Default: 85.") @Range(min = 1, max = 100)
            Integer cpu,

            @Setting("The threshold of memory utilization in percent. Default: 85.") @Range(min = 1, max = 100)
            Integer memory,

            @Setting("The threshold of the rate of 5XX answers in percent. Default: 5.") @Range(min = 0, max = 100)
            Integer errorRate,

            @Setting("The number of minutes without a healthy task (or, for a service that is not behind the load"
                    + " balancer, without a running task) after which the alarm fires. A service that may have 0 tasks"
                    + " has no such alarm. Default: 3.")
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
            @Setting("Whether the service sends traces. Default: true.")
            Boolean enabled,

            @Setting("The image of the CloudWatch agent. Default: a release of AWS's public image.")
            String image,

            @Doc(
                    "The configuration of the CloudWatch agent. Default: it accepts OpenTelemetry on the ports 4317 and 4318"
                            + " and X-Ray on port 2000, from within the task.")
            JsonNode configuration) {
        /** Not the tag latest: each new release of the agent would then roll out every service. */
        static final String IMAGE = "public.ecr.aws/cloudwatch-agent/cloudwatch-agent:1.300072.0b1766";

        public ServiceTracing {
            enabled = enabled == null ? Boolean.TRUE : enabled;
            image = image == null ? IMAGE : image;
        }
    }

    public record ServiceRepository(
            @Setting("Whether there is a repository. Default: true.")
            Boolean enabled,

            @Doc("The prefix of the repository's name, before /service. Default: the stack's name.")
            String prefix,

            @Setting("The number of images that are kept. Default: 30.") @Range(min = 1, max = 10000)
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
                .output("targetGroupArn", "The target group's ARN; only behind the load balancer.")
                .output("taskRoleArn", "The ARN of the role of the service's code.")
                .output("executionRoleArn", "The ARN of the role with which ECS starts the tasks.")
                .output("logGroupName", "The name of the log group.")
                .output("securityGroupId", "The security group of the tasks.")
                .output("secretArns", "The ARNs of the service's own secrets.")
                .output("repositoryUri", "The URI of the repository for the images; only with a repository.");
    }

    @Override
    public void expand(Spec spec, Expansion into) {
        new ServiceExpansion(spec, into).build();
    }
}
