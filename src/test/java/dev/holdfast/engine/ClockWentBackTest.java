package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** A wall clock that goes back delays neither passes nor repairs: NTP corrects it, or a virtual machine is restored. */
class ClockWentBackTest {
    private static final Duration DAY = Duration.ofDays(1);
    /** The interval, with a tenth of it as jitter, and the second look at a missing object. */
    private static final Duration INTERVAL = Duration.ofSeconds(90);

    @Test
    void driftIsRepairedWithinTheInterval() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            world.run(Duration.ofMinutes(10), a);
            Map<String, Integer> passes = new ConcurrentHashMap<>();
            a.afterPass(stack -> passes.merge(stack, 1, Integer::sum));

            world.setBack(DAY);
            world.disturb("one");
            world.run(INTERVAL, a);

            assertThat(world.alarms("one")).isEqualTo(3);
            world.run(Duration.ofMinutes(10), a);
            assertThat(passes.get("two")).isBetween(9, 16);
            assertThat(a.view("two").lastGoodPassAt()).isBefore(world.wall.instant());
            assertThat(a.events)
                    .filteredOn(e -> e.reason().equals("ClockWentBack"))
                    .hasSize(2);
        }
    }

    @Test
    void aFailedStepIsTriedAgainAfterItsPause() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            world.twin.faults().add("cloudwatch:PutMetricAlarm", new TwinFault.Deny());
            world.desire(2);
            world.run(Duration.ofSeconds(30), a);
            assertThat(a.view("one").status()).isEqualTo(Status.Failed.name());
            world.twin.faults().clear();

            world.setBack(DAY);
            world.run(Duration.ofMinutes(7), a);

            assertThat(a.view("one").converged()).isTrue();
            assertThat(a.view("one").revision()).isEqualTo(world.revision("one"));
        }
    }

    /** A new object that is missing may be invisible for some minutes, but not for a day. */
    @Test
    void theGracePeriodOfANewResourceEnds() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");

            world.setBack(DAY);
            world.disturb("one");
            world.run(EngineConstants.CREATE_GRACE.plusMinutes(3), a);

            assertThat(world.alarms("one")).isEqualTo(3);
        }
    }

    /** The records in the state have times of the clock before it went back. */
    @Test
    void theGracePeriodsEndForTheNextProcessToo() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            a.engine.close();

            world.setBack(DAY);
            Replica b = world.start("B");
            world.run(Duration.ofSeconds(30), b);
            world.disturb("two");
            world.run(EngineConstants.CREATE_GRACE.plusMinutes(3), b);

            assertThat(world.alarms("two")).isEqualTo(3);
        }
    }

    /** Two writes within the pause before a repair is judged, one before and one after the clock went back. */
    @Test
    void aRepairThatIsUndoneIsRepairedAgain() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            world.run(Duration.ofMinutes(10), a);
            for (int i = 0; i < 3; i++) {
                world.disturb("one");
                world.run(INTERVAL, a);
            }
            assertThat(world.alarms("one")).isEqualTo(3);

            world.setBack(DAY);
            world.disturb("one");
            world.run(Duration.ofMinutes(10), a);

            assertThat(world.alarms("one")).isEqualTo(3);
        }
    }

    /** The clock went back by less than the time since the last pass. */
    @Test
    void aLongIntervalBecomesNoLonger() {
        try (Replicas world = new Replicas()) {
            world.daily();
            Replica a = world.holder("A");
            world.run(Duration.ofMinutes(20), a);
            Map<String, Integer> passes = new ConcurrentHashMap<>();
            a.afterPass(stack -> passes.merge(stack, 1, Integer::sum));

            world.setBack(Duration.ofMinutes(10));
            world.run(Duration.ofSeconds(5), a);

            assertThat(passes).containsOnlyKeys("one", "two");
        }
    }

    /** A clock that goes back by a little, as a correction by NTP does, makes nothing due. */
    @Test
    void aSmallCorrectionCausesNoPass() {
        try (Replicas world = new Replicas()) {
            world.daily();
            Replica a = world.holder("A");
            Map<String, Integer> passes = new ConcurrentHashMap<>();
            a.afterPass(stack -> passes.merge(stack, 1, Integer::sum));

            for (int i = 0; i < 20; i++) {
                world.setBack(Duration.ofSeconds(1));
                world.run(Duration.ofSeconds(10), a);
            }

            assertThat(List.copyOf(passes.values())).isEmpty();
        }
    }
}
