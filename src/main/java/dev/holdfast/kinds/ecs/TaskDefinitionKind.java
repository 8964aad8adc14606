package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.ImageName;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.ImageResolution;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Key;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.PhysicalName;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Unresolved;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/**
 * A revision of a task definition. A changed one is registered beside the old one, which services then leave.
 *
 * <p>AWS keeps deregistered revisions for good, as INACTIVE: they are absent here.
 */
@Singleton
public final class TaskDefinitionKind implements Kind<TaskDefinitionKind.Spec> {
    private static final int REVISIONS_KEPT = 5;

    /**
     * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html">
     *     RegisterTaskDefinition</a>
     */
    public record Spec(
            @Doc("The name that all revisions share.") @PhysicalName(max = 255, also = "_") @Nullable
            String family,

            @Doc("CPU of the task: 256 or 0.25 vCPU.") @Immutable @Nullable
            String cpu,

            @Doc("Memory of the task: 512 (MiB) or 0.5 GB.") @Immutable @Nullable
            String memory,

            @Doc("How containers are on the network; Fargate takes awsvpc only.") @Immutable @Nullable
            NetworkMode networkMode,

            @Doc("What it must be able to run on.") @Immutable @Nullable
            Set<Compatibility> requiresCompatibilities,

            @Doc("The role with which ECS pulls the image, reads the secrets and writes the logs.")
            @Immutable
            @Ref(value = "Role", output = "arn")
            @Nullable
            String executionRoleArn,

            @Doc("The role of the code in the containers.") @Immutable @Ref(value = "Role", output = "arn") @Nullable
            String taskRoleArn,

            @Doc("Operating system and processor.") @Immutable @Nullable
            RuntimePlatform runtimePlatform,

            @Doc("Storage that goes with the task.") @Immutable @Nullable
            EphemeralStorage ephemeralStorage,

            @Doc("Volumes that containers may mount.") @Immutable @Key("name") @Nullable
            List<Volume> volumes,

            @Doc("The containers.") @Immutable @Required @Key("name") @Nullable
            List<Container> containerDefinitions,

            @Doc("Tags.") @Slow("status") @TagMap @Nullable Map<String, String> tags) {
        public Spec {
            cpu = TaskSize.cpu(cpu);
            memory = TaskSize.memory(memory);
            requiresCompatibilities = requiresCompatibilities == null
                    ? null
                    : java.util.Collections.unmodifiableSet(new TreeSet<>(requiresCompatibilities));
            volumes = volumes == null ? null : Ecs.sorted(volumes, Volume::name);
            boolean ownPorts = networkMode == NetworkMode.awsvpc || networkMode == NetworkMode.host;
            containerDefinitions = containerDefinitions == null
                    ? null
                    : Ecs.sorted(
                            ownPorts
                                    ? containerDefinitions.stream()
                                            .map(Container::portsOfHost)
                                            .toList()
                                    : containerDefinitions,
                            Container::name);
        }
    }

    public enum NetworkMode {
        awsvpc,
        bridge,
        host,
        none
    }

    public enum Compatibility {
        FARGATE,
        EC2,
        EXTERNAL
    }

    public record RuntimePlatform(
            @Doc("Processor.") @Nullable CpuArchitecture cpuArchitecture,

            @Doc("LINUX or a Windows Server edition.") @Nullable
            String operatingSystemFamily) {}

    public enum CpuArchitecture {
        X86_64,
        ARM64
    }

    public record EphemeralStorage(
            @Doc("Its size in GiB: 21 to 200.") @Required @Range(min = 21, max = 200) @Nullable
            Integer sizeInGiB) {}

    public record Volume(
            @Doc("The name by which containers mount it.") @Required @Nullable
            String name,

            @Doc("Of an EFS file system; without it, a directory that lives as long as the task.") @Nullable
            EfsVolumeConfiguration efsVolumeConfiguration) {}

    public record EfsVolumeConfiguration(
            @Doc("The file system.") @Required @Nullable String fileSystemId,

            @Doc("Directory in it; / if it is not said.") @Nullable
            String rootDirectory,

            @Doc("Whether the traffic to it is encrypted; DISABLED if it is not said.") @Nullable
            TransitEncryption transitEncryption) {
        public EfsVolumeConfiguration {
            rootDirectory = rootDirectory == null ? "/" : rootDirectory;
            transitEncryption = transitEncryption == null ? TransitEncryption.DISABLED : transitEncryption;
        }
    }

    public enum TransitEncryption {
        ENABLED,
        DISABLED
    }

    @Override
    public KindInfo<Spec> info() {
        String instances = "for container instances; Fargate has none";
        String container = "containerDefinitions.";
        String seldom = "nothing here needs it yet";
        return KindInfo.of("TaskDefinition", Spec.class, OwnershipForm.TAG)
                .description(
                        "What a task consists of: containers, their images, environment, secrets, logs, and roles.")
                .versioned(REVISIONS_KEPT)
                .output("arn", "The revision's ARN.")
                .output("family", "The name that all revisions share.")
                .output("revision", "The revision's number.")
                .output("images", "The image of each container by the container's name.")
                .page("https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html")
                .leavesOut("placementConstraints", instances)
                .leavesOut("pidMode", instances)
                .leavesOut("ipcMode", instances)
                .leavesOut("inferenceAccelerators", "no longer taken by AWS")
                .leavesOut("proxyConfiguration", "App Mesh ends in 2026")
                .leavesOut("enableFaultInjection", "faults are no desired state")
                .leavesOut(
                        "volumes.host, dockerVolumeConfiguration, fsxWindowsFileServerVolumeConfiguration", instances)
                .leavesOut("volumes.configuredAtLaunch", "tasks keep nothing on volumes of their own")
                .leavesOut("volumes.efsVolumeConfiguration.transitEncryptionPort, authorizationConfig", seldom)
                .leavesOut(container + "links, hostname, disableNetworking, extraHosts, dnsServers", instances)
                .leavesOut(container + "dnsSearchDomains, dockerSecurityOptions, privileged, volumesFrom", instances)
                .leavesOut(container + "credentialSpecs, resourceRequirements, systemControls", instances)
                .leavesOut(container + "interactive, pseudoTerminal", "services have no terminal")
                .leavesOut(container + "environmentFiles", "what is in them is no desired state that a diff can show")
                .leavesOut(container + "repositoryCredentials, restartPolicy, versionConsistency", seldom)
                .leavesOut(container + "portMappings.containerPortRange", seldom)
                .leavesOut(
                        container + "linuxParameters.devices, tmpfs, sharedMemorySize, maxSwap, swappiness", instances)
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
        Set<Compatibility> compatibilities = spec.requiresCompatibilities();
        if (compatibilities == null || !compatibilities.contains(Compatibility.FARGATE)) {
            return;
        }
        if (!findings.declares(Spec::cpu) || !findings.declares(Spec::memory)) {
            findings.wrong(
                    Spec::requiresCompatibilities,
                    "on Fargate a task has to say cpu and memory",
                    "add them, as in \"cpu\": \"256\", \"memory\": \"512\"");
        } else if (findings.known(Spec::cpu) && findings.known(Spec::memory)) {
            TaskSize.wrongOnFargate(spec.cpu(), spec.memory())
                    .ifPresent(wrong -> findings.wrong(Spec::memory, wrong, "choose a pair that Fargate has"));
        }
        if (spec.networkMode() != null && spec.networkMode() != NetworkMode.awsvpc) {
            findings.wrong(Spec::networkMode, "Fargate takes awsvpc only, found " + spec.networkMode(), "use awsvpc");
        }
    }

    private static void checkImages(Spec spec, Findings<Spec> findings) {
        for (Container container : Ecs.list(spec.containerDefinitions())) {
            String image = container.image();
            if (container.imageResolution() == ImageResolution.Digest
                    && image != null
                    && !Unresolved.is(image)
                    && !ImageName.hasDigest(image)
                    && ImageName.parse(image) == null) {
                findings.wrong(
                        Spec::containerDefinitions,
                        "only a tag in ECR can be resolved to its digest, found " + image,
                        "leave out imageResolution, or write the digest");
            }
        }
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        return new Revisions(scope).observe();
    }

    /** All but the tags: what a revision is never changes. */
    static Spec spec(TaskDefinition t) {
        return new Spec(
                t.family(),
                t.cpu(),
                t.memory(),
                Ecs.parse(NetworkMode.class, t.networkModeAsString()),
                compatibilities(t),
                t.executionRoleArn(),
                t.taskRoleArn(),
                t.runtimePlatform() == null
                        ? null
                        : new RuntimePlatform(
                                Ecs.parse(
                                        CpuArchitecture.class,
                                        t.runtimePlatform().cpuArchitectureAsString()),
                                t.runtimePlatform().operatingSystemFamilyAsString()),
                t.ephemeralStorage() == null
                        ? null
                        : new EphemeralStorage(t.ephemeralStorage().sizeInGiB()),
                t.volumes().stream().map(TaskDefinitionKind::volume).toList(),
                t.containerDefinitions().stream().map(Containers::from).toList(),
                null);
    }

    private static Set<Compatibility> compatibilities(TaskDefinition t) {
        Set<Compatibility> all = new TreeSet<>();
        for (String name : t.requiresCompatibilitiesAsStrings()) {
            Compatibility known = Ecs.parse(Compatibility.class, name);
            if (known != null) {
                all.add(known);
            }
        }
        return all;
    }

    private static Volume volume(software.amazon.awssdk.services.ecs.model.Volume v) {
        var efs = v.efsVolumeConfiguration();
        return new Volume(
                v.name(),
                efs == null
                        ? null
                        : new EfsVolumeConfiguration(
                                efs.fileSystemId(),
                                efs.rootDirectory(),
                                Ecs.parse(TransitEncryption.class, efs.transitEncryptionAsString())));
    }

    static Known<Spec> known(Identity identity, TaskDefinition content, Spec spec, Map<String, String> tags) {
        Spec whole = new Spec(
                spec.family(),
                spec.cpu(),
                spec.memory(),
                spec.networkMode(),
                spec.requiresCompatibilities(),
                spec.executionRoleArn(),
                spec.taskRoleArn(),
                spec.runtimePlatform(),
                spec.ephemeralStorage(),
                spec.volumes(),
                spec.containerDefinitions(),
                tags);
        return Known.of(identity, whole)
                .output("arn", content.taskDefinitionArn())
                .output("family", content.family())
                .output("revision", content.revision())
                .output("images", Containers.images(content))
                .createdAt(content.registeredAt());
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        RuntimePlatform platform = spec.runtimePlatform();
        EphemeralStorage storage = spec.ephemeralStorage();
        return desired.client(EcsClient.class)
                .registerTaskDefinition(r -> r.family(spec.family())
                        .cpu(spec.cpu())
                        .memory(spec.memory())
                        .networkMode(Ecs.wire(spec.networkMode()))
                        .requiresCompatibilitiesWithStrings(
                                spec.requiresCompatibilities() == null
                                        ? null
                                        : spec.requiresCompatibilities().stream()
                                                .map(Enum::name)
                                                .toList())
                        .executionRoleArn(spec.executionRoleArn())
                        .taskRoleArn(spec.taskRoleArn())
                        .runtimePlatform(
                                platform == null
                                        ? null
                                        : software.amazon.awssdk.services.ecs.model.RuntimePlatform.builder()
                                                .cpuArchitecture(Ecs.wire(platform.cpuArchitecture()))
                                                .operatingSystemFamily(platform.operatingSystemFamily())
                                                .build())
                        .ephemeralStorage(
                                storage == null
                                        ? null
                                        : software.amazon.awssdk.services.ecs.model.EphemeralStorage.builder()
                                                .sizeInGiB(storage.sizeInGiB())
                                                .build())
                        .volumes(Ecs.list(spec.volumes()).stream()
                                .map(TaskDefinitionKind::sdk)
                                .toList())
                        .containerDefinitions(Ecs.list(spec.containerDefinitions()).stream()
                                .map(Containers::sdk)
                                .toList())
                        .tags(Ecs.tags(spec.tags())))
                .taskDefinition()
                .taskDefinitionArn();
    }

    private static software.amazon.awssdk.services.ecs.model.Volume sdk(Volume volume) {
        var b = software.amazon.awssdk.services.ecs.model.Volume.builder().name(volume.name());
        EfsVolumeConfiguration efs = volume.efsVolumeConfiguration();
        if (efs != null) {
            b.efsVolumeConfiguration(e -> e.fileSystemId(efs.fileSystemId())
                    .rootDirectory(efs.rootDirectory())
                    .transitEncryption(Ecs.wire(efs.transitEncryption())));
        }
        return b.build();
    }

    @Override
    public void update(Change<Spec> change) {
        Ecs.updateTags(change.client(EcsClient.class), change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(EcsClient.class).deregisterTaskDefinition(r -> r.taskDefinition(observed.physicalId()));
    }
}
