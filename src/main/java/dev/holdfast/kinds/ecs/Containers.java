package dev.holdfast.kinds.ecs;

import dev.holdfast.kinds.ecs.Container.Capabilities;
import dev.holdfast.kinds.ecs.Container.Condition;
import dev.holdfast.kinds.ecs.Container.Dependency;
import dev.holdfast.kinds.ecs.Container.FirelensConfiguration;
import dev.holdfast.kinds.ecs.Container.HealthCheck;
import dev.holdfast.kinds.ecs.Container.LinuxParameters;
import dev.holdfast.kinds.ecs.Container.LogConfiguration;
import dev.holdfast.kinds.ecs.Container.LogDriver;
import dev.holdfast.kinds.ecs.Container.MountPoint;
import dev.holdfast.kinds.ecs.Container.PortMapping;
import dev.holdfast.kinds.ecs.Container.Protocol;
import dev.holdfast.kinds.ecs.Container.SecretVariable;
import dev.holdfast.kinds.ecs.Container.Ulimit;
import dev.holdfast.kinds.ecs.Container.Variable;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.Secret;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;

/** Between a container's spec and the SDK's. What the spec has empty is not sent. */
final class Containers {
    private Containers() {}

    /** By the containers' names. */
    static Map<String, String> images(TaskDefinition definition) {
        Map<String, String> images = new TreeMap<>();
        definition.containerDefinitions().forEach(c -> images.put(c.name(), c.image()));
        return images;
    }

    static Container from(ContainerDefinition c) {
        return new Container(
                c.name(),
                c.image(),
                null,
                c.essential(),
                c.cpu(),
                c.memory(),
                c.memoryReservation(),
                c.portMappings().stream()
                        .map(p -> new PortMapping(
                                p.containerPort(),
                                p.hostPort(),
                                Ecs.parse(Protocol.class, p.protocolAsString()),
                                p.name(),
                                p.appProtocolAsString()))
                        .toList(),
                c.environment().stream()
                        .map(e -> new Variable(e.name(), e.value()))
                        .toList(),
                secrets(c.secrets()),
                logs(c.logConfiguration()),
                health(c.healthCheck()),
                c.command(),
                c.entryPoint(),
                c.dependsOn().stream()
                        .map(d -> new Dependency(d.containerName(), Ecs.parse(Condition.class, d.conditionAsString())))
                        .toList(),
                c.user(),
                c.workingDirectory(),
                c.readonlyRootFilesystem(),
                linux(c.linuxParameters()),
                c.startTimeout(),
                c.stopTimeout(),
                c.ulimits().stream()
                        .map(u -> new Ulimit(u.nameAsString(), u.softLimit(), u.hardLimit()))
                        .toList(),
                c.dockerLabels(),
                c.mountPoints().stream()
                        .map(m -> new MountPoint(m.sourceVolume(), m.containerPath(), m.readOnly()))
                        .toList(),
                c.firelensConfiguration() == null
                        ? null
                        : new FirelensConfiguration(
                                c.firelensConfiguration().typeAsString(),
                                c.firelensConfiguration().options()));
    }

    private static List<SecretVariable> secrets(List<Secret> secrets) {
        return secrets.stream()
                .map(s -> new SecretVariable(s.name(), s.valueFrom()))
                .toList();
    }

    private static @Nullable LogConfiguration logs(
            software.amazon.awssdk.services.ecs.model.@Nullable LogConfiguration logs) {
        return logs == null
                ? null
                : new LogConfiguration(
                        Ecs.parse(LogDriver.class, logs.logDriverAsString()),
                        logs.options(),
                        secrets(logs.secretOptions()));
    }

    private static @Nullable HealthCheck health(software.amazon.awssdk.services.ecs.model.@Nullable HealthCheck check) {
        return check == null
                ? null
                : new HealthCheck(
                        check.command(), check.interval(), check.timeout(), check.retries(), check.startPeriod());
    }

    private static @Nullable LinuxParameters linux(
            software.amazon.awssdk.services.ecs.model.@Nullable LinuxParameters linux) {
        if (linux == null) {
            return null;
        }
        var capabilities = linux.capabilities();
        return new LinuxParameters(
                linux.initProcessEnabled(),
                capabilities == null
                        ? null
                        : new Capabilities(Ecs.set(capabilities.add()), Ecs.set(capabilities.drop())));
    }

    static ContainerDefinition sdk(Container c) {
        ContainerDefinition.Builder b = ContainerDefinition.builder()
                .name(c.name())
                .image(c.image())
                .essential(c.essential())
                .cpu(c.cpu())
                .memory(Ecs.orNull(c.memory()))
                .memoryReservation(Ecs.orNull(c.memoryReservation()))
                .command(Ecs.list(c.command()))
                .entryPoint(Ecs.list(c.entryPoint()))
                .user(Ecs.orNull(c.user()))
                .workingDirectory(Ecs.orNull(c.workingDirectory()))
                .startTimeout(Ecs.orNull(c.startTimeout()))
                .stopTimeout(Ecs.orNull(c.stopTimeout()))
                .secrets(sdkSecrets(Ecs.list(c.secrets())))
                .environment(Ecs.list(c.environment()).stream()
                        .map(e -> software.amazon.awssdk.services.ecs.model.KeyValuePair.builder()
                                .name(e.name())
                                .value(e.value())
                                .build())
                        .toList())
                .portMappings(
                        Ecs.list(c.portMappings()).stream().map(Containers::sdk).toList())
                .dependsOn(Ecs.list(c.dependsOn()).stream()
                        .map(d -> software.amazon.awssdk.services.ecs.model.ContainerDependency.builder()
                                .containerName(d.containerName())
                                .condition(Ecs.wire(d.condition()))
                                .build())
                        .toList());
        if (Boolean.TRUE.equals(c.readonlyRootFilesystem())) {
            b.readonlyRootFilesystem(true);
        }
        system(c, b);
        return b.build();
    }

    private static void system(Container c, ContainerDefinition.Builder b) {
        b.ulimits(Ecs.list(c.ulimits()).stream()
                        .map(u -> software.amazon.awssdk.services.ecs.model.Ulimit.builder()
                                .name(u.name())
                                .softLimit(u.softLimit())
                                .hardLimit(u.hardLimit())
                                .build())
                        .toList())
                .mountPoints(Ecs.list(c.mountPoints()).stream()
                        .map(m -> software.amazon.awssdk.services.ecs.model.MountPoint.builder()
                                .sourceVolume(m.sourceVolume())
                                .containerPath(m.containerPath())
                                .readOnly(m.readOnly())
                                .build())
                        .toList());
        if (!Ecs.map(c.dockerLabels()).isEmpty()) {
            b.dockerLabels(c.dockerLabels());
        }
        LogConfiguration logs = c.logConfiguration();
        if (logs != null && logs.logDriver() != null) {
            b.logConfiguration(l -> l.logDriver(Ecs.wire(logs.logDriver()))
                    .options(logs.options())
                    .secretOptions(sdkSecrets(Ecs.list(logs.secretOptions()))));
        }
        HealthCheck check = c.healthCheck();
        if (check != null && !Ecs.list(check.command()).isEmpty()) {
            b.healthCheck(h -> h.command(check.command())
                    .interval(check.interval())
                    .timeout(check.timeout())
                    .retries(check.retries())
                    .startPeriod(Ecs.orNull(check.startPeriod())));
        }
        LinuxParameters linux = c.linuxParameters();
        if (linux != null && !linux.equals(new LinuxParameters(null, null))) {
            Capabilities capabilities = linux.capabilities();
            b.linuxParameters(l -> l.initProcessEnabled(linux.initProcessEnabled())
                    .capabilities(k -> k.add(
                                    capabilities == null ? List.of() : List.copyOf(Ecs.set(capabilities.add())))
                            .drop(capabilities == null ? List.of() : List.copyOf(Ecs.set(capabilities.drop())))));
        }
        FirelensConfiguration firelens = c.firelensConfiguration();
        if (firelens != null && Ecs.orNull(firelens.type()) != null) {
            b.firelensConfiguration(f -> f.type(firelens.type()).options(firelens.options()));
        }
    }

    private static software.amazon.awssdk.services.ecs.model.PortMapping sdk(PortMapping p) {
        return software.amazon.awssdk.services.ecs.model.PortMapping.builder()
                .containerPort(p.containerPort())
                .hostPort(Ecs.orNull(p.hostPort()))
                .protocol(Ecs.wire(p.protocol()))
                .name(Ecs.orNull(p.name()))
                .appProtocol(Ecs.orNull(p.appProtocol()))
                .build();
    }

    private static List<Secret> sdkSecrets(List<SecretVariable> secrets) {
        return secrets.stream()
                .map(s ->
                        Secret.builder().name(s.name()).valueFrom(s.valueFrom()).build())
                .toList();
    }
}
