package dev.holdfast.twin.ecs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.kinds.ecs.EcsWorld;
import dev.holdfast.twin.DrivenClock;
import dev.holdfast.twin.InProcess;
import dev.holdfast.twin.TwinAccount;
import dev.holdfast.twin.store.TwinSettings;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ecs.model.DeploymentRolloutState;

/** ECS of the twin with a clock that runs on while a request is handled, as in the demo. */
class RunningClockTest {
    private static final Duration TICK = Duration.ofMillis(20);
    private static final int READS = 2_000;

    private final DrivenClock hand = new DrivenClock(Instant.parse("2025-01-01T00:00:00Z"));
    private final TwinSettings settings = new TwinSettings();
    private final EcsWorld world = new EcsWorld(
            hand,
            settings,
            new InProcess(new TwinAccount("123456789012", new Running(hand), settings, 1), "eu-west-2"));

    /** The tasks become healthy at another point of the handling of a request in each service. */
    @Test
    void aTargetThatBecomesHealthyWhileItsServiceIsReadCompletesTheRollout() {
        world.ecs.createCluster(r -> r.clusterName("main"));
        world.pass(Duration.ofMinutes(1));
        String definition = world.taskDefinition("api:1");
        List<String> names =
                IntStream.range(0, 30).mapToObj(i -> "service-" + i).toList();
        for (String name : names) {
            world.ecs.createService(r -> r.cluster("main")
                    .serviceName(name)
                    .taskDefinition(definition)
                    .desiredCount(2)
                    .launchType("FARGATE")
                    .loadBalancers(l -> l.targetGroupArn(world.targetGroup)
                            .containerName("api")
                            .containerPort(8080))
                    .networkConfiguration(n -> n.awsvpcConfiguration(
                            v -> v.subnets(world.subnetA, world.subnetB).securityGroups(world.group))));
            int reads = 0;
            while (state(name) != DeploymentRolloutState.COMPLETED && reads < READS) {
                reads++;
            }
        }

        assertThat(names).allSatisfy(name -> assertThat(state(name)).isEqualTo(DeploymentRolloutState.COMPLETED));
    }

    private DeploymentRolloutState state(String name) {
        return world.ecs
                .describeServices(r -> r.cluster("main").services(name))
                .services()
                .getFirst()
                .deployments()
                .getFirst()
                .rolloutState();
    }

    /** Shows a later time at each reading. */
    private static final class Running extends Clock {
        private final DrivenClock hand;

        Running(DrivenClock hand) {
            this.hand = hand;
        }

        @Override
        public Instant instant() {
            return hand.advance(TICK);
        }

        @Override
        public ZoneId getZone() {
            return hand.getZone();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
