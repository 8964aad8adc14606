package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Action;
import dev.holdfast.model.Reason;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/**
 * A resource whose read failed has no step in the plan. This must not lift a limit, end the hold of an upgrade, or use up
 * an approval: the step may come back with the next read.
 */
class UnreadHoldsTest {
    private static final Duration SOON = Duration.ofMinutes(5);
    private static final TwinFaultRule NO_ALARMS =
            TwinFaultRule.on("cloudwatch:DescribeAlarms", new TwinFault.Refuse(403, "AccessDenied", "not allowed"));
    private static final TwinFaultRule NO_VPCS =
            TwinFaultRule.on("ec2:DescribeVpcs", new TwinFault.Refuse(403, "UnauthorizedOperation", "not allowed"));

    private static List<String> held(World world, Action action) {
        return world.view().plan().steps().stream()
                .filter(s -> s.action() == action)
                .map(Step::hash)
                .toList();
    }

    private static void failing(World world, TwinFaultRule fault, Runnable meanwhile) {
        world.twin.faults().add(fault);
        meanwhile.run();
        world.twin.faults().clear();
    }

    private static String vpcs(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append(',').append(Docs.document("Vpc", "v" + i, "'cidrBlock':'10." + i + ".0.0/16'"));
        }
        return all.toString();
    }

    @Test
    void stepsThatALimitHeldStayHeld() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(5, 1))).converged();
            world.desire(Docs.of(Docs.alarms(1, 1))).run(SOON);
            world.approve(held(world, Action.Delete).getFirst());
            world.run(SOON);
            assertThat(world.owned()).hasSize(4);

            failing(world, NO_ALARMS, () -> {
                world.run(SOON);
                assertThat(world.status("Alarm/a1")).isEqualTo(Status.Unknown);
            });
            world.run(SOON);

            assertThat(world.owned()).hasSize(4);
            assertThat(held(world, Action.Delete)).hasSize(3);
            held(world, Action.Delete).forEach(world::approve);
            world.converged();
            assertThat(world.owned()).hasSize(1);
        }
    }

    @Test
    void aDeletionThatCannotBeReadYetCounts() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(4, 1) + vpcs(3))).converged();
            world.desire(Docs.of(Docs.alarms(1, 1)));

            failing(world, NO_VPCS, () -> {
                world.run(SOON);
                assertThat(world.resource("Alarm/a3").reason()).isEqualTo(Reason.PlanOverLimit);
                assertThat(world.resource("Alarm/a3").message())
                        .contains("3 resources")
                        .contains("cannot be read");
                assertThat(world.owned()).hasSize(7);
            });
            world.run(SOON);

            assertThat(world.owned()).hasSize(7);
            assertThat(world.resource("Alarm/a3").reason()).isEqualTo(Reason.LimitExceeded);
            held(world, Action.Delete).forEach(world::approve);
            world.converged();
            assertThat(world.owned()).hasSize(1);
        }
    }

    /** With the failed read, the plan is within its limits, and no limit holds the steps after it is over. */
    @Test
    void anUnreadDeletionWithinTheLimitDelaysNothing() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(3, 1) + vpcs(1))).converged();
            world.desire(Docs.of(Docs.alarms(1, 1)));

            failing(world, NO_VPCS, () -> {
                world.run(SOON);
                assertThat(world.owned()).hasSize(2);
            });
            world.converged();

            assertThat(world.owned()).hasSize(1);
        }
    }

    /** The changes of one revision count together, also if a failed read divides them between two passes. */
    @Test
    void updatesInTwoPassesCountTogether() {
        try (World world = new World()) {
            String limits = "'limits':{'maxUpdates':3},";
            String vpc = Docs.document("Vpc", "v", "'cidrBlock':'10.0.0.0/16','enableDnsHostnames':%s");
            world.desire(Docs.of(Docs.alarms(3, 1), vpc.formatted("false")), limits)
                    .converged();
            world.desire(Docs.of(Docs.alarms(3, 2), vpc.formatted("true")), limits);

            failing(world, NO_VPCS, () -> world.run(SOON));
            assertThat(world.status("Alarm/a0")).isEqualTo(Status.Synced);
            world.run(SOON);

            assertThat(world.resource("Vpc/v").reason()).isEqualTo(Reason.LimitExceeded);
            world.approveHeld();
            world.converged();
            world.desire(Docs.of(Docs.alarms(3, 3), vpc.formatted("true")), limits)
                    .converged();
        }
    }

    @Test
    void theLimitsOfTheRevisionBeforeCountUntilAllIsRead() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(9, 1))).converged();
            world.desire(Docs.of(Docs.alarms(1, 1)), Docs.UNLIMITED);

            failing(world, NO_ALARMS, () -> world.run(SOON));
            world.run(SOON);

            assertThat(world.owned()).hasSize(9);
            assertThat(world.resource("Alarm/a4").reason()).isEqualTo(Reason.LimitExceeded);
        }
    }

    @Test
    void theHoldOfAnUpgradeLastsUntilTheResourceIsRead() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(2, 1) + vpcs(1))).converged();
            String name = world.resource("Alarm/a1").physicalId();
            world.somebody(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(name));
            Map<String, Long> before = world.writes();
            world.twin.faults().add(NO_ALARMS);
            world.upgrade("test-2").run(SOON);
            world.restart().run(SOON);
            world.twin.faults().clear();

            world.run(SOON);

            assertThat(world.writes()).isEqualTo(before);
            assertThat(world.status("Alarm/a1")).isEqualTo(Status.AwaitingApproval);
            assertThat(world.resource("Alarm/a1").reason()).isEqualTo(Reason.UpgradeHold);
            // The other alarm was read, and nothing had to be changed: its drift is drift, and is repaired.
            assertThat(world.status("Alarm/a0")).isEqualTo(Status.Synced);
            String other = world.resource("Alarm/a0").physicalId();
            world.somebody(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(other));
            world.run(SOON);
            assertThat(world.status("Alarm/a0")).isEqualTo(Status.Synced);
            world.approveHeld();
            world.converged();
        }
    }

    /** A resource that stays unreadable for long must not stop the repairs of all other ones. */
    @Test
    void theHoldOfAnUpgradeConcernsOnlyTheUnreadResources() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(1, 1) + vpcs(1))).converged();
            world.twin.faults().add(NO_VPCS);
            world.upgrade("test-2").run(SOON);
            String name = world.resource("Alarm/a0").physicalId();

            world.somebody(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(name));
            world.run(SOON);

            assertThat(world.status("Alarm/a0")).isEqualTo(Status.Synced);
            assertThat(world.status("Vpc/v0")).isEqualTo(Status.Unknown);
        }
    }

    @Test
    void anApprovalSurvivesAFailedRead() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarms(5, 1))).converged();
            world.desire(Docs.of(Docs.alarms(1, 1))).run(SOON);
            world.pause("*", Duration.ofMinutes(30));
            held(world, Action.Delete).forEach(world::approve);
            world.run(SOON);

            failing(world, NO_ALARMS, () -> world.run(SOON));
            world.run(Duration.ofMinutes(40));

            assertThat(world.owned()).hasSize(1);
        }
    }
}
