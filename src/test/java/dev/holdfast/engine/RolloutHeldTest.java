package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Event;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;

/**
 * A rollout that ECS rolled back is held: the operator does not repeat it until a user changes the documents or
 * requests a retry.
 */
class RolloutHeldTest {
    private static final String SERVICE = "EcsService/app";

    private static World running() {
        return desire(new World(), "1.0.0").converged();
    }

    private static World desire(World world, String tag) {
        return world.desire(Docs.service("app:" + tag, 60, "key"));
    }

    private static Map<String, Long> rolloutWrites(World world) {
        return world.twin
                .log()
                .counts(c -> c.operation().equals("ecs:RegisterTaskDefinition")
                        || c.operation().equals("ecs:UpdateService"));
    }

    /** The images of the running tasks. */
    private static List<String> images(World world) {
        return RunningTasks.containers(world).stream()
                .map(ContainerDefinition::image)
                .toList();
    }

    private static void assertHeld(World world) {
        assertThat(world.status(SERVICE)).as(world.describe()).isEqualTo(Status.Stalled);
        assertThat(world.resource(SERVICE).reason()).hasToString("RolloutHeld");
    }

    private static World failed(World world) {
        desire(world, "bad");
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
            // ECS restored the former revision itself: the difference is a pending change, and no drift.
            assertThat(world.resource(SERVICE).drift())
                    .isNotEmpty()
                    .allSatisfy(c -> assertThat(c.cause()).isEqualTo(FieldChange.Cause.PendingChange));
            assertThat(rolloutWrites(world)).isEqualTo(writes);
            assertThat(world.resource(SERVICE).message()).contains("CannotPullContainerError");
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("RolloutFailed"))
                    .singleElement()
                    .satisfies(e -> {
                        assertThat(e.severity()).isEqualTo(Event.Severity.Warning);
                        assertThat(e.message()).contains("CannotPullContainerError");
                    });
            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("app:1.0.0"));
        }
    }

    @Test
    void aCorrectedImageReleasesIt() {
        try (World world = failed(running())) {
            desire(world, "1.0.1");

            world.converged();

            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("app:1.0.1"));
        }
    }

    /** The last failed rollout is not that of the corrected image, because ECS never received the corrected image. */
    @Test
    void aCorrectedImageThatNeverReachedEcsIsRolledOutLater() {
        try (World world = failed(running())) {
            TwinFaultRule cut = TwinFaultRule.on("ecs:UpdateService", new TwinFault.Cut());
            world.twin.faults().add(cut);
            desire(world, "1.0.1");
            world.run(Duration.ofMinutes(10));
            assertThat(world.status(SERVICE)).isEqualTo(Status.Failed);
            world.twin.faults().withdraw(cut);

            world.converged();

            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("app:1.0.1"));
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("RolloutFailed"))
                    .hasSize(1);
        }
    }

    @Test
    void theImageBeforeReleasesItWithOneRolloutAtMost() {
        try (World world = failed(running())) {
            long updates = rolloutWrites(world).get("ecs:UpdateService");
            desire(world, "1.0.0");

            world.converged();

            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("app:1.0.0"));
            assertThat(rolloutWrites(world).get("ecs:UpdateService")).isLessThanOrEqualTo(updates + 1);
        }
    }

    @Test
    void retryTriesItOnceMore() {
        try (World world = failed(running())) {
            long updates = rolloutWrites(world).get("ecs:UpdateService");
            world.retry(SERVICE);

            world.run(Duration.ofHours(1));

            assertHeld(world);
            assertThat(rolloutWrites(world).get("ecs:UpdateService")).isEqualTo(updates + 1);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("RolloutFailed"))
                    .hasSize(2);
        }
    }

    @Test
    void theProcessThatAcceptsARetryMayEndBeforeItsRequest() {
        try (World world = failed(running())) {
            long updates = rolloutWrites(world).get("ecs:UpdateService");
            world.pause("*", Duration.ofHours(1));
            world.retry(SERVICE);
            world.run(Duration.ofMinutes(1));
            assertThat(rolloutWrites(world)).containsEntry("ecs:UpdateService", updates);
            world.restart();
            world.resume("*");

            world.run(Duration.ofHours(1));

            assertHeld(world);
            assertThat(rolloutWrites(world)).containsEntry("ecs:UpdateService", updates + 1);
        }
    }

    /** A change that starts no rollout is not held with the rollout. */
    @Test
    void whatStartsNoRolloutGoesOn() {
        try (World world = failed(running())) {
            world.desire(Docs.service("app:bad", 75, "key"));

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
            assertThat(images(world)).isNotEmpty().allMatch(i -> i.endsWith("app:1.0.0"));
        }
    }

    /** A new task may not read a new secret yet: the permission is granted, but not propagated to ECS. */
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
    void theProcessThatDecidedThisMayEndBeforeItsRequest() {
        try (World world = running()) {
            withAnotherSecret(world, Duration.ofMinutes(4));
            long updates = rolloutWrites(world).getOrDefault("ecs:UpdateService", 0L);
            world.runUntil(
                    () -> rolloutWrites(world).getOrDefault("ecs:UpdateService", 0L) > updates, Duration.ofMinutes(5));
            world.pause("*", Duration.ofHours(1));
            world.runUntil(() -> !world.events("RolloutFailed").isEmpty(), Duration.ofMinutes(30));
            world.restart();
            world.resume("*");

            Duration took = world.converge(Duration.ofMinutes(30));

            assertThat(world.view().converged()).as(took + world.describe()).isTrue();
            assertThat(world.events("RolloutFailed")).hasSize(1);
        }
    }

    @Test
    void butOnlyOnce() {
        try (World world = running()) {
            long updates = rolloutWrites(world).getOrDefault("ecs:UpdateService", 0L);
            // After this time AWS has propagated every older change.
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
        world.desire(Docs.service("app:1.0.0", 60, "key", "another"));
    }
}
