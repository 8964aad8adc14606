package dev.holdfast.engine;

import static dev.holdfast.engine.GuardedService.GROUP;
import static dev.holdfast.engine.GuardedService.ROLE;
import static dev.holdfast.engine.GuardedService.ROLLOUT;
import static dev.holdfast.engine.GuardedService.converging;
import static dev.holdfast.engine.GuardedService.documents;
import static dev.holdfast.engine.GuardedService.isDone;
import static dev.holdfast.engine.GuardedService.open;
import static dev.holdfast.engine.GuardedService.policies;
import static dev.holdfast.engine.GuardedService.running;
import static dev.holdfast.engine.GuardedService.until;
import static dev.holdfast.engine.GuardedService.used;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;

/**
 * A change withdraws access (a security group's rule, a role's policy) only after the tasks that may use it are
 * replaced. Access that another principal grants is withdrawn at once.
 */
class WithdrawalsTest {
    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofSeconds(90);
    private static final String READ_ONLY = "arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess";

    @Test
    void a_port_is_closed_only_after_the_last_task_that_listens_on_it() {
        try (World world = running()) {
            world.desire(documents("2", 9090));

            converging(world);

            world.converged();
            assertThat(open(world)).containsExactly(9090);
            assertThat(used(world)).containsExactly(9090);
            assertThat(world.writes()).containsEntry("ec2:RevokeSecurityGroupIngress", 1L);
        }
    }

    @Test
    void a_rollout_that_is_rolled_back_finds_its_port_open_and_the_status_names_the_reason() {
        try (World world = running()) {
            world.desire(documents("bad", 9090));

            until(
                    world,
                    () -> false,
                    () -> assertThat(open(world)).as(world::describe).containsAll(used(world)));

            assertThat(world.status("EcsService/app")).as(world.describe()).isEqualTo(Status.Stalled);
            assertThat(used(world)).containsExactly(8080);
            assertThat(open(world)).containsExactly(8080, 9090);
            assertThat(world.status(GROUP)).isEqualTo(Status.Waiting);
            assertThat(world.resource(GROUP).message()).contains("EcsService/app", "access");

            world.desire(documents("1", 8080)).converged();
            assertThat(open(world)).containsExactly(8080);
        }
    }

    @Test
    void a_port_that_somebody_opens_in_the_meantime_is_closed_within_an_interval() {
        try (World world = running()) {
            world.desire(documents("bad", 9090));
            world.runUntil(() -> open(world).contains(9090), ROLLOUT);
            world.run(LOOK);
            for (int port : new int[] {22, 23}) {
                OpenedPort.toInternet(
                        world.somebody(Ec2Client.class), world.resource(GROUP).physicalId(), port);

                world.run(INTERVAL);

                assertThat(open(world)).as(world.describe()).containsExactly(8080, 9090);
                world.run(Duration.ofMinutes(10));
            }
            assertThat(world.events("DriftRepaired")).hasSize(2);
        }
    }

    @Test
    void a_port_of_a_revision_in_between_stays_open_for_its_tasks_also_after_a_restart() {
        try (World world = running()) {
            world.desire(documents("2", 9090));
            world.runUntil(() -> used(world).contains(9090), ROLLOUT);
            world.restart();

            world.desire(documents("3", 9191));
            converging(world);

            world.converged();
            assertThat(open(world)).containsExactly(9191);
        }
    }

    /** The process ends before and after each of the first writes, and another revision follows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void a_process_that_ends_between_two_writes_closes_no_port_in_use(int write) {
        for (boolean takesEffect : new boolean[] {false, true}) {
            try (World world = running()) {
                String killed = world.caller();
                world.twin
                        .faults()
                        .add(TwinFaultRule.on("*", new TwinFault.CutAtWrite(write, takesEffect))
                                .by(killed)
                                .ofApp("holdfast"));
                world.desire(documents("2", 9090));
                world.runUntil(() -> world.twin.faults().isCutOff(killed), ROLLOUT);
                assertThat(world.twin.faults().isCutOff(killed)).isTrue();
                world.restart();
                world.desire(documents("3", 9191));

                converging(world);

                world.converged();
                assertThat(open(world)).containsExactly(9191);
            }
        }
    }

    @Test
    void a_service_that_is_paused_keeps_its_port() {
        try (World world = running()) {
            world.pause("EcsService/app", Duration.ofHours(1));
            world.desire(documents("2", 9090));

            world.run(Duration.ofMinutes(30));

            assertThat(open(world)).containsExactly(8080, 9090);
            assertThat(world.status(GROUP)).isEqualTo(Status.Waiting);
            world.resume("EcsService/app");
            converging(world);
            world.converged();
            assertThat(open(world)).containsExactly(9090);
        }
    }

    @Test
    void a_port_without_a_service_is_closed_with_the_same_call() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.groupInVpc(
                            "{'protocol':'tcp','fromPort':8080,'toPort':8080,'cidrIpv4':'10.0.0.0/16'}")))
                    .converged();
            int before = world.events("UpdateRequested").size();
            world.desire(Docs.of(
                    Docs.groupInVpc("{'protocol':'tcp','fromPort':9090,'toPort':9090,'cidrIpv4':'10.0.0.0/16'}")));

            world.converged();

            assertThat(world.events("UpdateRequested")).hasSize(before + 1);
        }
    }

    @Test
    void a_permission_is_withdrawn_only_after_the_last_task_that_has_it() {
        try (World world = new World()) {
            String other = ",{'policyName':'other','policyDocument':{'Version':'2012-10-17','Statement':["
                    + "{'Effect':'Allow','Action':'sqs:SendMessage','Resource':'arn:aws:sqs:eu-west-2:123456789012:old'}]}}";
            world.desire(documents("1", 8080, "old-data", other, "'" + READ_ONLY + "'"))
                    .converged();
            world.desire(documents("2", 9090, "new-data", "", ""));

            until(world, () -> isDone(world), () -> {
                Set<Integer> used = used(world);
                if (used.contains(8080)) {
                    assertThat(policies(world)).contains("old-data", "sqs:SendMessage", READ_ONLY);
                }
                if (used.contains(9090)) {
                    assertThat(policies(world)).contains("new-data");
                }
            });

            world.converged();
            assertThat(policies(world)).contains("new-data").doesNotContain("old-data", "sqs:", READ_ONLY);
        }
    }

    @Test
    void a_permission_that_somebody_grants_in_the_meantime_is_withdrawn_within_an_interval() {
        try (World world = new World()) {
            world.desire(documents("1", 8080, "old-data", "", "")).converged();
            world.desire(documents("bad", 9090, "new-data", "", ""));
            world.runUntil(() -> policies(world).contains("new-data"), ROLLOUT);
            world.run(LOOK);
            String role = world.resource(ROLE).physicalId();
            IamClient iam = world.somebody(IamClient.class);
            iam.putRolePolicy(r -> r.roleName(role)
                    .policyName("data")
                    .policyDocument(policies(world)
                            .lines()
                            .findFirst()
                            .orElseThrow()
                            .replaceAll(
                                    "]}\\[.*|]}$", ",{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}")));
            iam.putRolePolicy(
                    r -> r.roleName(role)
                            .policyName("evil")
                            .policyDocument(
                                    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"iam:*\",\"Resource\":\"*\"}]}"));
            assertThat(policies(world)).contains("\"*\"", "iam:*");

            world.run(INTERVAL);

            assertThat(policies(world))
                    .as(world.describe())
                    .contains("old-data", "new-data")
                    .doesNotContain("\"*\"", "iam:*");
        }
    }

    @Test
    void the_deletion_of_the_service_comes_before_the_withdrawal() {
        try (World world = running()) {
            String documents = documents("1", 9090);
            int service = documents.indexOf(",\n{'apiVersion':'holdfast.dev/v1','kind':'EcsService'");
            assertThat(service).isPositive();
            world.desire(documents.substring(0, service) + "]", Docs.UNLIMITED);

            world.converged();
            assertThat(open(world)).containsExactly(9090);
            assertThat(world.twin.log().writes().stream()
                            .filter(r -> "holdfast".equals(r.app()))
                            .map(LoggedRequest::operation))
                    .containsSubsequence(
                            "ec2:AuthorizeSecurityGroupIngress",
                            "ec2:AuthorizeSecurityGroupIngress",
                            "ecs:DeleteService",
                            "ec2:RevokeSecurityGroupIngress");
        }
    }
}
