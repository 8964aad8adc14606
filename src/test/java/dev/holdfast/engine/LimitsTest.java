package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** A plan that has more steps of one action than its limit allows waits as a whole, before the first step. */
class LimitsTest {
    private static final Duration SOON = Duration.ofMinutes(5);

    private static List<String> held(World world, Action action) {
        return world.view().plan().steps().stream()
                .filter(s -> s.action() == action)
                .map(Step::hash)
                .toList();
    }

    private static void assertHeld(World world, String resource) {
        assertThat(world.status(resource)).as(world.describe()).isEqualTo(Status.AwaitingApproval);
        assertThat(world.resource(resource).reason()).isIn(Reason.LimitExceeded, Reason.PlanOverLimit);
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
            Map<String, Long> before = world.writes();
            world.desire(Docs.of(Docs.alarms(1, 1)));
            world.run(SOON);
            assertHeld(world, "Alarm/a4");
            assertThat(world.writes()).isEqualTo(before);

            world.approve(held(world, Action.Delete).getFirst());
            world.run(SOON);

            // Only three deletions are left, which the limit allows. But they were held, and no user has approved them.
            assertThat(world.owned()).hasSize(4);
            assertThat(held(world, Action.Delete)).hasSize(3);
            world.restart().run(SOON);
            assertThat(world.owned()).hasSize(4);
            held(world, Action.Delete).forEach(world::approve);
            world.converged();
            assertThat(world.owned()).hasSize(1);
        }
    }

    /** A publisher must not raise the limits and use the raised limits in the same revision. */
    @Test
    void theLimitsOfTheRevisionBeforeCountForAChange() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(9, 1))).converged();

            world.desire(Docs.of(Docs.alarms(1, 1)), Docs.UNLIMITED);
            world.run(SOON);

            assertHeld(world, "Alarm/a4");
            assertThat(world.resource("Alarm/a4").message())
                    .contains("limits.maxDeletes allows, which is 3")
                    .contains("applies to the revisions after it");
            world.restart().run(SOON);
            assertThat(world.owned()).hasSize(9);
            // If a revision with only the higher limits is enforced first, its limits apply to the revisions after it.
            world.desire(Docs.of(Docs.alarms(9, 1)), Docs.UNLIMITED).converged();
            world.desire(Docs.of(Docs.alarms(1, 1)), Docs.UNLIMITED).converged();
            assertThat(world.owned()).hasSize(1);
        }
    }

    @Test
    void lowerLimitsCountAtOnce() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(3, 1)), Docs.UNLIMITED).converged();

            world.desire(Docs.of(Docs.alarms(1, 1)), "'limits':{'maxDeletes':1},");
            world.run(SOON);

            assertHeld(world, "Alarm/a2");
        }
    }

    /** A revision that exceeds one limit is held as a whole: its creations, its updates and its deletions. */
    @Test
    void whatComesAndChangesBesideItIsHeldToo() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(5, 1))).converged();
            Map<String, Long> before = world.writes();

            world.desire(Docs.of(Docs.alarm("new", 1), Docs.alarm("a0", 2)));
            world.run(SOON);

            assertHeld(world, "Alarm/new");
            assertHeld(world, "Alarm/a0");
            assertHeld(world, "Alarm/a4");
            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.view().verdicts()).hasSize(6);

            // The deletions exceed the limit: once they are approved, the other steps need no approval.
            held(world, Action.Delete).forEach(world::approve);
            world.converged();
            assertThat(world.owned()).containsOnlyKeys("Alarm/new", "Alarm/a0");
        }
    }

    /** The task definition that a held rollout needs is not registered either. */
    @Test
    void whatAHeldStepNeedsWaitsWithIt() {
        try (World world = new World()) {
            world.desire(Docs.service("app:1.0.0", 60)).converged();
            Map<String, Long> before = world.writes();

            world.desire(Docs.service("app:1.0.1", 60), "'limits':{'maxRollouts':0},");
            world.run(SOON);

            assertHeld(world, "TaskDefinition/app");
            assertThat(world.writes()).isEqualTo(before);
            world.approveHeld();
            world.converged();
        }
    }

    @Test
    void aChangeOfTagsIsNoUpdateThatCounts() {
        try (World world = new World()) {
            String limits = "'limits':{'maxUpdates':0},";
            world.desire(Docs.of(Docs.alarms(3, 1)), limits).converged();

            world.desire(Docs.of(Docs.alarms(3, 1)), limits + "'tags':{'Team':'new'},");
            world.file("test/stack.json", """
                    {'apiVersion':'holdfast.dev/v1','kind':'Stack','metadata':{'name':'test'},
                     'spec':{'limits':{'maxUpdates':0},'account':'%s','region':'%s','include':['docs.json']}}
                    """.formatted(World.ACCOUNT, World.REGION));
            world.converged();

            assertThat(world.events).noneMatch(e -> e.message().contains("limits."));
        }
    }

    /** A resource has drift and a pending change: the drift is repaired, and the change waits. */
    @Test
    void aRepairGoesOnBesideAHeldChangeOfTheSameResource() {
        try (World world = new World()) {
            String limits = "'limits':{'maxUpdates':0},";
            world.desire(Docs.of(Docs.vpc(""), Docs.openTo("web", "10.0.0.0/16", "a")), limits)
                    .converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            world.desire(Docs.of(Docs.vpc(""), Docs.openTo("web", "10.0.0.0/16", "b")), limits);
            world.run(SOON);
            assertHeld(world, "SecurityGroup/web");
            String approval = held(world, Action.Update).getFirst();
            String id = world.resource("SecurityGroup/web").physicalId();
            Ec2Client ec2 = world.somebody(Ec2Client.class);

            OpenedPort.toInternet(ec2, id, 22);
            world.run(Duration.ofMinutes(2));

            assertThat(OpenedPort.rules(ec2, id)).singleElement().satisfies(rule -> {
                assertThat(rule.fromPort()).isEqualTo(80);
                assertThat(rule.ipRanges().getFirst().description()).isEqualTo("a");
            });
            assertHeld(world, "SecurityGroup/web");
            assertThat(held(world, Action.Update)).containsExactly(approval);
            assertThat(world.view().drift()).singleElement().satisfies(d -> {
                assertThat(d.state()).isEqualTo(DriftItem.DriftState.Repaired);
                assertThat(d.fields()).singleElement();
            });
            world.approve(approval);
            world.converged();
        }
    }

    /** A resource has drift, and its replacement waits for an approval: the drift is repaired. */
    @Test
    void aRepairGoesOnBesideAHeldReplacement() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", "'lifecycle':{'onReplace':'Approve'},")))
                    .converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "A", "'lifecycle':{'onReplace':'Approve'},")));
            world.run(SOON);
            String id = world.resource("SecurityGroup/a").physicalId();
            Ec2Client ec2 = world.somebody(Ec2Client.class);

            OpenedPort.toInternet(ec2, id, 22);
            world.run(Duration.ofMinutes(2));

            assertThat(ec2.describeSecurityGroups(r -> r.groupIds(id))
                            .securityGroups()
                            .getFirst()
                            .ipPermissions())
                    .isEmpty();
            assertThat(world.status("SecurityGroup/a")).isEqualTo(Status.AwaitingApproval);
        }
    }

    /** More resources have drift than the limit allows to change: all of them are repaired. */
    @Test
    void repairsAreNotCounted() {
        try (World world = new World()) {
            String limits = "'limits':{'maxUpdates':1},";
            world.desire(Docs.of(Docs.alarms(4, 1)), limits).converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            for (int i = 0; i < 3; i++) {
                String id = world.resource("Alarm/a" + i).physicalId();
                world.somebody(CloudWatchClient.class)
                        .putMetricAlarm(Docs.theirAlarm(id, 9).build());
            }

            world.desire(Docs.of(Docs.alarms(3, 1), Docs.alarm("a3", 2)), limits)
                    .converged();

            assertThat(world.events).noneMatch(e -> e.message().contains("limits."));
        }
    }

    /** The deletions run one after the other, in several rounds and passes, and the plan contained all of them. */
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
    void updatesOverTheLimitWaitAndRepairsDoNot() {
        try (World world = new World()) {
            String limits = "'limits':{'maxUpdates':1},";
            world.desire(Docs.of(Docs.alarms(3, 1)), limits).converged();
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            String third = world.resource("Alarm/a2").physicalId();
            world.somebody(CloudWatchClient.class)
                    .putMetricAlarm(Docs.theirAlarm(third, 9).build());
            long before = world.writes().getOrDefault("cloudwatch:PutMetricAlarm", 0L);

            world.desire(Docs.of(Docs.alarms(2, 5), Docs.alarm("a2", 1)), limits);
            world.run(SOON);

            assertHeld(world, "Alarm/a0");
            assertHeld(world, "Alarm/a1");
            assertThat(world.status("Alarm/a2")).isEqualTo(Status.Synced);
            assertThat(world.view().drift())
                    .singleElement()
                    .satisfies(d -> assertThat(d.state()).isEqualTo(DriftItem.DriftState.Repaired));
            assertThat(world.writes().getOrDefault("cloudwatch:PutMetricAlarm", 0L))
                    .isEqualTo(before + 1);
        }
    }

    @Test
    void aSecondReplaceIsOneTooMany() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "a", ""), Docs.group("b", "b", "")))
                    .converged();
            Map<String, Long> before = world.writes();

            world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "A", ""), Docs.group("b", "B", "")));
            world.run(SOON);

            assertHeld(world, "SecurityGroup/a");
            assertHeld(world, "SecurityGroup/b");
            assertThat(world.writes()).isEqualTo(before);
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
            long before = world.writes().getOrDefault("ecs:UpdateService", 0L);

            world.desire(Docs.service("app:1.0.1", 60), "'limits':{'maxRollouts':0},");
            world.run(SOON);

            assertThat(world.writes().getOrDefault("ecs:UpdateService", 0L)).isEqualTo(before);
            world.approve(held(world, Action.Update).getFirst());
            world.converged();
        }
    }
}
