package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import dev.holdfast.store.ObjectStore.Stored;
import dev.holdfast.twin.TwinFault;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** The record of a resource is the same before and after a refused write, whatever refuses the write. */
class RefusedWriteTest {
    private static final String SERVICE = "EcsService/app";

    private enum Refusal {
        BY_AWS,
        BY_THE_LEASE;

        void begin(World world, String operation) {
            switch (this) {
                case BY_AWS -> world.twin.faults().add(operation, new TwinFault.Deny());
                case BY_THE_LEASE -> world.mayWrite = () -> false;
            }
        }

        void end(World world) {
            world.twin.faults().clear();
            world.mayWrite = () -> true;
        }
    }

    /** A write for each action: its operation, and the changes that cause the write. */
    private enum Action {
        CREATE("cloudwatch:PutMetricAlarm") {
            @Override
            void prepare(World world) {
                world.desire(Docs.of(Docs.alarm("b", 1), Docs.alarm("a", 1)));
            }
        },
        UPDATE("cloudwatch:PutMetricAlarm") {
            @Override
            void prepare(World world) {
                world.desire(Docs.of(Docs.alarm("b", 2)));
            }
        },
        REPAIR("cloudwatch:PutMetricAlarm") {
            @Override
            void prepare(World world) {
                String name = world.resource("Alarm/b").physicalId();
                world.somebody(CloudWatchClient.class)
                        .putMetricAlarm(Docs.theirAlarm(name, 9).build());
            }
        },
        DELETE("cloudwatch:DeleteAlarms") {
            @Override
            void prepare(World world) {
                world.desire(Docs.of(Docs.alarm("stays", 1)));
            }
        },
        REPLACE("ec2:CreateSecurityGroup") {
            @Override
            void prepare(World world) {
                world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "after", "")));
            }
        },
        REPLACE_DELETING_FIRST("ec2:DeleteSecurityGroup") {
            @Override
            void prepare(World world) {
                world.desire(named("after"));
            }
        },
        ADOPT("ec2:CreateTags") {
            @Override
            void prepare(World world) {
                String id = world.somebody(software.amazon.awssdk.services.ec2.Ec2Client.class)
                        .createVpc(r -> r.cidrBlock("10.0.0.0/16"))
                        .vpc()
                        .vpcId();
                String adopted = Docs.vpc("'lifecycle':{'adopt':'IfUnowned','id':'" + id + "'},");
                world.desire(Docs.of(Docs.alarm("b", 1), adopted));
            }
        };

        final String operation;

        Action(String operation) {
            this.operation = operation;
        }

        abstract void prepare(World world);
    }

    private static String named(String description) {
        return Docs.of(
                Docs.vpc(""),
                Docs.group("a", description, "'lifecycle':{'onReplace':'Allow'},")
                        .replace("'vpcId'", "'groupName':'fixed','vpcId'"));
    }

    private static World before(Action action) {
        World world = new World();
        switch (action) {
            case CREATE, UPDATE, REPAIR, ADOPT -> world.desire(Docs.of(Docs.alarm("b", 1)));
            case DELETE -> world.desire(Docs.of(Docs.alarm("b", 1), Docs.alarm("stays", 1)));
            case REPLACE -> world.desire(Docs.of(Docs.vpc(""), Docs.group("a", "before", "")));
            case REPLACE_DELETING_FIRST -> world.desire(named("before"));
        }
        world.converged();
        world.clock.advance(EngineConstants.WRITE_VISIBLE);
        return world;
    }

    private static Map<String, String> recorded(World world) {
        Map<String, String> all = new TreeMap<>();
        for (String key : world.store.list("stacks/test/resources/")) {
            Stored stored = world.store.get(key);
            all.put(key, new String(java.util.Objects.requireNonNull(stored).content(), StandardCharsets.UTF_8));
        }
        return all;
    }

    private static void refusedAndThenDone(Action action, Refusal refusal) {
        try (World world = before(action)) {
            Map<String, String> before = recorded(world);
            action.prepare(world);
            refusal.begin(world, action.operation);
            if (action == Action.ADOPT) {
                world.pass();
                world.approveHeld();
            }

            world.pass();
            world.pass();

            assertThat(recorded(world)).as(world.describe()).isEqualTo(before);
            assertThat(world.events)
                    .as("no event reports the refusal")
                    .anyMatch(e -> e.severity() == Event.Severity.Warning
                            && (e.reason().endsWith("Failed")));

            refusal.end(world);
            world.approveHeld();
            world.converge(Duration.ofMinutes(30));
            world.approveHeld();
            world.converged();
        }
    }

    @ParameterizedTest
    @EnumSource(Action.class)
    void byAws(Action action) {
        refusedAndThenDone(action, Refusal.BY_AWS);
    }

    @ParameterizedTest
    @EnumSource(Action.class)
    void byTheLease(Action action) {
        refusedAndThenDone(action, Refusal.BY_THE_LEASE);
    }

    /** The execution role may not read its secret yet, and the operator may no longer start a rollout. */
    private static World failedRollout() {
        World world = new World();
        world.twin.faults().add("ecs:UpdateService", new TwinFault.Deny());
        world.desire(service("secretsmanager:DescribeSecret"));
        return world.run(Duration.ofHours(1));
    }

    /** @param action the action that the execution role may call */
    private static String service(String action) {
        return Docs.service("app:1.0.0", 60, "key").replace("secretsmanager:GetSecretValue", action);
    }

    private static void assertHeld(World world) {
        assertThat(world.status(SERVICE)).as(world.describe()).isEqualTo(Status.Stalled);
        assertThat(world.resource(SERVICE).reason()).hasToString("RolloutHeld");
        assertThat(world.resource(SERVICE).message())
                .contains("ResourceInitializationError")
                .contains("AccessDenied");
    }

    private static long updates(World world) {
        return world.calls("ecs:UpdateService");
    }

    @Test
    void aRefusedRetryOfARolloutIsSentAgainAlsoByAnotherProcess() {
        try (World world = failedRollout()) {
            assertHeld(world);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("RolloutFailed"))
                    .hasSize(1);
            long refused = updates(world);
            world.twin.faults().clear();
            world.restart();
            world.desire(service("secretsmanager:GetSecretValue")).converged();

            assertThat(refused).isBetween(2L, 15L);
            assertThat(updates(world)).isEqualTo(refused + 1);
        }
    }

    /**
     * A process was killed after its record and before the call: the next process finds the failed rollout unchanged.
     */
    @Test
    void aRetryThatWasNeverSentLeavesTheHold() {
        try (World world = failedRollout()) {
            world.twin.faults().clear();
            world.twin.faults().add("ecs:UpdateService", new TwinFault.Fail());
            world.retry(SERVICE);
            world.run(Duration.ofSeconds(5));

            world.restart().run(Duration.ofMinutes(5));

            assertThat(world.status(SERVICE)).as(world.describe()).isEqualTo(Status.Stalled);
            assertThat(world.resource(SERVICE).reason()).hasToString("RolloutHeld");
        }
    }
}
