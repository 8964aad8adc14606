package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/**
 * The process ends during a write, however often: the write does not count as one without effect, because it may not
 * have been sent.
 */
class InterruptedWriteTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final int TIMES = 5;

    private static World alarms() {
        return new World().stateOnTwin().desire(Alarms.TWO).converged();
    }

    /** The process ends again and again before the write is sent. */
    private static void killed(World world, String operation) {
        for (int i = 0; i < TIMES; i++) {
            String caller = world.caller();
            world.twin
                    .faults()
                    .add(TwinFaultRule.on(operation, new TwinFault.CutAtWrite(1, false))
                            .by(caller));
            world.runUntil(() -> world.twin.faults().isCutOff(caller), HOUR);
            assertThat(world.twin.faults().isCutOff(caller)).as("kill %s", i).isTrue();
            world.restart();
        }
    }

    @Test
    void anUpdateIsTriedAgain() {
        try (World world = alarms()) {
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            Alarms.threshold(world, 9);

            killed(world, "cloudwatch:PutMetricAlarm");
            world.converged();

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
        }
    }

    /**
     * Another principal deletes the first alarm before a read shows it: only the process's memory distinguishes the
     * following creates.
     */
    @Test
    void aCreateIsTriedAgain() {
        try (World world = new World().stateOnTwin()) {
            AtomicBoolean first = new AtomicBoolean(true);
            world.twin.faults().afterWrite(request -> {
                if (Alarms.isPut(request) && first.getAndSet(false)) {
                    CloudWatchClient cloudWatch = world.somebody(CloudWatchClient.class);
                    String name = cloudWatch
                            .describeAlarms()
                            .metricAlarms()
                            .getFirst()
                            .alarmName();
                    cloudWatch.deleteAlarms(r -> r.alarmNames(name));
                }
            });
            world.desire(Docs.of(Docs.alarm("a", 1))).pass();
            assertThat(first).isFalse();

            killed(world, "cloudwatch:PutMetricAlarm");
            world.converged();

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void aDeletionIsTriedAgain() {
        try (World world = alarms()) {
            world.desire(Docs.of(Docs.alarm("b", 1)));

            killed(world, "cloudwatch:DeleteAlarms");
            world.converged();

            assertThat(world.owned()).containsOnlyKeys("Alarm/b");
        }
    }

    /** The process restarts after each write, and only the answer to the first write is forgotten. */
    @Test
    void restartsDoNotKeepAWriteWithoutEffectGoing() {
        try (World world = alarms()) {
            world.clock.advance(EngineConstants.WRITE_VISIBLE);
            Alarms.nothingHasEffect(world);
            int before = Alarms.puts(world).size();

            int most = 4;
            for (int i = 1; i <= most; i++) {
                int next = before + i;
                world.runUntil(() -> Alarms.puts(world).size() == next, HOUR);
                assertThat(Alarms.puts(world)).hasSize(next);
                world.restart();
            }
            world.run(HOUR);

            assertThat(Alarms.puts(world)).hasSize(before + most);
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Alarm/a").reason()).hasToString("NeverConverges");
        }
    }
}
