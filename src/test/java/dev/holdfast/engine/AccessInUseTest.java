package dev.holdfast.engine;

import static dev.holdfast.engine.GuardedService.GROUP;
import static dev.holdfast.engine.GuardedService.ROLE;
import static dev.holdfast.engine.GuardedService.ROLLOUT;
import static dev.holdfast.engine.GuardedService.converging;
import static dev.holdfast.engine.GuardedService.documents;
import static dev.holdfast.engine.GuardedService.open;
import static dev.holdfast.engine.GuardedService.policies;
import static dev.holdfast.engine.GuardedService.running;
import static dev.holdfast.engine.GuardedService.used;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.alerts.Alert;
import dev.holdfast.alerts.WorldAlerts;
import dev.holdfast.model.Action;
import dev.holdfast.model.Reason;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A withdrawal of access that waits for a resource that may use the access: it is reported, and a person can withdraw the
 * access before the resource is ready.
 */
class AccessInUseTest {
    private static final String LIMITED = Docs.UNLIMITED.replace("'maxUpdates':9999", "'maxUpdates':1");

    /** The service's rollout has failed and is held, so that it never becomes ready. */
    private static World withFailedRollout() {
        World world = running().desire(documents("bad", 9090));
        world.runUntil(() -> world.status("EcsService/app") == Status.Stalled, ROLLOUT);
        assertThat(open(world)).as(world.describe()).containsExactly(8080, 9090);
        assertThat(world.resource(GROUP).reason()).isEqualTo(Reason.AccessInUse);
        return world;
    }

    /** The step that withdraws the resource's access, with its verdict. */
    private static Map.Entry<Step, Verdict> withdrawal(World world, String resource) {
        return world.view().verdicts().entrySet().stream()
                .filter(entry -> entry.getKey().resource().equals(ResourceId.parse(resource))
                        && entry.getValue().isAccessInUse())
                .findFirst()
                .orElseThrow(() -> new AssertionError(world.describe()));
    }

    @Test
    void an_approval_withdraws_the_access_although_a_user_is_not_ready() {
        try (World world = withFailedRollout()) {
            String hash = withdrawal(world, GROUP).getKey().hash();
            assertThat(world.resource(GROUP).message()).contains("EcsService/app", hash);

            world.approve(hash);
            world.run(Duration.ofMinutes(1));

            assertThat(open(world)).as(world.describe()).containsExactly(9090);
            assertThat(world.status(GROUP)).isEqualTo(Status.Synced);
            assertThat(world.status("EcsService/app")).isEqualTo(Status.Stalled);
        }
    }

    @Test
    void an_approval_that_expires_is_reported_with_the_hash_that_the_person_approved() {
        try (World world = withFailedRollout()) {
            world.twin.faults().add("ec2:RevokeSecurityGroupIngress", new TwinFault.Deny());
            String hash = withdrawal(world, GROUP).getKey().hash();
            world.approve(hash);

            world.run(Duration.ofHours(25));

            assertThat(world.events("ApprovalExpired"))
                    .singleElement()
                    .satisfies(event -> assertThat(event.message()).endsWith(" " + hash));
            assertThat(open(world)).containsExactly(8080, 9090);
        }
    }

    @Test
    void an_approval_of_all_held_steps_withdraws_nothing() {
        try (World world = withFailedRollout()) {
            assertThat(NeededApprovals.of(world.view().verdicts())).isEmpty();
        }
    }

    @Test
    void an_approval_withdraws_no_access_before_the_new_access_is_granted() {
        try (World world = running()) {
            world.twin.faults().add("ec2:AuthorizeSecurityGroupIngress", new TwinFault.Deny());
            world.desire(documents("2", 9090));
            world.runUntil(() -> world.status(GROUP) == Status.Failed, ROLLOUT);
            List<String> steps = world.view().verdicts().keySet().stream()
                    .filter(step -> step.resource().equals(ResourceId.parse(GROUP)) && step.action() == Action.Update)
                    .map(Step::hash)
                    .toList();
            assertThat(steps).as(world.describe()).hasSize(2);

            steps.forEach(world::approve);
            world.run(Duration.ofMinutes(10));

            assertThat(open(world)).as(world.describe()).containsExactly(8080);
        }
    }

    @Test
    void one_event_reports_the_wait_and_an_alert_follows_after_an_hour() {
        try (World world = withFailedRollout()) {
            WorldAlerts alerts = new WorldAlerts(world);
            Runnable pass = () -> {
                world.run(Duration.ofMinutes(5));
                alerts.pass();
            };
            alerts.pass();
            for (int i = 0; i < 11; i++) {
                pass.run();
            }
            assertThat(alerts.sent()).extracting(Alert::reason).doesNotContain("AccessInUse");

            pass.run();
            pass.run();

            assertThat(alerts.sent())
                    .filteredOn(alert -> alert.reason().equals("AccessInUse"))
                    .singleElement()
                    .satisfies(alert -> assertThat(alert.message())
                            .contains(
                                    "EcsService/app",
                                    withdrawal(world, GROUP).getKey().hash()));
            assertThat(world.events("WithdrawalWaits")).hasSize(1);

            world.desire(documents("1", 8080)).converged();
            alerts.pass();
            assertThat(alerts.sent())
                    .filteredOn(alert -> alert.reason().equals("AccessInUse"))
                    .last()
                    .extracting(Alert::phase)
                    .isEqualTo(Alert.AlertPhase.Over);
        }
    }

    @Test
    void a_paused_stack_withdraws_nothing() {
        try (World world = running()) {
            world.desire(documents("2", 9090));
            world.runUntil(() -> used(world).contains(9090), ROLLOUT);
            world.pause("*", Duration.ofHours(2));

            world.run(Duration.ofHours(1));

            assertThat(open(world)).as(world.describe()).containsExactly(8080, 9090);
            world.resume("*");
            world.converged();
            assertThat(open(world)).containsExactly(9090);
        }
    }

    @Test
    void a_service_that_cannot_be_read_keeps_its_port() {
        try (World world = running()) {
            world.desire(documents("2", 9090));
            world.runUntil(() -> used(world).contains(9090), ROLLOUT);
            TwinFaultRule denial = TwinFaultRule.on("ecs:DescribeServices", new TwinFault.Deny());
            world.twin.faults().add(denial);

            world.run(Duration.ofMinutes(30));

            assertThat(used(world)).containsExactly(9090);
            assertThat(open(world)).as(world.describe()).containsExactly(8080, 9090);
            world.twin.faults().withdraw(denial);
            world.converged();
            assertThat(open(world)).containsExactly(9090);
        }
    }

    /**
     * The change exceeds a limit: neither the grant nor the withdrawal begins before its approval, and the approval of
     * the withdrawal does not end the wait for the tasks that use the access.
     */
    @Test
    void a_limit_holds_the_grant_and_the_withdrawal_and_its_approval_closes_no_port_in_use() {
        try (World world = new World()) {
            world.desire(documents("1", 8080, "old-data", "", ""), LIMITED).converged();
            world.desire(documents("2", 9090, "new-data", "", ""), LIMITED);
            world.run(Duration.ofMinutes(30));
            assertThat(open(world)).as(world.describe()).containsExactly(8080);
            assertThat(policies(world)).contains("old-data").doesNotContain("new-data");

            for (int i = 0; i < 5 && !world.view().converged(); i++) {
                world.approveHeld();
                converging(world);
            }

            world.converged();
            assertThat(open(world)).containsExactly(9090);
            assertThat(policies(world)).contains("new-data").doesNotContain("old-data");
        }
    }

    /** The process ends immediately before or after the request that withdraws the access. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_process_that_ends_at_the_withdrawal_leaves_it_to_the_next_one(boolean takesEffect) {
        for (String operation : List.of("ec2:RevokeSecurityGroupIngress", "iam:PutRolePolicy")) {
            try (World world = new World()) {
                world.desire(documents("1", 8080, "old-data", "", "")).converged();
                world.desire(documents("2", 9090, "new-data", "", ""));
                world.runUntil(() -> used(world).equals(Set.of(9090)), ROLLOUT);
                String killed = world.caller();
                world.twin
                        .faults()
                        .add(TwinFaultRule.on(operation, new TwinFault.CutAtWrite(1, takesEffect))
                                .by(killed)
                                .ofApp("holdfast"));
                world.runUntil(() -> world.twin.faults().isCutOff(killed), ROLLOUT);
                assertThat(world.twin.faults().isCutOff(killed)).as(operation).isTrue();

                world.restart();
                world.converged();

                assertThat(open(world)).containsExactly(9090);
                assertThat(policies(world)).contains("new-data").doesNotContain("old-data");
                assertThat(world.status(ROLE)).isEqualTo(Status.Synced);
            }
        }
    }
}
