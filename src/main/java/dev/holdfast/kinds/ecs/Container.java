package dev.holdfast.kinds.ecs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.kind.*;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerCondition;
import software.amazon.awssdk.services.ecs.model.EnvironmentFileType;
import software.amazon.awssdk.services.ecs.model.LogDriver;
import software.amazon.awssdk.services.ecs.model.TransportProtocol;
import software.amazon.awssdk.services.ecs.model.UlimitName;
import software.amazon.awssdk.services.ecs.model.VersionConsistency;

/**
 * One container of a task definition, in a normal form: an absent field equals the default that AWS fills in.
 *
 * <p>No field of the normal form is null (empty text, 0 and an empty list stand for an absent value). A field that a
 * document removes must differ from the registered revision, but Holdfast does not compare a null field.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html">ContainerDefinition</a>
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Container(
        @Doc("The name of the container within the task.") @Required @Nullable
        String name,

        @Doc("The image, with tag or digest.") @Required @Image(resolution = "imageResolution") @Nullable
        String image,

        @Doc("Digest: Holdfast registers the digest that the tag has in ECR, and a moved tag rolls out."
                + " Tag, the default: each task pulls the image that the tag has when the task starts.")
        @Nullable
        ImageResolution imageResolution,

        @Doc("Whether the task stops when this container stops; true if absent.") @Nullable
        Boolean essential,

        @Doc("The CPU units of the task that are reserved for the container; 0 if absent.") @Nullable
        Integer cpu,

        @Doc("The hard limit of the container's memory, in MiB.") @EmptyIsNone @Nullable
        Integer memory,

        @Doc("The memory that is reserved for the container, in MiB.") @EmptyIsNone @Nullable
        Integer memoryReservation,

        @Doc("The ports that the container listens on.") @Key({"containerPort", "protocol"}) @Nullable
        List<PortMapping> portMappings,

        @Doc("Environment variables.") @Key("name") @Nullable
        List<Variable> environment,

        @Doc("Environment variables whose values come from Secrets Manager or Parameter Store.") @Key("name") @Nullable
        List<SecretVariable> secrets,

        @Doc("The destination of the container's output.") @EmptyIsNone @Nullable
        LogConfiguration logConfiguration,

        @Doc("The health check that ECS runs in the container.") @EmptyIsNone @Nullable
        HealthCheck healthCheck,

        @Doc("The arguments, which replace the image's CMD.") @Nullable
        List<String> command,

        @Doc("The entry point, which replaces the image's ENTRYPOINT.") @Nullable
        List<String> entryPoint,

        @Doc("The containers that start before this container.") @Key("containerName") @Nullable
        List<ContainerDependency> dependsOn,

        @Doc("The user that the container runs as: user, user:group, uid, uid:gid.") @EmptyIsNone @Nullable
        String user,

        @Doc("The working directory of the container.") @EmptyIsNone @Nullable
        String workingDirectory,

        @Doc("Whether the root file system is read-only; false if absent.") @EmptyIsNone @Nullable
        Boolean readonlyRootFilesystem,

        @Doc("Settings for Linux, for example kernel capabilities.") @EmptyIsNone @Nullable
        LinuxParameters linuxParameters,

        @Doc("Seconds after which dependent containers give up waiting for this container.") @EmptyIsNone @Nullable
        Integer startTimeout,

        @Doc("Seconds between SIGTERM and SIGKILL when the container is stopped.") @EmptyIsNone @Nullable
        Integer stopTimeout,

        @Doc("The ulimits of the container.") @Key("name") @Nullable
        List<Ulimit> ulimits,

        @Doc("The Docker labels of the container.") @EmptyIsNone @Nullable
        Map<String, String> dockerLabels,

        @Doc("The volumes in the container's file system.") @Key("containerPath") @Nullable
        List<MountPoint> mountPoints,

        @Doc("The settings of the log router, if the container is a log router.") @EmptyIsNone @Nullable
        FirelensConfiguration firelensConfiguration,

        @Doc("Files in S3 with further environment variables, in the order of their precedence.")
        List<EnvironmentFile> environmentFiles,

        @Doc("The credentials for a private registry other than ECR.") @EmptyIsNone
        RepositoryCredentials repositoryCredentials,

        @Doc("Whether ECS restarts the container when it stops.") @EmptyIsNone
        RestartPolicy restartPolicy,

        @Doc("The kernel parameters of the container.") @Key("namespace")
        List<SystemControl> systemControls,

        @Doc(
                "Whether the tag of the image is resolved to a digest once for all tasks of a deployment; enabled if absent.")
        VersionConsistency versionConsistency,

        @Doc("The other containers whose volumes this container mounts.") @Key("sourceContainer")
        List<VolumeFrom> volumesFrom,

        @Doc("The file (at most one) that configures the container for Active Directory:"
                + " credentialspecdomainless: and its ARN in S3 or Parameter Store.")
        List<String> credentialSpecs,

        @Doc("Whether the standard input stays open; false if absent.") @EmptyIsNone
        Boolean interactive,

        @Doc("Whether the container gets a terminal; false if absent.") @EmptyIsNone
        Boolean pseudoTerminal) {
    public Container {
        essential = Ecs.orElse(essential, true);
        cpu = Ecs.orElse(cpu, 0);
        memory = Ecs.orElse(memory, 0);
        memoryReservation = Ecs.orElse(memoryReservation, 0);
        portMappings = Ecs.sorted(portMappings, PortMapping::key);
        environment = Ecs.sorted(environment, Variable::name);
        secrets = Ecs.sorted(secrets, SecretVariable::name);
        logConfiguration = Ecs.orElse(logConfiguration, new LogConfiguration(null, null, null));
        healthCheck = Ecs.orElse(healthCheck, new HealthCheck(null, null, null, null, null));
        command = Ecs.orElse(command, List.of());
        entryPoint = Ecs.orElse(entryPoint, List.of());
        dependsOn = Ecs.sorted(dependsOn, ContainerDependency::containerName);
        user = Ecs.orElse(user, "");
        workingDirectory = Ecs.orElse(workingDirectory, "");
        readonlyRootFilesystem = Ecs.orElse(readonlyRootFilesystem, false);
        linuxParameters = Ecs.orElse(linuxParameters, new LinuxParameters(null, null, null));
        startTimeout = Ecs.orElse(startTimeout, 0);
        stopTimeout = Ecs.orElse(stopTimeout, 0);
        ulimits = Ecs.sorted(ulimits, u -> String.valueOf(u.name()));
        dockerLabels = Ecs.sorted(dockerLabels);
        mountPoints = Ecs.sorted(mountPoints, MountPoint::containerPath);
        firelensConfiguration = Ecs.orElse(firelensConfiguration, new FirelensConfiguration(null, null));
        environmentFiles = Ecs.orElse(environmentFiles, List.of());
        repositoryCredentials = Ecs.orElse(repositoryCredentials, new RepositoryCredentials(null));
        restartPolicy = Ecs.orElse(restartPolicy, new RestartPolicy(null, null, null));
        systemControls = Ecs.sorted(systemControls, SystemControl::namespace);
        versionConsistency = Ecs.orElse(versionConsistency, VersionConsistency.ENABLED);
        volumesFrom = Ecs.sorted(volumesFrom, VolumeFrom::sourceContainer);
        credentialSpecs = Ecs.orElse(credentialSpecs, List.of());
        interactive = Ecs.orElse(interactive, false);
        pseudoTerminal = Ecs.orElse(pseudoTerminal, false);
    }

    /** Sets each absent host port to the container's port, as ECS does under awsvpc and host. */
    Container portsOfHost() {
        return SpecModel.with(
                this,
                Container::portMappings,
                Ecs.sorted(portMappings, PortMapping::key).stream()
                        .map(PortMapping::sameOnHost)
                        .toList());
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record PortMapping(
            @Doc("The port in the container.") @Required @Nullable
            Integer containerPort,

            @Doc("The port on the host; under awsvpc and host it equals containerPort.") @EmptyIsNone @Nullable
            Integer hostPort,

            @Doc("The protocol; tcp if absent.") @Nullable TransportProtocol protocol,

            @Doc("The name of the port, for Service Connect.") @EmptyIsNone @Nullable
            String name,

            @Doc("The application protocol of the port, for Service Connect.")
            @Offers({"http", "http2", "grpc"})
            @EmptyIsNone
            @Nullable
            String appProtocol) {
        public PortMapping {
            hostPort = Ecs.orElse(hostPort, 0);
            protocol = Ecs.orElse(protocol, TransportProtocol.TCP);
            name = Ecs.orElse(name, "");
            appProtocol = Ecs.orElse(appProtocol, "");
        }

        String key() {
            return containerPort + "/" + protocol;
        }

        PortMapping sameOnHost() {
            return hostPort != null && hostPort != 0
                    ? this
                    : new PortMapping(containerPort, containerPort, protocol, name, appProtocol);
        }
    }

    public record Variable(
            @Doc("The name of the variable.") @Required @Nullable
            String name,

            @Doc("The value, which is not a secret.") @Environment @Nullable
            String value) {
        public Variable {
            value = Ecs.orElse(value, "");
        }
    }

    public record SecretVariable(
            @Doc("The name of the environment variable, or of the log driver's option.") @Required @Nullable
            String name,

            @Doc("The ARN of the secret, with :key:stage:version added to select a part; or of a parameter.")
            @Required
            @Ref(value = "Secret", output = "arn")
            @Nullable
            String valueFrom) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record LogConfiguration(
            @Doc("The log driver.") @Required @Offers({"awslogs", "awsfirelens", "splunk"}) @Nullable
            LogDriver logDriver,

            @Doc("The options of the driver: awslogs-group, awslogs-region, awslogs-stream-prefix, mode.") @Nullable
            Map<String, String> options,

            @Doc("The options of the driver whose values are secrets.") @Key("name") @Nullable
            List<SecretVariable> secretOptions) {
        public LogConfiguration {
            options = Ecs.sorted(options);
            secretOptions = Ecs.sorted(secretOptions, SecretVariable::name);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record HealthCheck(
            @Doc("The command of the check, after CMD or CMD-SHELL.") @Nullable
            List<String> command,

            @Doc("Seconds between two checks; 30 if absent.") @Nullable
            Integer interval,

            @Doc("Seconds without a result until a check has failed; 5 if absent.") @Nullable
            Integer timeout,

            @Doc("Failed checks until the container is unhealthy; 3 if absent.") @Nullable
            Integer retries,

            @Doc("Seconds after the start in which failures do not count; 0 if absent.") @EmptyIsNone @Nullable
            Integer startPeriod) {
        public HealthCheck {
            command = Ecs.orElse(command, List.of());
            interval = Ecs.orElse(interval, 30);
            timeout = Ecs.orElse(timeout, 5);
            retries = Ecs.orElse(retries, 3);
            startPeriod = Ecs.orElse(startPeriod, 0);
        }
    }

    public record ContainerDependency(
            @Doc("The name of the other container.") @Required @Nullable
            String containerName,

            @Doc("The state that the other container must have reached.") @Required @Nullable
            ContainerCondition condition) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record LinuxParameters(
            @Doc("Whether an init process reaps child processes; false if absent.") @Nullable
            Boolean initProcessEnabled,

            @Doc("The kernel capabilities that are added or dropped.") @EmptyIsNone @Nullable
            Capabilities capabilities,

            @Doc("The file systems in memory (tmpfs).") @Key("containerPath")
            List<Tmpfs> tmpfs) {
        public LinuxParameters {
            initProcessEnabled = Ecs.orElse(initProcessEnabled, false);
            capabilities = Ecs.orElse(capabilities, new Capabilities(null, null));
            tmpfs = Ecs.sorted(tmpfs, Tmpfs::containerPath);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Capabilities(
            @Doc("The capabilities to add; Fargate allows SYS_PTRACE.") @Nullable
            Set<String> add,

            @Doc("The capabilities to drop.") @Nullable Set<String> drop) {
        public Capabilities {
            add = Ecs.sorted(add);
            drop = Ecs.sorted(drop);
        }
    }

    public record Ulimit(
            @Doc("The name of the limit, for example nofile.") @Required @Nullable
            UlimitName name,

            @Doc("The soft limit.") @Required @Nullable Integer softLimit,
            @Doc("The hard limit.") @Required @Nullable Integer hardLimit) {}

    public record MountPoint(
            @Doc("The name of the volume.") @Required @Nullable
            String sourceVolume,

            @Doc("The path of the volume in the container.") @Required @Nullable
            String containerPath,

            @Doc("Whether the volume is read-only; false if absent.") @Nullable
            Boolean readOnly) {
        public MountPoint {
            readOnly = Ecs.orElse(readOnly, false);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record FirelensConfiguration(
            @Doc("The type of the log router.") @Offers({"fluentd", "fluentbit"}) @Nullable
            String type,

            @Doc("The options of the log router.") @Nullable Map<String, String> options) {
        public FirelensConfiguration {
            type = Ecs.orElse(type, "");
            options = Ecs.sorted(options);
        }
    }

    public record Tmpfs(
            @Doc("The path of the file system in the container.") @Required
            String containerPath,

            @Doc("The size in MiB.") @Required Integer size,
            @Doc("The mount options.") Set<String> mountOptions) {
        public Tmpfs {
            mountOptions = Ecs.sorted(mountOptions);
        }
    }

    public record EnvironmentFile(
            @Doc("The ARN of the object in S3.") @Required String value,
            @Doc("The type of the file: s3.") @Required EnvironmentFileType type) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record RepositoryCredentials(
            @Doc("The ARN of the secret with the user name and the password.") @Ref(value = "Secret", output = "arn")
            String credentialsParameter) {
        public RepositoryCredentials {
            credentialsParameter = Ecs.orElse(credentialsParameter, "");
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record RestartPolicy(
            @Doc("Whether ECS restarts the container; false if absent.")
            Boolean enabled,

            @Doc("The exit codes after which ECS does not restart the container.") @EmptyIsNone
            Set<Integer> ignoredExitCodes,

            @Doc("Seconds that the container must run before a restart: 60 to 1800, 300 if absent.")
            Integer restartAttemptPeriod) {
        public RestartPolicy {
            enabled = Ecs.orElse(enabled, false);
            ignoredExitCodes = Ecs.sorted(ignoredExitCodes);
            restartAttemptPeriod = Ecs.orElse(restartAttemptPeriod, 300);
        }
    }

    public record SystemControl(
            @Doc("The parameter, for example net.core.somaxconn.") @Required
            String namespace,

            @Doc("The value of the parameter.") @Required String value) {}

    public record VolumeFrom(
            @Doc("The name of the other container.") @Required
            String sourceContainer,

            @Doc("Whether the volumes are read-only; false if absent.")
            Boolean readOnly) {
        public VolumeFrom {
            readOnly = Ecs.orElse(readOnly, false);
        }
    }
}
