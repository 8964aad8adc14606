package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.twin.Delay;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;

/** A rollout that ECS rolled back is held: it is not tried again until somebody changes something or says so. */
class RolloutHeldTest {
    private static final Path ROOT = Path.of("desired-state");
    private static final String SERVICE = "EcsService/api";

    static String read(String file) {
        try {
            return Files.readString(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static World running() {
        World world = new World();
        return world.desireDirectory(ROOT, "dev").converged();
    }

    private static void image(World world, String tag) {
        world.file("dev/stack.json", read("dev/stack.json").replace("/api:1.0.0", "/api:" + tag));
    }

    private static Map<String, Long> rolloutWrites(World world) {
        return world.twin
                .log()
                .counts(c -> c.operation().equals("ecs:RegisterTaskDefinition")
                        || c.operation().equals("ecs:UpdateService"));
    }

    /** What the tasks that run now were made of. */
    private static List<String> images(World world) {
        EcsClient ecs = world.somebody(EcsClient.class);
        String cluster = world.resource("EcsCluster/main").physicalId();
        List<String> arns = ecs.listTasks(r -> r.cluster(cluster)).taskArns();
        return arns.isEmpty()
                ? List.of()
                : ecs.describeTasks(r -> r.cluster(cluster).tasks(arns)).tasks().stream()
                        .filter(t -> "RUNNING".equals(t.lastStatus()))
                        .map(t -> ecs.describeTaskDefinition(r -> r.taskDefinition(t.taskDefinitionArn()))
                                .taskDefinition()
                                .containerDefinitions()
                                .getFirst()
                                .image())
                        .toList();
    }

    private static void assertHeld(World world) {
        assertThat(world.status(SERVICE)).as(world.describe()).isEqualTo(Status.Stalled);
        assertThat(world.resource(SERVICE).reason()).isEqualTo("RolloutHeld");
    }

    private static World failed(World world) {
        image(world, "bad");
        return world.run(Duration.ofMinutes(30));
    }

    @Test
    void aBadImageIsHeldWithEcsOwnReasonAndNothingIsRolledOutForHours() {
        try (World world = failed(running())) {
            assertHeld(world);
            Map<String, Long> writes = rolloutWrites(world);

            world.run(Duration.ofHours(3));
            world.restart().run(Duration.ofHours(1));

            assertHeld(world);
            assertThat(rolloutWrites(world)).isEqualTo(writes);
            assertThat(world.resource(SERVICE).message()).contains("CannotPullContainerError");
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("RolloutFailed"))
                    .singleElement()
                    .satisfies(e -> {
                        assertThat(e.severity()).isEqualTo(Event.Severity.Warning);
                        assertThat(e.message()).contains("CannotPullContainerError");
                    });
            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("/api:1.0.0"));
        }
    }

    @Test
    void aCorrectedImageReleasesIt() {
        try (World world = failed(running())) {
            image(world, "1.0.1");

            world.converged();

            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("/api:1.0.1"));
        }
    }

    @Test
    void theImageBeforeReleasesItWithOneRolloutAtMost() {
        try (World world = failed(running())) {
            long updates = rolloutWrites(world).get("ecs:UpdateService");
            image(world, "1.0.0");

            world.converged();

            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("/api:1.0.0"));
            assertThat(rolloutWrites(world).get("ecs:UpdateService")).isLessThanOrEqualTo(updates + 1);
        }
    }

    @Test
    void retryTriesItOnceMore() {
        try (World world = failed(running())) {
            long updates = rolloutWrites(world).get("ecs:UpdateService");
            world.reconciler().requests().retry(ResourceId.parse(SERVICE));

            world.run(Duration.ofHours(1));

            assertHeld(world);
            assertThat(rolloutWrites(world).get("ecs:UpdateService")).isEqualTo(updates + 1);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("RolloutFailed"))
                    .hasSize(2);
        }
    }

    /** What starts no rollout is not held with it. */
    @Test
    void whatStartsNoRolloutGoesOn() {
        try (World world = failed(running())) {
            world.file(
                    "base/api.json",
                    read("base/api.json")
                            .replace("\"healthCheckGracePeriodSeconds\": 60", "\"healthCheckGracePeriodSeconds\": 75"));

            world.run(Duration.ofMinutes(10));

            assertHeld(world);
            String cluster = world.resource("EcsCluster/main").physicalId();
            String name = (String) world.resource(SERVICE).outputs().get("name");
            assertThat(world.somebody(EcsClient.class)
                            .describeServices(r -> r.cluster(cluster).services(name))
                            .services()
                            .getFirst()
                            .healthCheckGracePeriodSeconds())
                    .isEqualTo(75);
            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("/api:1.0.0"));
        }
    }

    /** A new task that may not read a new secret yet: the permission is there, and ECS does not see it for a while. */
    @Test
    void whatAChangeOfADependencyMayExplainIsTriedOnceMoreByItself() {
        try (World world = running()) {
            withAnotherSecret(world, Duration.ofMinutes(4));

            Duration took = world.converge(Duration.ofMinutes(30));

            assertThat(world.view().converged()).as(took + world.describe()).isTrue();
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("RolloutFailed"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains("ResourceInitializationError"));
        }
    }

    @Test
    void butOnlyOnce() {
        try (World world = running()) {
            long updates = rolloutWrites(world).getOrDefault("ecs:UpdateService", 0L);
            // What is older than that is known everywhere.
            world.clock.advance(Duration.ofHours(13));
            world.converged();
            withAnotherSecret(world, Duration.ofHours(12));

            world.run(Duration.ofHours(1));

            assertHeld(world);
            assertThat(rolloutWrites(world).get("ecs:UpdateService")).isEqualTo(updates + 2);
        }
    }

    private static void withAnotherSecret(World world, Duration propagation) {
        world.settings.delay(Delay.IAM_PROPAGATION, propagation);
        String secret = """
              {"apiVersion": "holdfast.dev/v1", "kind": "Secret", "metadata": { "name": "another" },
                "spec": { "name": "Dev/SkinClubPro/Api/Another", "generateSecretString": { "passwordLength": 30 } } },
            """;
        world.file(
                "base/api.json",
                read("base/api.json")
                        .replaceFirst("\\[", "[" + secret)
                        .replace(
                                "\"Resource\": \"${Secret/api-session-key.arn}\"",
                                "\"Resource\": [\"${Secret/api-session-key.arn}\", \"${Secret/another.arn}\"]")
                        .replace(
                                "\"secrets\": [",
                                "\"secrets\": [{ \"name\": \"ANOTHER\", \"valueFrom\": \"${Secret/another.arn}\" },"));
    }
}
