package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.ImageName;
import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.CPUArchitecture;
import software.amazon.awssdk.services.ecs.model.Compatibility;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.EFSAuthorizationConfigIAM;
import software.amazon.awssdk.services.ecs.model.EFSTransitEncryption;
import software.amazon.awssdk.services.ecs.model.NetworkMode;
import software.amazon.awssdk.services.ecs.model.OSFamily;
import software.amazon.awssdk.services.ecs.model.PidMode;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * A revision of a task definition. A change registers a new revision, and services then move to it.
 *
 * <p>ECS keeps deregistered revisions for ever, as INACTIVE: here they count as deleted.
 */
@Singleton
public final class TaskDefinitionKind implements Kind<TaskDefinitionKind.Spec> {
    private static final int REVISIONS_KEPT = 5;

    private final KindInfo<Spec> info = describe();

    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html">
     *     RegisterTaskDefinition</a>
     */
    public record Spec(
            @Doc("The name that all revisions share.") @PhysicalName(max = 255, also = "_") @Nullable
            String family,

            @Doc("The CPU of the task, as CPU units (256) or as 0.25 vCPU.") @Immutable @Nullable
            String cpu,

            @Doc("The memory of the task, as MiB (512) or as 0.5 GB.") @Immutable @Nullable
            String memory,

            @Doc("The network mode of the containers; Fargate accepts only awsvpc.") @Immutable @Nullable
            NetworkMode networkMode,

            @Doc("The processes that a container sees: task, those of all containers. Fargate accepts only task.")
            @Immutable
            @Nullable
            PidMode pidMode,

            @Doc("Whether ECS accepts requests for fault injection from the containers, for example by AWS FIS.")
            @Immutable
            @Nullable
            Boolean enableFaultInjection,

            @Doc("The launch types for which ECS validates the task definition.") @Immutable @Nullable
            Set<Compatibility> requiresCompatibilities,

            @Doc("The role with which ECS pulls the image, reads the secrets and writes the logs.")
            @Immutable
            @Ref(value = "Role", output = "arn")
            @EmptyIsNone
            @Nullable
            String executionRoleArn,

            @Doc("The role whose permissions the code in the containers has.")
            @Immutable
            @Ref(value = "Role", output = "arn")
            @EmptyIsNone
            @Nullable
            String taskRoleArn,

            @Doc("The operating system and the processor architecture.") @Immutable @Nullable
            RuntimePlatform runtimePlatform,

            @Doc("The storage of the task, which ECS deletes with the task.") @Immutable @Nullable
            EphemeralStorage ephemeralStorage,

            @Doc("Volumes that containers may mount.") @Immutable @Key("name") @Nullable
            List<Volume> volumes,

            @Doc("The containers.") @Immutable @Required @Key("name") @Nullable
            List<Container> containerDefinitions,

            @Doc("Tags.") @Slow("tags") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            cpu = TaskSize.cpu(cpu);
            memory = TaskSize.memory(memory);
            requiresCompatibilities = requiresCompatibilities == null ? null : Ecs.sorted(requiresCompatibilities);
            volumes = Values.of(volumes, all -> Ecs.sorted(all, Volume::name));
            boolean ownPorts = networkMode == NetworkMode.AWSVPC || networkMode == NetworkMode.HOST;
            containerDefinitions = containerDefinitions == null
                    ? null
                    : Ecs.sorted(containerDefinitions, Container::name).stream()
                            .map(container -> ownPorts ? container.portsOfHost() : container)
                            .toList();
        }
    }

    public record RuntimePlatform(
            @Doc("The processor architecture.") @Nullable CPUArchitecture cpuArchitecture,

            @Doc("The operating system: LINUX or a Windows Server edition.") @Nullable
            OSFamily operatingSystemFamily) {}

    public record EphemeralStorage(
            @Doc("The size in GiB: 21 to 200.") @Required @Range(min = 21, max = 200) @Nullable
            Integer sizeInGiB) {}

    public record Volume(
            @Doc("The name by which containers mount it.") @Required @Nullable
            String name,

            @Doc("The EFS file system. If it is absent, the volume is a directory that ECS deletes with the task.")
            @Nullable
            EfsVolumeConfiguration efsVolumeConfiguration) {}

    public record EfsVolumeConfiguration(
            @Doc("The id of the EFS file system.") @Required @Nullable
            String fileSystemId,

            @Doc("The directory in the file system; / if absent.") @Nullable
            String rootDirectory,

            @Doc("Whether the traffic to the file system is encrypted; DISABLED if absent.") @Nullable
            EFSTransitEncryption transitEncryption,

            @Doc("The port of the encrypted traffic.") Integer transitEncryptionPort,

            @Doc("How the task is authorized to use the file system.")
            EfsAuthorization authorizationConfig) {
        public EfsVolumeConfiguration {
            rootDirectory = "".equals(rootDirectory) ? "/" : Ecs.orElse(rootDirectory, "/");
            transitEncryption = Ecs.orElse(transitEncryption, EFSTransitEncryption.DISABLED);
        }
    }

    public record EfsAuthorization(
            @Doc("The id of the access point.") @EmptyIsNone String accessPointId,

            @Doc("Whether the task uses its role to mount the file system.")
            EFSAuthorizationConfigIAM iam) {}

    @Override
    public KindInfo<Spec> info() {
        return info;
    }

    private static KindInfo<Spec> describe() {
        String instances =
                "ECS rejects it for tasks on Fargate; Holdfast offers only Fargate's settings for container instances";
        String container = "containerDefinitions.";
        String seldom = "not offered yet; declare each port separately";
        return KindInfo.of("TaskDefinition", Spec.class, OwnershipForm.TAG)
                .description("The parts of a task: containers, their images, environment, secrets, logs, and roles.")
                .versioned(REVISIONS_KEPT)
                .output("arn", "The revision's ARN.")
                .output("family", "The name that all revisions share.")
                .output("revision", "The revision's number.")
                .output("images", "The image of each container by the container's name.")
                .page("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html")
                .leavesOut("placementConstraints", instances)
                .leavesOut("ipcMode", instances)
                .leavesOut("inferenceAccelerators", "AWS no longer accepts it")
                .leavesOut(
                        "proxyConfiguration", "its only type is APPMESH, and AWS ended App Mesh on 30 September 2026")
                .leavesOut(
                        "volumes.host, dockerVolumeConfiguration, fsxWindowsFileServerVolumeConfiguration", instances)
                .leavesOut(
                        "volumes.configuredAtLaunch",
                        "EBS volumes configured at launch are not offered yet, and neither in services")
                .leavesOut(container + "links, hostname, disableNetworking, extraHosts, dnsServers", instances)
                .leavesOut(container + "dnsSearchDomains, dockerSecurityOptions, privileged", instances)
                .leavesOut(container + "resourceRequirements", instances)
                .leavesOut(container + "portMappings.containerPortRange", seldom)
                .leavesOut(container + "linuxParameters.devices, sharedMemorySize, maxSwap, swappiness", instances)
                .permissions(Permissions.on("ecs:{region}:{account}:task-definition/*")
                        .lists("ecs:ListTaskDefinitions")
                        .reads("ecs:DescribeTaskDefinition")
                        .changesAnything("ecs:DeregisterTaskDefinition")
                        .creates("ecs:RegisterTaskDefinition")
                        .tags("ecs:TagResource", "ecs:UntagResource")
                        .passesRoles("ecs-tasks.amazonaws.com", "executionRoleArn", "taskRoleArn"))
                .build();
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        checkImages(spec, findings);
        checkNames(spec, findings);
        Set<Compatibility> compatibilities = spec.requiresCompatibilities();
        if (compatibilities == null || !compatibilities.contains(Compatibility.FARGATE)) {
            return;
        }
        if (!findings.declares(Spec::cpu) || !findings.declares(Spec::memory)) {
            findings.wrong(
                    Spec::requiresCompatibilities,
                    "a task on Fargate needs cpu and memory",
                    "add both, for example \"cpu\": \"256\", \"memory\": \"512\"");
        } else if (findings.known(Spec::cpu) && findings.known(Spec::memory)) {
            TaskSize.wrongOnFargate(spec.cpu(), spec.memory())
                    .ifPresent(wrong ->
                            findings.wrong(Spec::memory, wrong, "set cpu and memory to a pair that Fargate offers"));
        }
        if (spec.networkMode() != null && spec.networkMode() != NetworkMode.AWSVPC) {
            findings.wrong(
                    Spec::networkMode,
                    "Fargate accepts only awsvpc, found " + spec.networkMode(),
                    "set networkMode to awsvpc");
        }
    }

    /** The containers and volumes that a container refers to must exist in the task. */
    private static void checkNames(Spec spec, Findings<Spec> findings) {
        List<Container> containers = Ecs.orElse(spec.containerDefinitions(), List.<Container>of());
        Set<String> names = containers.stream().map(Container::name).collect(Collectors.toSet());
        Set<String> volumes = Ecs.orElse(spec.volumes(), List.<Volume>of()).stream()
                .map(Volume::name)
                .collect(Collectors.toSet());
        for (Container container : containers) {
            Ecs.orElse(container.dependsOn(), List.<Container.ContainerDependency>of()).stream()
                    .map(Container.ContainerDependency::containerName)
                    .filter(name -> !names.contains(name) || name.equals(container.name()))
                    .findFirst()
                    .ifPresent(name -> findings.wrong(
                            Spec::containerDefinitions,
                            container.name() + " depends on " + name + ", which is not another container of the task",
                            "set containerName to one of " + names));
            if (findings.known(Spec::volumes) || !findings.declares(Spec::volumes)) {
                Ecs.orElse(container.mountPoints(), List.<Container.MountPoint>of()).stream()
                        .map(Container.MountPoint::sourceVolume)
                        .filter(name -> !volumes.contains(name))
                        .findFirst()
                        .ifPresent(name -> findings.wrong(
                                Spec::containerDefinitions,
                                container.name() + " mounts " + name + ", which is not a volume of the task",
                                "add a volume of this name to volumes"));
            }
        }
    }

    private static void checkImages(Spec spec, Findings<Spec> findings) {
        for (Container container : Ecs.orElse(spec.containerDefinitions(), List.<Container>of())) {
            String image = container.image();
            if (container.imageResolution() == ImageResolution.Digest
                    && image != null
                    && !Unresolved.is(image)
                    && !ImageName.hasDigest(image)
                    && ImageName.parse(image) == null) {
                findings.wrong(
                        Spec::containerDefinitions,
                        "only a tag in ECR can be resolved to its digest, found " + image,
                        "remove imageResolution, or set image to a name with a digest");
            }
        }
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        return new RevisionReader(scope).observe();
    }

    static Known<Spec> known(Identity identity, TaskDefinition definition, Spec content) {
        return Known.of(identity, SpecModel.with(content, Spec::tags, identity.tags()))
                .output("arn", definition.taskDefinitionArn())
                .output("family", definition.family())
                .output("revision", definition.revision())
                .output("images", images(definition))
                .createdAt(definition.registeredAt());
    }

    /** The image of each container, by the container's name. */
    static Map<String, String> images(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .collect(Collectors.toMap(
                        ContainerDefinition::name, ContainerDefinition::image, (a, b) -> b, TreeMap::new));
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        var request = Wire.fill(RegisterTaskDefinitionRequest.builder(), desired.spec());
        Wire.tag(request, Ecs.sorted(desired.spec().tags()));
        return desired.client(EcsClient.class)
                .registerTaskDefinition(request.build())
                .taskDefinition()
                .taskDefinitionArn();
    }

    @Override
    public void update(Change<Spec> change) {
        Ecs.TAGGING.update(change.client(EcsClient.class), change);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(EcsClient.class).deregisterTaskDefinition(r -> r.taskDefinition(observed.physicalId()));
    }
}
