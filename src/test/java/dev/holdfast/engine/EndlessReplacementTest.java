package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.alerts.Alert;
import dev.holdfast.alerts.WorldAlerts;
import dev.holdfast.model.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionStatus;

/**
 * A field that AWS does not keep causes a replacement or a new version again and again: the operator stops after three.
 */
class EndlessReplacementTest {
    /** The longest interval between two passes: one minute and the jitter. */
    private static final Duration INTERVAL = Duration.ofSeconds(66);

    private static final int KEPT = 5;

    private static String service() {
        return Docs.service("app:1.0.0", 60)
                .replace("'essential':true,", "'essential':true,'readonlyRootFilesystem':true,");
    }

    private static World forgetful() {
        return new World()
                .answeredThrough(answer -> answer.replace("\"readonlyRootFilesystem\":true,", "")
                        .replace(",\"readonlyRootFilesystem\":true", ""));
    }

    private static long registered(World world) {
        return world.calls("ecs:RegisterTaskDefinition");
    }

    private static SecurityGroup tasks(World world) {
        String id = world.resource("SecurityGroup/tasks").physicalId();
        return world.somebody(Ec2Client.class)
                .describeSecurityGroups(r -> r.groupIds(id))
                .securityGroups()
                .getFirst();
    }

    private static boolean isOpen(World world) {
        return tasks(world).ipPermissions().stream().anyMatch(p -> p.fromPort() == 22);
    }

    @Test
    void aFieldThatIsDroppedFromEachNewVersionStallsItAndDelaysNothingElse() {
        try (World world = forgetful()) {
            world.desire(service(), Docs.UNLIMITED);
            world.runUntil(() -> registered(world) > 0, Duration.ofMinutes(30));
            String group = tasks(world).groupId();
            OpenedPort.toInternet(world.somebody(Ec2Client.class), group, 22);
            Instant opened = world.clock.instant();
            WorldAlerts alerts = new WorldAlerts(world);

            world.runUntil(
                    () -> {
                        alerts.pass();
                        return false;
                    },
                    Duration.ofSeconds(472));

            assertThat(isOpen(world)).isFalse();
            assertThat(world.twin.log().writes())
                    .filteredOn(w -> w.operation().equals("ec2:RevokeSecurityGroupIngress"))
                    .singleElement()
                    .satisfies(w -> assertThat(Duration.between(opened, w.at())).isLessThan(INTERVAL));
            assertThat(registered(world)).isLessThanOrEqualTo(4);
            assertThat(world.status("TaskDefinition/app")).isEqualTo(Status.Stalled);
            assertThat(world.resource("TaskDefinition/app").reason()).hasToString("NeverConverges");
            assertThat(world.resource("TaskDefinition/app").message()).contains("readonlyRootFilesystem");
            assertThat(alerts.sent())
                    .filteredOn(a -> a.reason().equals("NeverConverges"))
                    .singleElement()
                    .satisfies(a -> {
                        assertThat(a.resource()).hasToString("TaskDefinition/app");
                        assertThat(a.severity()).isEqualTo(Alert.AlertSeverity.Warning);
                        assertThat(a.message()).contains("3 writes in a row had no effect", "readonlyRootFilesystem");
                    });

            world.restart().run(Duration.ofMinutes(10));

            assertThat(registered(world)).isLessThanOrEqualTo(4);
        }
    }

    /** AWS returns another stop timeout for a task definition in each read. */
    private static World changeable(AtomicBoolean changes) {
        AtomicInteger reads = new AtomicInteger();
        return new World()
                .answeredThrough(answer -> !changes.get()
                        ? answer
                        : answer.replace(
                                "\"stopTimeout\":30", "\"stopTimeout\":" + (31 + reads.incrementAndGet() % 80)));
    }

    private static String stopping(String image) {
        return Docs.service(image, 60).replace("'essential':true,", "'essential':true,'stopTimeout':30,");
    }

    private static List<String> active(World world) {
        return world.somebody(EcsClient.class)
                .listTaskDefinitions(r -> r.status(TaskDefinitionStatus.ACTIVE))
                .taskDefinitionArns();
    }

    @Test
    void aFieldThatIsAnotherOneInEachReadStallsIt() {
        try (World world = changeable(new AtomicBoolean(true))) {
            world.desire(stopping("app:1.0.0"), Docs.UNLIMITED);

            world.run(Duration.ofMinutes(30));

            assertThat(registered(world)).isEqualTo(4);
            assertThat(world.status("TaskDefinition/app")).as(world.describe()).isEqualTo(Status.Stalled);
            assertThat(world.resource("TaskDefinition/app").reason()).hasToString("NeverConverges");
            assertThat(world.resource("TaskDefinition/app").message()).contains("stopTimeout");
        }
    }

    /** The operator retries for each new desired state. Unused versions beyond the retained number are deleted. */
    @Test
    void theVersionsOfAStalledTaskDefinitionDoNotPileUp() {
        AtomicBoolean changes = new AtomicBoolean();
        try (World world = changeable(changes)) {
            world.desire(stopping("app:1.0.0"), Docs.UNLIMITED).converged();
            String used = used(world);
            changes.set(true);
            for (int i = 1; i <= 5; i++) {
                world.desire(stopping("app:1.0." + i), Docs.UNLIMITED);
                world.run(Duration.ofMinutes(20));
                assertThat(world.status("TaskDefinition/app"))
                        .as(world.describe())
                        .isEqualTo(Status.Stalled);
            }

            assertThat(registered(world)).isEqualTo(1 + 5 * 3);
            assertThat(used(world)).isEqualTo(used);
            assertThat(active(world)).as(world.describe()).hasSize(1 + KEPT + 1).contains(used);
        }
    }

    private static String used(World world) {
        return world.somebody(EcsClient.class)
                .describeServices(
                        r -> r.cluster(world.resource("EcsCluster/main").physicalId())
                                .services(world.resource("EcsService/app").physicalId()))
                .services()
                .getFirst()
                .taskDefinition();
    }
}
