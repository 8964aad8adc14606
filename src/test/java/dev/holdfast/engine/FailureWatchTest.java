package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.iam.IamClient;

/** A slow facet is read every few minutes, and at once when a dependent of its resource begins to fail. */
class FailureWatchTest {
    private static final String OTHER = "changed by somebody";

    private static World running() {
        World world = new World();
        world.desire(Docs.service("app:1.0.0", 60, "key")).converged();
        // Long after the last write, no facet is read again because of that write.
        world.run(Duration.ofMinutes(3));
        return world;
    }

    private static String role(World world) {
        return world.resource("Role/app").physicalId();
    }

    private static void changeRole(World world) {
        world.somebody(IamClient.class).updateRole(r -> r.roleName(role(world)).description(OTHER));
    }

    private static String description(World world) {
        return world.somebody(IamClient.class)
                .getRole(r -> r.roleName(role(world)))
                .role()
                .description();
    }

    private static long readsOfRoles(World world) {
        return world.calls("iam:GetRole");
    }

    @Test
    void withoutAFailureTheFacetWaitsForItsTurn() {
        try (World world = running()) {
            // Facets are read in turn: the last pass read the role's facet, which therefore is the last one to be read
            // again.
            long reads = readsOfRoles(world);
            while (readsOfRoles(world) == reads) {
                world.run(Duration.ofMinutes(1));
            }
            changeRole(world);

            world.pass();

            assertThat(description(world)).isEqualTo(OTHER);
            // The facet is at most 10 minutes old, and is read in the next full pass.
            world.run(Duration.ofMinutes(11));
            assertThat(description(world)).isNotEqualTo(OTHER);
        }
    }

    @Test
    void aStepThatFailsHasTheFacetsOfItsDependenciesReadAtOnce() {
        try (World world = running()) {
            changeRole(world);
            world.somebody(EcsClient.class)
                    .updateService(
                            r -> r.cluster(world.resource("EcsCluster/main").physicalId())
                                    .service(world.resource("EcsService/app").physicalId())
                                    .healthCheckGracePeriodSeconds(90));
            world.twin.faults().add("ecs:UpdateService", new TwinFault.Deny());

            world.pass();

            assertThat(world.status("EcsService/app")).as(world.describe()).isEqualTo(Status.Failed);
            assertThat(description(world)).isNotEqualTo(OTHER);
            assertThat(world.events)
                    .anyMatch(e -> e.reason().equals("DriftDetected")
                            && String.valueOf(e.resource()).equals("Role/app"));
            world.twin.faults().clear();
        }
    }

    @Test
    void aRolloutThatFailsHasTheFacetsOfItsDependenciesReadAtOnce() {
        try (World world = running()) {
            world.desire(Docs.service("app:bad", 60, "key")).pass();
            world.runUntil(() -> world.status("EcsService/app") == Status.Progressing, Duration.ofMinutes(2));
            assertThat(world.status("EcsService/app")).isEqualTo(Status.Progressing);
            changeRole(world);

            world.runUntil(() -> world.status("EcsService/app") == Status.Stalled, Duration.ofMinutes(30));

            assertThat(world.resource("EcsService/app").reason()).hasToString("RolloutHeld");
            assertThat(description(world)).as(world.describe() + world.events).isNotEqualTo(OTHER);
        }
    }
}
