package dev.holdfast.kinds.ecs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Environment;
import dev.holdfast.kind.Image;
import dev.holdfast.kind.ImageResolution;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One container of a task definition, in a form in which what AWS fills in and what was left out look the same.
 *
 * <p>Nothing in it is ever null once it is in that form (empty text, 0, an empty list stand for nothing): what is taken out
 * of a container must differ from what a registered revision has, and an absent field would be nobody's.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html">ContainerDefinition</a>
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Container(
        @Doc("Its name within the task.") @Required @Nullable
        String name,

        @Doc("The image, with tag or digest.") @Required @Image(resolution = "imageResolution") @Nullable
        String image,

        @Doc("Digest: the digest that the tag stands for in ECR is what is registered, and a moved tag"
                + " rolls out. Tag, as it is if it is not said: whatever is pulled when a task starts.")
        @Nullable
        ImageResolution imageResolution,

        @Doc("Whether the task stops when this container stops; true if it is not said.") @Nullable
        Boolean essential,

        @Doc("CPU units of the task reserved for it; 0 if it is not said.") @Nullable
        Integer cpu,

        @Doc("Hard limit of its memory, in MiB.") @Nullable Integer memory,
        @Doc("Memory reserved for it, in MiB.") @Nullable Integer memoryReservation,

        @Doc("Ports that it listens on.") @Key({"containerPort", "protocol"}) @Nullable
        List<PortMapping> portMappings,

        @Doc("Environment variables.") @Key("name") @Nullable
        List<Variable> environment,

        @Doc("Environment variables whose values come from Secrets Manager or Parameter Store.") @Key("name") @Nullable
        List<SecretVariable> secrets,

        @Doc("Where its output goes.") @Nullable LogConfiguration logConfiguration,

        @Doc("How ECS asks whether it is healthy.") @Nullable
        HealthCheck healthCheck,

        @Doc("Arguments: replaces the image's CMD.") @Nullable
        List<String> command,

        @Doc("Replaces the image's ENTRYPOINT.") @Nullable List<String> entryPoint,

        @Doc("Containers that start before it.") @Key("containerName") @Nullable
        List<Dependency> dependsOn,

        @Doc("User to run as: user, user:group, uid, uid:gid.") @Nullable
        String user,

        @Doc("Directory to run in.") @Nullable String workingDirectory,

        @Doc("Whether its root file system cannot be written; false if it is not said.") @Nullable
        Boolean readonlyRootFilesystem,

        @Doc("Of Linux.") @Nullable LinuxParameters linuxParameters,

        @Doc("Seconds until dependants give up waiting for it.") @Nullable
        Integer startTimeout,

        @Doc("Seconds between SIGTERM and SIGKILL.") @Nullable
        Integer stopTimeout,

        @Doc("Limits of the process.") @Key("name") @Nullable
        List<Ulimit> ulimits,

        @Doc("Labels on the container.") @Nullable Map<String, String> dockerLabels,

        @Doc("Volumes in its file system.") @Key("containerPath") @Nullable
        List<MountPoint> mountPoints,

        @Doc("Log router, where it is one.") @Nullable FirelensConfiguration firelensConfiguration) {
    public Container {
        essential = essential == null ? Boolean.TRUE : essential;
        cpu = zero(cpu);
        memory = zero(memory);
        memoryReservation = zero(memoryReservation);
        portMappings = Ecs.sorted(portMappings, p -> p.containerPort() + "/" + p.protocol());
        environment = Ecs.sorted(environment, Variable::name);
        secrets = Ecs.sorted(secrets, SecretVariable::name);
        logConfiguration = logConfiguration == null ? new LogConfiguration(null, null, null) : logConfiguration;
        healthCheck = healthCheck == null ? HealthCheck.NONE : healthCheck;
        command = Ecs.list(command);
        entryPoint = Ecs.list(entryPoint);
        dependsOn = Ecs.sorted(dependsOn, Dependency::containerName);
        user = text(user);
        workingDirectory = text(workingDirectory);
        readonlyRootFilesystem = Boolean.TRUE.equals(readonlyRootFilesystem);
        linuxParameters = linuxParameters == null ? new LinuxParameters(null, null) : linuxParameters;
        startTimeout = zero(startTimeout);
        stopTimeout = zero(stopTimeout);
        ulimits = Ecs.sorted(ulimits, Ulimit::name);
        dockerLabels = Ecs.map(dockerLabels);
        mountPoints = Ecs.sorted(mountPoints, MountPoint::containerPath);
        firelensConfiguration =
                firelensConfiguration == null ? new FirelensConfiguration(null, null) : firelensConfiguration;
    }

    /** With the host's ports as they are where a task has an interface of its own, or the host's. */
    Container portsOfHost() {
        return new Container(
                name,
                image,
                imageResolution,
                essential,
                cpu,
                memory,
                memoryReservation,
                portMappings == null
                        ? null
                        : portMappings.stream().map(PortMapping::sameOnHost).toList(),
                environment,
                secrets,
                logConfiguration,
                healthCheck,
                command,
                entryPoint,
                dependsOn,
                user,
                workingDirectory,
                readonlyRootFilesystem,
                linuxParameters,
                startTimeout,
                stopTimeout,
                ulimits,
                dockerLabels,
                mountPoints,
                firelensConfiguration);
    }

    private static Integer zero(@Nullable Integer number) {
        return number == null ? 0 : number;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record PortMapping(
            @Doc("Port in the container.") @Required @Nullable
            Integer containerPort,

            @Doc("Port on the host; under awsvpc and host it is the container's.") @Nullable
            Integer hostPort,

            @Doc("tcp if it is not said.") @Nullable Protocol protocol,
            @Doc("Name, for Service Connect.") @Nullable String name,

            @Doc("http, http2 or grpc, for Service Connect.") @Nullable
            String appProtocol) {
        public PortMapping {
            hostPort = zero(hostPort);
            protocol = protocol == null ? Protocol.tcp : protocol;
            name = text(name);
            appProtocol = text(appProtocol);
        }

        PortMapping sameOnHost() {
            return hostPort != null && hostPort != 0
                    ? this
                    : new PortMapping(containerPort, containerPort, protocol, name, appProtocol);
        }
    }

    public enum Protocol {
        tcp,
        udp
    }

    public record Variable(
            @Doc("Name.") @Required @Nullable String name,

            @Doc("Value, not secret.") @Environment @Nullable
            String value) {
        public Variable {
            value = text(value);
        }
    }

    public record SecretVariable(
            @Doc("Name of the environment variable, or of the log driver's option.") @Required @Nullable
            String name,

            @Doc("ARN of the secret, with :key:stage:version after it where only a part is wanted; or of a parameter.")
            @Required
            @Ref(value = "Secret", output = "arn")
            @Nullable
            String valueFrom) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record LogConfiguration(
            @Doc("The log driver.") @Nullable LogDriver logDriver,

            @Doc("Its options: awslogs-group, awslogs-region, awslogs-stream-prefix, mode.") @Nullable
            Map<String, String> options,

            @Doc("Options whose values are secrets.") @Key("name") @Nullable
            List<SecretVariable> secretOptions) {
        public LogConfiguration {
            options = Ecs.map(options);
            secretOptions = Ecs.sorted(secretOptions, SecretVariable::name);
        }
    }

    /** Those of Fargate. */
    public enum LogDriver {
        awslogs,
        awsfirelens,
        splunk
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record HealthCheck(
            @Doc("CMD or CMD-SHELL and the command.") @Nullable
            List<String> command,

            @Doc("Seconds between two; 30 if it is not said.") @Nullable
            Integer interval,

            @Doc("Seconds until one has failed; 5 if it is not said.") @Nullable
            Integer timeout,

            @Doc("Failures until it is unhealthy; 3 if it is not said.") @Nullable
            Integer retries,

            @Doc("Seconds after the start in which failures do not count; 0 if it is not said.") @Nullable
            Integer startPeriod) {
        static final HealthCheck NONE = new HealthCheck(null, null, null, null, null);

        public HealthCheck {
            command = Ecs.list(command);
            interval = interval == null ? Integer.valueOf(30) : interval;
            timeout = timeout == null ? Integer.valueOf(5) : timeout;
            retries = retries == null ? Integer.valueOf(3) : retries;
            startPeriod = zero(startPeriod);
        }
    }

    public record Dependency(
            @Doc("The other container.") @Required @Nullable String containerName,

            @Doc("What it must have reached.") @Required @Nullable
            Condition condition) {}

    public enum Condition {
        START,
        COMPLETE,
        SUCCESS,
        HEALTHY
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record LinuxParameters(
            @Doc("Whether an init process reaps children; false if it is not said.") @Nullable
            Boolean initProcessEnabled,

            @Doc("What the kernel lets it do.") @Nullable Capabilities capabilities) {
        public LinuxParameters {
            initProcessEnabled = Boolean.TRUE.equals(initProcessEnabled);
            capabilities = capabilities == null ? new Capabilities(null, null) : capabilities;
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Capabilities(
            @Doc("Added; Fargate allows SYS_PTRACE.") @Nullable
            Set<String> add,

            @Doc("Taken away.") @Nullable Set<String> drop) {
        public Capabilities {
            add = Ecs.set(add);
            drop = Ecs.set(drop);
        }
    }

    public record Ulimit(
            @Doc("Which, for example nofile.") @Required @Nullable
            String name,

            @Doc("Soft limit.") @Required @Nullable Integer softLimit,
            @Doc("Hard limit.") @Required @Nullable Integer hardLimit) {}

    public record MountPoint(
            @Doc("The volume's name.") @Required @Nullable String sourceVolume,
            @Doc("Where it appears.") @Required @Nullable String containerPath,

            @Doc("Whether it cannot be written; false if it is not said.") @Nullable
            Boolean readOnly) {
        public MountPoint {
            readOnly = Boolean.TRUE.equals(readOnly);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record FirelensConfiguration(
            @Doc("fluentd or fluentbit.") @Nullable String type,
            @Doc("Its options.") @Nullable Map<String, String> options) {
        public FirelensConfiguration {
            type = text(type);
            options = Ecs.map(options);
        }
    }
}
