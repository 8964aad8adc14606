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
                + " rolls out. Tag, as it is if absent: whatever is pulled when a task starts.")
        @Nullable
        ImageResolution imageResolution,

        @Doc("Whether the task stops when this container stops; true if absent.") @Nullable
        Boolean essential,

        @Doc("CPU units of the task reserved for it; 0 if absent.") @Nullable
        Integer cpu,

        @Doc("Hard limit of its memory, in MiB.") @EmptyIsNone @Nullable
        Integer memory,

        @Doc("Memory reserved for it, in MiB.") @EmptyIsNone @Nullable
        Integer memoryReservation,

        @Doc("Ports that it listens on.") @Key({"containerPort", "protocol"}) @Nullable
        List<PortMapping> portMappings,

        @Doc("Environment variables.") @Key("name") @Nullable
        List<Variable> environment,

        @Doc("Environment variables whose values come from Secrets Manager or Parameter Store.") @Key("name") @Nullable
        List<SecretVariable> secrets,

        @Doc("Where its output goes.") @EmptyIsNone @Nullable
        LogConfiguration logConfiguration,

        @Doc("How ECS asks whether it is healthy.") @EmptyIsNone @Nullable
        HealthCheck healthCheck,

        @Doc("Arguments: replaces the image's CMD.") @Nullable
        List<String> command,

        @Doc("Replaces the image's ENTRYPOINT.") @Nullable List<String> entryPoint,

        @Doc("Containers that start before it.") @Key("containerName") @Nullable
        List<ContainerDependency> dependsOn,

        @Doc("User to run as: user, user:group, uid, uid:gid.") @EmptyIsNone @Nullable
        String user,

        @Doc("Directory to run in.") @EmptyIsNone @Nullable String workingDirectory,

        @Doc("Whether its root file system cannot be written; false if absent.") @EmptyIsNone @Nullable
        Boolean readonlyRootFilesystem,

        @Doc("Of Linux.") @EmptyIsNone @Nullable LinuxParameters linuxParameters,

        @Doc("Seconds until dependants give up waiting for it.") @EmptyIsNone @Nullable
        Integer startTimeout,

        @Doc("Seconds between SIGTERM and SIGKILL.") @EmptyIsNone @Nullable
        Integer stopTimeout,

        @Doc("Limits of the process.") @Key("name") @Nullable
        List<Ulimit> ulimits,

        @Doc("Labels on the container.") @EmptyIsNone @Nullable
        Map<String, String> dockerLabels,

        @Doc("Volumes in its file system.") @Key("containerPath") @Nullable
        List<MountPoint> mountPoints,

        @Doc("Log router, where it is one.") @EmptyIsNone @Nullable
        FirelensConfiguration firelensConfiguration,

        @Doc("Files in S3 with further environment variables, in the order of their precedence.")
        List<EnvironmentFile> environmentFiles,

        @Doc("How the image is pulled from a private registry other than ECR.") @EmptyIsNone
        RepositoryCredentials repositoryCredentials,

        @Doc("Whether ECS starts it again when it stops.") @EmptyIsNone
        RestartPolicy restartPolicy,

        @Doc("Parameters of the kernel.") @Key("namespace") List<SystemControl> systemControls,

        @Doc(
                "Whether the tag of the image is resolved to a digest once for all tasks of a deployment; enabled if absent.")
        VersionConsistency versionConsistency,

        @Doc("Other containers whose volumes it gets.") @Key("sourceContainer")
        List<VolumeFrom> volumesFrom,

        @Doc(
                "The file, one at most, that configures it for Active Directory: credentialspecdomainless: and its ARN in S3 or"
                        + " Parameter Store.")
        List<String> credentialSpecs,

        @Doc("Whether its standard input stays open; false if absent.") @EmptyIsNone
        Boolean interactive,

        @Doc("Whether it gets a terminal; false if absent.") @EmptyIsNone
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

    /** With the host's ports as they are where a task has an interface of its own, or the host's. */
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
            @Doc("Port in the container.") @Required @Nullable
            Integer containerPort,

            @Doc("Port on the host; under awsvpc and host it is the container's.") @EmptyIsNone @Nullable
            Integer hostPort,

            @Doc("tcp if absent.") @Nullable TransportProtocol protocol,

            @Doc("Name, for Service Connect.") @EmptyIsNone @Nullable
            String name,

            @Doc("What it speaks, for Service Connect.") @Offers({"http", "http2", "grpc"}) @EmptyIsNone @Nullable
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
            @Doc("Name.") @Required @Nullable String name,

            @Doc("Value, not secret.") @Environment @Nullable
            String value) {
        public Variable {
            value = Ecs.orElse(value, "");
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
            @Doc("The log driver.") @Required @Offers({"awslogs", "awsfirelens", "splunk"}) @Nullable
            LogDriver logDriver,

            @Doc("Its options: awslogs-group, awslogs-region, awslogs-stream-prefix, mode.") @Nullable
            Map<String, String> options,

            @Doc("Options whose values are secrets.") @Key("name") @Nullable
            List<SecretVariable> secretOptions) {
        public LogConfiguration {
            options = Ecs.sorted(options);
            secretOptions = Ecs.sorted(secretOptions, SecretVariable::name);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record HealthCheck(
            @Doc("CMD or CMD-SHELL and the command.") @Nullable
            List<String> command,

            @Doc("Seconds between two; 30 if absent.") @Nullable
            Integer interval,

            @Doc("Seconds until one has failed; 5 if absent.") @Nullable
            Integer timeout,

            @Doc("Failures until it is unhealthy; 3 if absent.") @Nullable
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
            @Doc("The other container.") @Required @Nullable String containerName,

            @Doc("The state that the other container must have reached.") @Required @Nullable
            ContainerCondition condition) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record LinuxParameters(
            @Doc("Whether an init process reaps children; false if absent.") @Nullable
            Boolean initProcessEnabled,

            @Doc("Capabilities of the kernel.") @EmptyIsNone @Nullable
            Capabilities capabilities,

            @Doc("File systems in memory.") @Key("containerPath")
            List<Tmpfs> tmpfs) {
        public LinuxParameters {
            initProcessEnabled = Ecs.orElse(initProcessEnabled, false);
            capabilities = Ecs.orElse(capabilities, new Capabilities(null, null));
            tmpfs = Ecs.sorted(tmpfs, Tmpfs::containerPath);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record Capabilities(
            @Doc("Added; Fargate allows SYS_PTRACE.") @Nullable
            Set<String> add,

            @Doc("Taken away.") @Nullable Set<String> drop) {
        public Capabilities {
            add = Ecs.sorted(add);
            drop = Ecs.sorted(drop);
        }
    }

    public record Ulimit(
            @Doc("Which, for example nofile.") @Required @Nullable
            UlimitName name,

            @Doc("Soft limit.") @Required @Nullable Integer softLimit,
            @Doc("Hard limit.") @Required @Nullable Integer hardLimit) {}

    public record MountPoint(
            @Doc("The volume's name.") @Required @Nullable String sourceVolume,
            @Doc("Where it appears.") @Required @Nullable String containerPath,

            @Doc("Whether it cannot be written; false if absent.") @Nullable
            Boolean readOnly) {
        public MountPoint {
            readOnly = Ecs.orElse(readOnly, false);
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record FirelensConfiguration(
            @Doc("Which router.") @Offers({"fluentd", "fluentbit"}) @Nullable
            String type,

            @Doc("Its options.") @Nullable Map<String, String> options) {
        public FirelensConfiguration {
            type = Ecs.orElse(type, "");
            options = Ecs.sorted(options);
        }
    }

    public record Tmpfs(
            @Doc("Where it appears.") @Required String containerPath,
            @Doc("Its size in MiB.") @Required Integer size,
            @Doc("Options of mount.") Set<String> mountOptions) {
        public Tmpfs {
            mountOptions = Ecs.sorted(mountOptions);
        }
    }

    public record EnvironmentFile(
            @Doc("The ARN of the object in S3.") @Required String value,
            @Doc("s3.") @Required EnvironmentFileType type) {}

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record RepositoryCredentials(
            @Doc("The ARN of the secret with user name and password.") @Ref(value = "Secret", output = "arn")
            String credentialsParameter) {
        public RepositoryCredentials {
            credentialsParameter = Ecs.orElse(credentialsParameter, "");
        }
    }

    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public record RestartPolicy(
            @Doc("Whether it is started again; false if absent.")
            Boolean enabled,

            @Doc("Exit codes after which it is not started again.") @EmptyIsNone
            Set<Integer> ignoredExitCodes,

            @Doc("Seconds that it has to run before it is started again: 60 to 1800, 300 if absent.")
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

            @Doc("Its value.") @Required String value) {}

    public record VolumeFrom(
            @Doc("The other container.") @Required String sourceContainer,

            @Doc("Whether they cannot be written; false if absent.")
            Boolean readOnly) {
        public VolumeFrom {
            readOnly = Ecs.orElse(readOnly, false);
        }
    }
}
