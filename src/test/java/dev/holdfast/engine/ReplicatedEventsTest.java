package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.events.ChangeEvents;
import dev.holdfast.events.EventRoute;
import dev.holdfast.model.ChangeAuthor;
import dev.holdfast.model.ChangeAuthor.IdentityType;
import dev.holdfast.model.ChangeHint;
import dev.holdfast.model.ResourceId;
import dev.holdfast.twin.LoggedRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.MetricAlarm;

/** Two processes of the operator with one queue of events and one state; passes come once a day. */
class ReplicatedEventsTest {
    private static final Duration LEASE = Duration.ofSeconds(45);
    private static final ResourceId ALARM = ResourceId.parse("Alarm/a0");

    /** A holds both stacks, and the queue contains no events of the first deployment any more. */
    private static Replica holder(Replicas world, EventRoute route) {
        Replica a = world.start("A");
        a.reader(route);
        world.run(Duration.ofMinutes(1), a);
        assertThat(a.holds()).containsExactly("one", "two");
        world.clock.advance(Duration.ofMinutes(1));
        route.sqs.purgeQueue(r -> r.queueUrl(route.url));
        return a;
    }

    private static String physicalId(Replica replica) {
        return Objects.requireNonNull(
                Objects.requireNonNull(replica.view("one").resources().get(ALARM))
                        .physicalId());
    }

    private static void raiseThreshold(EventRoute route, String alarm, String person) {
        CloudWatchClient client = route.person(CloudWatchClient.class, person);
        MetricAlarm now =
                client.describeAlarms(r -> r.alarmNames(alarm)).metricAlarms().getFirst();
        client.putMetricAlarm(r -> r.alarmName(alarm)
                .namespace(now.namespace())
                .metricName(now.metricName())
                .statistic(now.statistic())
                .period(now.period())
                .evaluationPeriods(now.evaluationPeriods())
                .comparisonOperator(now.comparisonOperator())
                .threshold(99.0));
    }

    private static boolean isRepaired(Replica replica) {
        return replica.view("one").drift().stream()
                .anyMatch(item -> item.resource().equals(ALARM) && item.state() == DriftItem.DriftState.Repaired);
    }

    private static ChangeAuthor author(Replica replica) {
        return Objects.requireNonNull(replica.view("one").drift().stream()
                .filter(item -> item.resource().equals(ALARM))
                .findFirst()
                .orElseThrow()
                .by());
    }

    /** Advances the clock; the test decides which process reads the queue. */
    private static Duration run(Replicas world, ChangeEvents reader, List<Replica> replicas, Replica healer) {
        Duration took = Duration.ZERO;
        replicas.forEach(Replica::tick);
        while (!isRepaired(healer) && took.compareTo(Duration.ofMinutes(2)) < 0) {
            replicas.forEach(Replica::tick);
            reader.step();
            world.clock.advance(Duration.ofSeconds(1));
            took = took.plusSeconds(1);
        }
        return took;
    }

    private static List<LoggedRequest> writesSince(Replicas world, long sequence) {
        return world.writes().stream().filter(r -> r.sequence() > sequence).toList();
    }

    @Test
    @DisplayName("An event that one process reads is healed by the one that holds the stack, with its author, and once")
    void theHolderHealsWhatAnotherHasRead() {
        try (Replicas world = new Replicas().daily()) {
            EventRoute route = new EventRoute(world.twin);
            Replica a = holder(world, route);
            Replica b = world.start("B");
            ChangeEvents reader = b.reader(route);
            world.run(Duration.ofSeconds(3), a, b);
            assertThat(b.holds()).isEmpty();
            long before = world.twin.log().requests().getLast().sequence();

            raiseThreshold(route, physicalId(a), "alice");
            Duration took = run(world, reader, List.of(a, b), a);

            assertThat(author(a).who()).isEqualTo("alice");
            assertThat(author(a).event()).isEqualTo("cloudwatch:PutMetricAlarm");
            // EventBridge takes 5 s, the debounce takes 2 s, and the holder checks every 2 s.
            assertThat(took).isLessThanOrEqualTo(Duration.ofSeconds(12));
            assertThat(writesSince(world, before))
                    .singleElement()
                    .satisfies(write -> assertThat(write.caller()).isEqualTo(a.key));
            assertThat(a.engine.inbox("one").read().hints()).isEmpty();
            // The state shows that the event of the repair is our own.
            for (int i = 0; i < 15; i++) {
                reader.step();
                world.run(Duration.ofSeconds(1), a, b);
            }
            assertThat(a.view("one").drift()).hasSize(1);
        }
    }

    @Test
    @DisplayName("A hint that reaches a process which ends goes to the one that takes the stack over")
    void anEndingProcessHandsOnWhatItReads() {
        try (Replicas world = new Replicas().daily()) {
            EventRoute route = new EventRoute(world.twin);
            Replica a = holder(world, route);
            ChangeEvents reader = a.reader(route);
            raiseThreshold(route, physicalId(a), "alice");
            a.engine.close();
            for (int i = 0; i < 10; i++) {
                reader.step();
                world.clock.advance(Duration.ofSeconds(1));
            }
            assertThat(a.engine.inbox("one").read().hints())
                    .singleElement()
                    .satisfies(hint -> assertThat(hint.resource()).isEqualTo(ALARM));

            Replica b = world.start("B");
            run(world, b.reader(route), List.of(b), b);

            assertThat(author(b).who()).isEqualTo("alice");
        }
    }

    @Test
    @DisplayName("Events that no pass has used when a process ends reach the process that takes over the stack")
    void anEndingProcessHandsOnWhatItHasNotTaken() {
        try (Replicas world = new Replicas().daily()) {
            EventRoute route = new EventRoute(world.twin);
            Replica a = holder(world, route);
            ChangeHint hint = new ChangeHint(
                    ALARM,
                    new ChangeAuthor(
                            "alice",
                            IdentityType.IamUser,
                            null,
                            null,
                            null,
                            world.clock.instant(),
                            "cloudwatch:PutMetricAlarm",
                            "e-1"));
            raiseThreshold(route, physicalId(a), "alice");
            Objects.requireNonNull(a.engine.stacks().get("one")).changed(List.of(hint));
            a.engine.close();

            Replica b = world.start("B");
            world.run(LEASE, b);

            assertThat(isRepaired(b)).isTrue();
            assertThat(author(b).eventId()).isEqualTo("e-1");
        }
    }

    @Test
    @DisplayName("The last calls of a process that ends are known to the next one as our own")
    void theLastCallsAreKept() {
        try (Replicas world = new Replicas().daily()) {
            EventRoute route = new EventRoute(world.twin);
            Replica a = holder(world, route);
            ChangeEvents first = a.reader(route);
            raiseThreshold(route, physicalId(a), "alice");
            world.clock.advance(Duration.ofMinutes(1));
            route.sqs.purgeQueue(r -> r.queueUrl(route.url));
            Objects.requireNonNull(a.engine.stacks().get("one")).requestFull();
            first.close(() -> {
                a.tick();
                a.engine.close();
            });
            assertThat(isRepaired(a)).isTrue();

            Replica b = world.start("B");
            ChangeEvents second = b.reader(route);
            for (int i = 0; i < 60; i++) {
                second.step();
                world.run(Duration.ofSeconds(1), b);
            }

            assertThat(second.status().counts().ours()).isPositive();
            assertThat(second.status().counts().hints()).isZero();
        }
    }
}
