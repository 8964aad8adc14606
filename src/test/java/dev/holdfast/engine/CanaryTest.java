package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.holdfast.api.Json;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.TaskDefinition;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** No secret is in anything that the operator says or keeps. */
class CanaryTest {
    private static final String CANARY = "c4n4ry-5e7-e15ewh3re";
    private static final String ENVIRONMENT = "c4n4ry-env-b3h1nd";

    @Test
    void noCanaryIsInAnythingSaidOrKept() throws Exception {
        try (World world = new World()) {
            world.desireDirectory(Path.of("desired-state"), "dev").converged();
            SecretsManagerClient secrets = world.somebody(SecretsManagerClient.class);
            String secret = world.view().resources().values().stream()
                    .filter(r -> r.id().kind().equals("Secret"))
                    .findFirst()
                    .orElseThrow()
                    .physicalId();
            String generated = secrets.getSecretValue(r -> r.secretId(secret)).secretString();
            assertThat(generated).hasSizeGreaterThan(10);

            secrets.putSecretValue(r -> r.secretId(secret).secretString(CANARY));
            behindOurBack(world);
            world.pass();
            world.converged();

            StringBuilder said = new StringBuilder(world.store.text()).append(world.events);
            ObjectMapper json = new ObjectMapper().registerModule(new JavaTimeModule());
            said.append(world.view());
            said.append(json.writeValueAsString(Json.stack(world.view())));
            said.append(json.writeValueAsString(Json.plan(world.view())));
            said.append(json.writeValueAsString(Json.drift(world.view())));
            for (ResourceView view : world.view().resources().values()) {
                said.append(json.writeValueAsString(Json.resource(view)));
            }
            assertThat(said.toString()).doesNotContain(CANARY, ENVIRONMENT, generated);
            assertThat(world.twin.log().counts(c -> c.operation().equals("secretsmanager:GetSecretValue")))
                    .isEmpty();
        }
    }

    /** A revision registered at the console, with our tags on it, and an environment value that nobody may see. */
    private static void behindOurBack(World world) {
        EcsClient ecs = world.somebody(EcsClient.class);
        ResourceView view = world.view().resources().values().stream()
                .filter(r -> r.id().kind().equals("TaskDefinition"))
                .findFirst()
                .orElseThrow();
        String arn = String.valueOf(view.physicalId());
        TaskDefinition ours =
                ecs.describeTaskDefinition(r -> r.taskDefinition(arn)).taskDefinition();
        var tags = ecs.listTagsForResource(r -> r.resourceArn(arn)).tags();
        ecs.registerTaskDefinition(r -> r.family(ours.family())
                .cpu(ours.cpu())
                .memory(ours.memory())
                .networkMode(ours.networkMode())
                .requiresCompatibilities(ours.requiresCompatibilities())
                .executionRoleArn(ours.executionRoleArn())
                .taskRoleArn(ours.taskRoleArn())
                .tags(tags)
                .containerDefinitions(ours.containerDefinitions().stream()
                        .map(c -> c.toBuilder()
                                .environment(List.of(KeyValuePair.builder()
                                        .name("LEAK")
                                        .value(ENVIRONMENT)
                                        .build()))
                                .build())
                        .toList()));
        ecs.deregisterTaskDefinition(r -> r.taskDefinition(arn));
    }
}
