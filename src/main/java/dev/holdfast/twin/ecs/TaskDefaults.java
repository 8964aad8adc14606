package dev.holdfast.twin.ecs;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.*;

/** Checks a task definition before it is registered, and fills in the defaults. */
final class TaskDefaults {
    private static final Pattern FAMILY = Pattern.compile("[a-zA-Z0-9_-]{1,255}");
    private static final Pattern IN_UNITS = Pattern.compile("(\\d*\\.?\\d+)\\s*(vcpu|gb)");

    private TaskDefaults() {}

    /** Converts a text to CPU units or MiB: {@code .25 vCPU} to 256, {@code 1 GB} to 1024. */
    static @Nullable String size(@Nullable String text, String what) {
        if (text == null) {
            return null;
        }
        Matcher matcher = IN_UNITS.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (matcher.matches()) {
            return Integer.toString(new BigDecimal(matcher.group(1))
                    .multiply(BigDecimal.valueOf(1024))
                    .intValue());
        }
        if (!text.strip().matches("\\d{1,7}")) {
            throw EcsErrors.client("Invalid setting for " + what + ".");
        }
        return text.strip();
    }

    static boolean fargate(RegisterTaskDefinitionRequest r) {
        return r.requiresCompatibilities().contains(Compatibility.FARGATE);
    }

    static void check(RegisterTaskDefinitionRequest r) {
        if (r.family() == null || !FAMILY.matcher(r.family()).matches()) {
            throw EcsErrors.client("Family contains invalid characters.");
        }
        if (r.containerDefinitions().isEmpty()) {
            throw EcsErrors.client("Container list cannot be empty.");
        }
        Set<String> names = new HashSet<>();
        for (ContainerDefinition c : r.containerDefinitions()) {
            if (c.name() == null || !names.add(c.name())) {
                throw EcsErrors.client("Container.name contains invalid characters.");
            }
            if (c.image() == null || c.image().isBlank()) {
                throw EcsErrors.client("Container.image should not be null or empty.");
            }
        }
        if (r.containerDefinitions().stream().allMatch(c -> Boolean.FALSE.equals(c.essential()))) {
            throw EcsErrors.client("A Task definition must have at least one essential container.");
        }
        if (r.networkMode() == NetworkMode.AWSVPC && clashes(r)) {
            throw EcsErrors.client(
                    "When networkMode=awsvpc, the host ports and container ports in port mappings must match.");
        }
        if (fargate(r)) {
            checkFargate(r);
        }
    }

    private static boolean clashes(RegisterTaskDefinitionRequest r) {
        return r.containerDefinitions().stream()
                .flatMap(c -> c.portMappings().stream())
                .anyMatch(p -> p.hostPort() != null
                        && p.hostPort() != 0
                        && !p.hostPort().equals(p.containerPort()));
    }

    private static void checkFargate(RegisterTaskDefinitionRequest r) {
        if (r.networkMode() != NetworkMode.AWSVPC) {
            throw EcsErrors.client("Fargate only supports network mode 'awsvpc'.");
        }
        String cpu = size(r.cpu(), "cpu");
        String memory = size(r.memory(), "memory");
        if (cpu == null) {
            throw EcsErrors.client("Fargate requires that 'cpu' be defined at the task level.");
        }
        if (memory == null) {
            throw EcsErrors.client("Fargate requires that 'memory' be defined at the task level.");
        }
        if (!FargateSizes.exists(Integer.parseInt(cpu), Integer.parseInt(memory))) {
            throw EcsErrors.client(
                    "No Fargate configuration exists for given values: " + cpu + " CPU, " + memory + " memory.");
        }
        if (r.executionRoleArn() == null) {
            checkNoRoleNeeded(r);
        }
    }

    private static void checkNoRoleNeeded(RegisterTaskDefinitionRequest r) {
        for (ContainerDefinition c : r.containerDefinitions()) {
            LogConfiguration logs = c.logConfiguration();
            if (logs != null && logs.logDriver() == LogDriver.AWSLOGS) {
                throw EcsErrors.client(
                        "Fargate requires task definition to have execution role ARN to support log driver awslogs.");
            }
            if (c.image().contains(".dkr.ecr.")) {
                throw EcsErrors.client(
                        "Fargate requires task definition to have execution role ARN to support ECR images.");
            }
            if (!c.secrets().isEmpty()) {
                throw EcsErrors.client("When you are specifying container secrets, you must also specify a value for"
                        + " 'executionRoleArn'.");
            }
        }
    }

    static ContainerDefinition filled(ContainerDefinition c, @Nullable NetworkMode mode) {
        boolean hostPorts = mode == NetworkMode.AWSVPC || mode == NetworkMode.HOST;
        return c.toBuilder()
                .cpu(c.cpu() == null ? 0 : c.cpu())
                .essential(c.essential() == null || c.essential())
                .portMappings(
                        c.portMappings().stream().map(p -> filled(p, hostPorts)).toList())
                // ECS returns a list that is set and empty, but omits a list that only the SDK created.
                .environment(List.copyOf(c.environment()))
                .mountPoints(List.copyOf(c.mountPoints()))
                .volumesFrom(List.copyOf(c.volumesFrom()))
                .systemControls(List.copyOf(c.systemControls()))
                .healthCheck(filled(c.healthCheck()))
                .logConfiguration(filled(c.logConfiguration()))
                .build();
    }

    private static PortMapping filled(PortMapping p, boolean hostPorts) {
        Integer host = p.hostPort() == null || p.hostPort() == 0 ? null : p.hostPort();
        return p.toBuilder()
                .hostPort(host != null ? host : hostPorts ? p.containerPort() : Integer.valueOf(0))
                .protocol(p.protocol() == null ? TransportProtocol.TCP : p.protocol())
                .build();
    }

    private static @Nullable HealthCheck filled(@Nullable HealthCheck check) {
        return check == null
                ? null
                : check.toBuilder()
                        .interval(check.interval() == null ? 30 : check.interval())
                        .timeout(check.timeout() == null ? 5 : check.timeout())
                        .retries(check.retries() == null ? 3 : check.retries())
                        .build();
    }

    private static @Nullable LogConfiguration filled(@Nullable LogConfiguration logs) {
        return logs == null
                ? null
                : logs.toBuilder()
                        .options(Map.copyOf(logs.options()))
                        .secretOptions(logs.hasSecretOptions() ? List.copyOf(logs.secretOptions()) : null)
                        .build();
    }
}
