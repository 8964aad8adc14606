package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** A plan that holds more of one action than its limit waits whole, before the first of them. */
class LimitsTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    private static Map<String, Long> writes(World world) {
        return world.twin.log().counts(c -> c.write() && "holdfast".equals(c.app()));
    }

    private static List<String> held(World world, Action action) {
        return world.view().plan().steps().stream()
                .filter(s -> s.action() == action)
                .map(Step::hash)
                .toList();
    }

    private static void assertHeld(World world, String resource) {
        assertThat(world.status(resource)).as(world.describe()).isEqualTo(Status.AwaitingApproval);
        assertThat(world.resource(resource).reason()).hasToString("LimitExceeded");
    }

    @Test
    void asManyDeletesAsTheLimitGo() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(5, 1))).converged();

            world.desire(Docs.of(Docs.alarms(2, 1))).converged();

            assertThat(world.owned()).hasSize(2);
            assertThat(world.events).noneMatch(e -> e.message().contains("limits."));
        }
    }

    @Test
    void oneDeleteTooManyHoldsThemAllAndEachApprovalReleasesOne() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(5, 1))).converged();
            Map<String, Long> before = writes(world);
            world.desire(Docs.of(Docs.alarms(1, 1)));
            world.run(SOON);
            assertHeld(world, "Alarm/a4");
            assertThat(writes(world)).isEqualTo(before);

            world.reconciler().requests().approve(held(world, Action.Delete).getFirst());
            world.run(SOON);

            // Three are left, which is the limit: but they were held, and nobody has approved them.
            assertThat(world.owned()).hasSize(4);
            assertThat(held(world, Action.Delete)).hasSize(3);
            world.restart().run(SOON);
            assertThat(world.owned()).hasSize(4);
            held(world, Action.Delete).forEach(world.reconciler().requests()::approve);
            world.converged();
            assertThat(world.owned()).hasSize(1);
        }
    }

    @Test
    void whatComesAndGoesBesideItIsNotHeld() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(5, 1))).converged();

            world.desire(Docs.of(Docs.alarm("new", 1), Docs.alarm("a0", 2)));
            world.run(SOON);

            assertThat(world.status("Alarm/new")).isEqualTo(Status.Synced);
            assertThat(world.status("Alarm/a0")).isEqualTo(Status.Synced);
            assertHeld(world, "Alarm/a4");
        }
    }

    /** One after the other, over several rounds and looks, and never more than the plan held. */
    @Test
    void aChainOfDeletesWithinTheLimitIsNotHeldHalfway() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", ""), Docs.groupOf("b", "a")))
                    .converged();

            world.desire(Docs.of(Docs.alarm("other", 1))).converged();

            assertThat(world.owned()).hasSize(1);
            assertThat(world.events).noneMatch(e -> e.message().contains("limits."));
            assertThat(world.view().resources().values()).noneMatch(r -> r.status() == Status.AwaitingApproval);
        }
    }

    @Test
    void updatesOverTheLimitWaitDriftAndChangesTogether() {
        try (World world = new World()) {
            String limits = "'limits':{'maxUpdates':2},";
            world.desire(Docs.of(Docs.alarms(3, 1)), limits).converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            String third = world.resource("Alarm/a2").physicalId();
            world.somebody(CloudWatchClient.class)
                    .putMetricAlarm(Docs.theirAlarm(third, 9).build());
            Map<String, Long> before = writes(world);

            world.desire(Docs.of(Docs.alarms(2, 5), Docs.alarm("a2", 1)), limits);
            world.run(SOON);

            assertHeld(world, "Alarm/a0");
            assertHeld(world, "Alarm/a2");
            assertThat(world.view().drift())
                    .singleElement()
                    .satisfies(d -> assertThat(d.state()).isEqualTo(DriftItem.DriftState.AwaitingApproval));
            assertThat(writes(world)).isEqualTo(before);
        }
    }

    @Test
    void aSecondReplaceIsOneTooMany() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", ""), Docs.group("b", "b", "")))
                    .converged();
            Map<String, Long> before = writes(world);

            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "A", ""), Docs.group("b", "B", "")));
            world.run(SOON);

            assertHeld(world, "SecurityGroup/a");
            assertHeld(world, "SecurityGroup/b");
            assertThat(writes(world)).isEqualTo(before);
            assertThat(world.somebody(Ec2Client.class).describeSecurityGroups().securityGroups())
                    .extracting(g -> g.description())
                    .contains("a", "b")
                    .doesNotContain("A", "B");
        }
    }

    @Test
    void aRolloutOverItsLimitWaits() {
        try (World world = new World()) {
            world.desire(Docs.service("app:1.0.0", 60)).converged();
            long before = writes(world).getOrDefault("ecs:UpdateService", 0L);

            world.desire(Docs.service("app:1.0.1", 60), "'limits':{'maxRollouts':0},");
            world.run(SOON);

            assertHeld(world, "EcsService/app");
            assertThat(writes(world).getOrDefault("ecs:UpdateService", 0L)).isEqualTo(before);
            world.reconciler().requests().approve(held(world, Action.Update).getFirst());
            world.converged();
        }
    }
}
