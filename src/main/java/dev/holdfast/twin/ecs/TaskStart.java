package dev.holdfast.twin.ecs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.twin.iam.TwinIam;
import dev.holdfast.twin.logs.TwinLogs;
import dev.holdfast.twin.secrets.TwinSecrets;
import dev.holdfast.twin.store.TwinContext;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.model.*;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

/**
 * Finds the reason why a task fails to start: a role that it cannot assume, a resource that its execution role cannot
 * reach, or an image that does not exist.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html">Stopped task
 *     errors</a>
 */
final class TaskStart {
    private static final String TASKS = "ecs-tasks.amazonaws.com";

    /** The groups match host, registry, region and repository. */
    private static final Pattern ECR =
            Pattern.compile("((\\d{12})\\.dkr\\.ecr\\.([a-z0-9-]+)\\.amazonaws\\.com)/([^:@]+)(?:[:@].*)?");

    private static final List<String> PULL = List.of("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final TwinContext context;

    TaskStart(TwinContext context) {
        this.context = context;
    }

    /**
     * @param reason the reason in AWS's words
     * @param launched whether a task existed and then stopped
     */
    record Failure(String reason, boolean launched) {}

    Optional<Failure> failure(TaskDefinition definition) {
        return role(definition.executionRoleArn())
                .or(() -> role(definition.taskRoleArn()))
                .map(r -> new Failure(r, false))
                .or(() -> definition.containerDefinitions().stream()
                        .flatMap(c -> failure(c, definition.executionRoleArn()).stream())
                        .map(r -> new Failure(r, true))
                        .findFirst());
    }

    private Optional<String> role(@Nullable String arn) {
        if (arn == null) {
            return Optional.empty();
        }
        TwinIam.RoleView role = context.peer(TwinIam.class).role(arn);
        return role != null && role.assumableBy(TASKS)
                ? Optional.empty()
                : Optional.of("ECS was unable to assume the role '" + arn
                        + "' that was provided for this task. Please verify that the role being passed has the proper"
                        + " trust relationship and permissions and that your IAM user has permissions to pass this"
                        + " role.");
    }

    private Optional<String> failure(ContainerDefinition container, @Nullable String role) {
        LogConfiguration logs = container.logConfiguration();
        return Stream.concat(container.secrets().stream(), logs == null ? Stream.of() : logs.secretOptions().stream())
                .flatMap(s -> secret(s.valueFrom(), role).stream())
                .findFirst()
                .or(() -> registry(container, role))
                .or(() -> logs(container, role))
                .or(() -> pull(container.image(), role))
                .or(() -> image(container));
    }

    /** The twin assumes that parameters of Parameter Store exist. */
    private Optional<String> secret(String valueFrom, @Nullable String role) {
        if (!valueFrom.contains(":secretsmanager:")) {
            return Optional.empty();
        }
        // The JSON key, the stage and the version follow the ARN, which has seven parts.
        String[] parts = valueFrom.split(":");
        String arn = String.join(":", Arrays.copyOf(parts, Math.min(parts.length, 7)));
        String unable =
                "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval"
                        + " failed: unable to retrieve secret from asm: service call has been retried 1 time(s): ";
        String fetching = unable + "failed to fetch secret " + arn + " from secrets manager: ";
        GetSecretValueResponse value;
        try {
            value = context.peer(TwinSecrets.class)
                    .getSecretValue(GetSecretValueRequest.builder()
                            .secretId(arn)
                            .versionStage(part(parts, 8))
                            .versionId(part(parts, 9))
                            .build());
        } catch (SecretsManagerException e) {
            return Optional.of(fetching + e.awsErrorDetails().errorCode() + ": "
                    + e.awsErrorDetails().errorMessage());
        }
        String key = part(parts, 7);
        return denied(role, "secretsmanager:GetSecretValue", arn)
                .map(d -> fetching + d)
                .or(() -> key == null
                        ? Optional.empty()
                        : member(value.secretString(), key).map(m -> unable + m));
    }

    private static @Nullable String part(String[] parts, int index) {
        return index < parts.length && !parts[index].isEmpty() ? parts[index] : null;
    }

    /**
     * The reason why a member of a secret's JSON cannot be injected; empty if it can.
     *
     * @see <a href="https://github.com/rileydakota/valheim-ecs-fargate-cdk/issues/9">the error for a secret that is not
     *     JSON</a>
     */
    private static Optional<String> member(@Nullable String text, String key) {
        try {
            return text != null && JSON.readTree(text).has(key)
                    ? Optional.empty()
                    : Optional.of("retrieved secret from Secrets Manager did not contain json key " + key);
        } catch (JsonProcessingException e) {
            return Optional.of("invalid character looking for beginning of value");
        }
    }

    private Optional<String> registry(ContainerDefinition container, @Nullable String role) {
        return container.image().contains(".dkr.ecr.")
                ? denied(role, "ecr:GetAuthorizationToken", "*")
                        .map(d -> "ResourceInitializationError: unable to pull secrets or registry auth: execution"
                                + " resource retrieval failed: unable to retrieve ecr registry auth: service call"
                                + " has been retried 1 time(s): " + d)
                : Optional.empty();
    }

    /**
     * The registry accepts every caller with a token. A pull of an image needs permissions on the image's repository.
     *
     * @see <a href="https://github.com/aws/aws-cdk/issues/29876">the text of the error</a>
     */
    private Optional<String> pull(String image, @Nullable String role) {
        Matcher ecr = ECR.matcher(image);
        if (!ecr.matches()) {
            return Optional.empty();
        }
        String repository = "arn:aws:ecr:" + ecr.group(3) + ":" + ecr.group(2) + ":repository/" + ecr.group(4);
        boolean allowed =
                PULL.stream().allMatch(action -> context.peer(TwinIam.class).allows(role, action, repository));
        return allowed
                ? Optional.empty()
                : Optional.of("CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to"
                        + " resolve ref " + image + ": pulling from host " + ecr.group(1)
                        + " failed with status code [manifests " + image.substring(image.lastIndexOf(':') + 1)
                        + "]: 403 Forbidden");
    }

    private Optional<String> logs(ContainerDefinition container, @Nullable String role) {
        LogConfiguration logs = container.logConfiguration();
        if (logs == null || logs.logDriver() != LogDriver.AWSLOGS) {
            return Optional.empty();
        }
        String group = logs.options().get("awslogs-group");
        boolean makesIt = "true".equals(logs.options().get("awslogs-create-group"));
        if (group == null || (!makesIt && !context.peer(TwinLogs.class).exists(group))) {
            return Optional.of(
                    "ResourceInitializationError: failed to validate logger args: create stream has been retried 1"
                            + " times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified"
                            + " log group does not exist.: exit status 1");
        }
        return denied(role, "logs:CreateLogStream", context.arn("logs", "log-group:" + group + ":log-stream:*"))
                .map(d ->
                        "ResourceInitializationError: failed to validate logger args: create stream has been retried 1"
                                + " times: failed to create Cloudwatch log stream: " + d);
    }

    private Optional<String> denied(@Nullable String role, String action, String resource) {
        return context.peer(TwinIam.class).allows(role, action, resource)
                ? Optional.empty()
                : Optional.of("AccessDeniedException: User: " + role + " is not authorized to perform: " + action
                        + " on resource: " + resource);
    }

    /** The twin cannot pull an image whose name contains "does-not-exist" or whose tag is "bad". */
    private static Optional<String> image(ContainerDefinition container) {
        String image = container.image();
        return image.contains("does-not-exist") || image.endsWith(":bad")
                ? Optional.of(
                        "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve"
                                + " ref "
                                + image + ": " + image + ": not found")
                : Optional.empty();
    }

    /** An image with the tag "unhealthy" starts and never passes a health check. */
    static boolean neverHealthy(TaskDefinition definition) {
        return definition.containerDefinitions().stream()
                .anyMatch(c -> c.image().endsWith(":unhealthy"));
    }
}
