package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import dev.holdfast.twin.store.Delay;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** A read that may be older than our own write proves neither drift nor a repair. */
class FreshnessTest {

    @Test
    void nothingThatWasJustMadeIsCalledDrifted() {
        for (Duration late : new Duration[] {Duration.ZERO, Duration.ofSeconds(10)}) {
            try (World world = new World()) {
                world.settings.delay(Delay.VISIBLE, late).delay(Delay.IAM_PROPAGATION, Duration.ofSeconds(10));

                world.desire(Docs.service("app:1.0.0", 60, "key")).converged();
                Map<String, Long> written = world.writes();
                world.pass();
                world.run(Duration.ofMinutes(5));

                assertThat(world.events).noneMatch(e -> e.reason().startsWith("Drift"));
                assertThat(world.writes()).isEqualTo(written);
            }
        }
    }

    @Test
    void aReadFromBeforeOurWriteIsNeitherReportedNorRepaired() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            world.clock.advance(Duration.ofMinutes(1));
            TwinFaultRule stale =
                    TwinFaultRule.on("cloudwatch:DescribeAlarms", new TwinFault.StaleRead(Duration.ofSeconds(10)));
            // From here on the twin keeps old answers.
            world.twin.faults().add(stale.withProbability(0));
            world.pass();
            world.desire(Docs.of(Docs.alarm("a", 2))).converged();
            Map<String, Long> written = world.writes();

            world.twin.faults().add(stale);
            world.pass();

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Progressing);
            assertThat(world.resource("Alarm/a").reason()).hasToString("AwaitingEffect");
            world.converged();
            world.run(Duration.ofMinutes(5));
            assertThat(world.events).noneMatch(e -> e.reason().startsWith("Drift"));
            assertThat(world.writes()).isEqualTo(written);
        }
    }

    @Test
    void whatReallyDriftedSoonAfterOurWriteIsRepairedALittleLater() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            String name = world.resource("Alarm/a").physicalId();
            world.somebody(CloudWatchClient.class)
                    .putMetricAlarm(Docs.theirAlarm(name, 9).build());

            world.pass();
            assertThat(world.view().drift()).isEmpty();
            world.run(Duration.ofSeconds(20));

            assertThat(world.view().drift())
                    .singleElement()
                    .satisfies(d -> assertThat(d.state()).isEqualTo(DriftItem.DriftState.Repaired));
        }
    }

    @Test
    void whatIsMissingSoonAfterOurWriteIsNotMadeAgain() {
        try (World world = new World()) {
            world.desire(Docs.of(Docs.alarm("a", 1))).converged();
            String name = world.resource("Alarm/a").physicalId();
            world.somebody(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(name));

            world.pass();

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Unknown);
            assertThat(world.view().drift()).isEmpty();
            world.run(Duration.ofSeconds(45));
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
        }
    }
}
