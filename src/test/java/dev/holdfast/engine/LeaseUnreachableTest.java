package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.alerts.Alert;
import dev.holdfast.alerts.AlertService;
import dev.holdfast.alerts.InstallationStatus;
import dev.holdfast.alerts.Sink;
import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.events.EventsStatus;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A process without the lease of a stack makes no passes over it, so that no pass can report the cause. */
class LeaseUnreachableTest {
    private final List<Alert> sent = new ArrayList<>();

    private final Sink sink = new Sink() {
        @Override
        public String name() {
            return "a";
        }

        @Override
        public void send(Alert alert) {
            sent.add(alert);
        }
    };

    private List<String> reasons() {
        return sent.stream().map(a -> a.phase() + " " + a.reason()).toList();
    }

    /** Ticks as the daemon does. The state cannot be reached, so that the alerts have a store of their own. */
    private static void run(Replicas world, Replica replica, AlertService alerts, Duration time) {
        EventLog log = new EventLog("", world.clock, replica.events::add);
        for (long second = 0; second < time.toSeconds(); second++) {
            replica.tick();
            alerts.looked(InstallationStatus.of(replica.engine, EventsStatus.OFF), log);
            alerts.tick(replica.engine::holds);
            world.clock.advance(Duration.ofSeconds(1));
        }
    }

    /** The alerts of a replica that has held its stacks for two minutes, and that S3 refuses from now on. */
    private AlertService withoutState(Replicas world, Replica replica) {
        AlertService alerts = new AlertService(new MemoryStore(), world.clock, List.of(sink), Runnable::run);
        run(world, replica, alerts, Duration.ofMinutes(2));
        world.twin.faults().add(TwinFaultRule.on("s3:*", new TwinFault.Deny()).by(replica.key));
        return alerts;
    }

    @Test
    void aLeaseThatCannotBeRenewedForLongerThanItLastsIsACriticalAlert() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            AlertService alerts = withoutState(world, a);

            run(world, a, alerts, Duration.ofSeconds(40));
            assertThat(a.holds()).isEmpty();
            assertThat(sent).isEmpty();
            run(world, a, alerts, Duration.ofMinutes(2));

            assertThat(reasons()).containsExactly("Began LeaseUnreachable");
            assertThat(sent.getFirst().severity()).isEqualTo(Alert.AlertSeverity.Critical);
            assertThat(sent.getFirst().stack()).isNull();
            assertThat(sent.getFirst().message()).contains("one, two", "AccessDenied");

            world.twin.faults().clear();
            run(world, a, alerts, Duration.ofMinutes(1));

            assertThat(a.holds()).containsExactly("one", "two");
            assertThat(reasons()).containsExactly("Began LeaseUnreachable", "Over LeaseUnreachable");
        }
    }

    /** An outage that is shorter than the lease changes nothing. */
    @Test
    void aLeaseThatIsRenewedInTimeIsNoAlert() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            AlertService alerts = withoutState(world, a);
            run(world, a, alerts, Duration.ofSeconds(15));
            world.twin.faults().clear();

            run(world, a, alerts, Duration.ofMinutes(3));

            assertThat(a.holds()).containsExactly("one", "two");
            assertThat(sent).isEmpty();
        }
    }

    /** The lease of a replica that stands by is read, and not renewed. */
    @Test
    void aReplicaThatStandsByIsNoAlert() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            Replica b = world.start("B");
            AlertService alerts = new AlertService(new MemoryStore(), world.clock, List.of(sink), Runnable::run);
            for (int second = 0; second < 180; second++) {
                a.tick();
                run(world, b, alerts, Duration.ofSeconds(1));
            }

            assertThat(b.holds()).isEmpty();
            assertThat(sent).isEmpty();
        }
    }
}
