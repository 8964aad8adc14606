package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.model.Event;
import dev.holdfast.model.FieldChange;
import dev.holdfast.model.Status;
import dev.holdfast.twin.TwinFault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

/** The operator stops a write that has no effect, but not a write that another principal undoes again and again. */
class LoopBreakerTest {
    /** Once the permission is granted again, the operator continues by itself: no user has to request a retry. */
    @Test
    void aRefusedWriteIsNotOneWithoutEffect() {
        try (World world = Alarms.converged()) {
            Alarms.threshold(world, 9);
            world.twin.faults().add("cloudwatch:PutMetricAlarm", new TwinFault.Deny());
            int before = Alarms.puts(world).size();

            world.run(Duration.ofHours(1));

            assertThat(Alarms.puts(world)).hasSizeGreaterThan(before + 4);
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Failed);
            assertThat(world.resource("Alarm/a").message()).contains("AccessDenied");
            world.twin.faults().clear();
            world.run(EngineConstants.DENIED.multipliedBy(2));
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void threeWritesWithoutEffectAreEnough() {
        try (World world = Alarms.converged()) {
            Alarms.nothingHasEffect(world);
            int before = Alarms.puts(world).size();

            world.run(Duration.ofHours(2));
            world.restart().run(Duration.ofHours(1));

            assertThat(Alarms.puts(world)).hasSize(before + 3);
            assertThat(world.status("Alarm/a")).isEqualTo(Status.Stalled);
            assertThat(world.resource("Alarm/a").reason()).hasToString("NeverConverges");
            assertThat(world.view().drift())
                    .singleElement()
                    .satisfies(d -> assertThat(d.state()).isEqualTo(DriftItem.DriftState.Stalled));
            assertThat(world.status("Alarm/b")).isEqualTo(Status.Synced);
        }
    }

    /** A difference that has ended is not reported instead of the present differences. */
    @Test
    void theReportShowsTheFieldsThatDifferNow() {
        try (World world = Alarms.converged()) {
            String name = world.resource("Alarm/a").physicalId();
            world.twin.faults().add("cloudwatch:PutMetricAlarm", new TwinFault.Deny());
            Alarms.threshold(world, 9);
            world.pass();
            assertThat(paths(world, DriftItem.DriftState.Repairing)).containsExactly("/threshold");

            world.somebody(CloudWatchClient.class)
                    .putMetricAlarm(Docs.theirAlarm(name, 1).period(120).build());
            world.pass();

            assertThat(paths(world, DriftItem.DriftState.Repaired)).containsExactly("/threshold");
            assertThat(world.view().drift())
                    .filteredOn(d -> d.repairedAt() == null)
                    .singleElement()
                    .satisfies(d ->
                            assertThat(d.fields()).extracting(FieldChange::path).containsExactly("/period"));
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("DriftDetected"))
                    .hasSize(2);
            world.twin.faults().clear();
            world.converged();
            assertThat(world.view().drift()).hasSize(2).allMatch(d -> d.state() == DriftItem.DriftState.Repaired);
        }
    }

    private static List<String> paths(World world, DriftItem.DriftState state) {
        return world.view().drift().stream()
                .filter(d -> d.state() == state)
                .flatMap(d -> d.fields().stream())
                .map(FieldChange::path)
                .toList();
    }

    @Test
    void retryLetsItTryAgain() {
        try (World world = Alarms.converged()) {
            Alarms.nothingHasEffect(world);
            world.run(Duration.ofHours(1));
            int before = Alarms.puts(world).size();
            world.twin.faults().afterWrite(request -> {});

            world.retry("Alarm/a");
            world.converged();

            assertThat(Alarms.puts(world)).hasSize(before + 1);
        }
    }

    @Test
    void anotherDesiredValueIsAnotherTry() {
        try (World world = Alarms.converged()) {
            Alarms.nothingHasEffect(world);
            world.run(Duration.ofHours(1));
            world.twin.faults().afterWrite(request -> {});

            world.desire(Docs.of(Docs.alarm("a", 2), Docs.alarm("b", 1))).converged();

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
        }
    }

    @Test
    void somebodyWhoChangesItBackIsAnsweredForEverAndMoreSlowly() {
        try (World world = Alarms.converged()) {
            Instant end = world.clock.instant().plus(Duration.ofHours(2));
            List<DriftItem.DriftState> states = new ArrayList<>();
            double theirs = 9;
            while (world.clock.instant().isBefore(end)) {
                // The principal writes another value each time, so that the values do not identify a repeated edit.
                Alarms.threshold(world, theirs++);
                world.run(Duration.ofMinutes(1));
                world.view().drift().stream()
                        .filter(d -> d.repairedAt() == null)
                        .forEach(d -> states.add(d.state()));
            }

            List<Instant> puts = Alarms.puts(world);
            Instant last = puts.getLast();
            assertThat(last).isAfter(end.minus(Duration.ofMinutes(6)));
            assertThat(Duration.between(puts.get(puts.size() - 2), last))
                    .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(7));
            assertThat(puts).hasSizeLessThan(45);
            assertThat(world.view().drift()).anyMatch(d -> d.state() == DriftItem.DriftState.Contested);
            assertThat(states).contains(DriftItem.DriftState.Contested);
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("DriftContested"))
                    .singleElement()
                    .satisfies(e -> assertThat(e.severity()).isEqualTo(Event.Severity.Warning));
            assertThat(world.events).noneMatch(e -> e.message().contains("NeverConverges"));

            world.run(Duration.ofMinutes(50));

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
            assertThat(world.view().drift()).allMatch(d -> d.state() == DriftItem.DriftState.Repaired);
        }
    }

    @Test
    void somebodyWhoDeletesItIsAnsweredForEverAndMoreSlowly() {
        try (World world = Alarms.converged()) {
            String name = world.resource("Alarm/a").physicalId();
            Instant end = world.clock.instant().plus(Duration.ofMinutes(50));
            Set<String> reasons = new TreeSet<>();
            while (world.clock.instant().isBefore(end)) {
                if (world.owned().containsKey("Alarm/a")) {
                    world.somebody(CloudWatchClient.class).deleteAlarms(r -> r.alarmNames(name));
                }
                world.run(Duration.ofMinutes(1));
                reasons.add(String.valueOf(world.resource("Alarm/a").reason()));
                if (world.clock.instant().isAfter(end.minus(Duration.ofMinutes(25)))) {
                    assertThat(world.view().drift())
                            .filteredOn(d -> d.repairedAt() == null)
                            .singleElement()
                            .satisfies(d -> assertThat(d.state()).isEqualTo(DriftItem.DriftState.Contested));
                }
            }

            List<Instant> puts = Alarms.puts(world);
            assertThat(puts.getLast()).isAfter(end.minus(Duration.ofMinutes(6)));
            assertThat(Duration.between(puts.get(puts.size() - 2), puts.getLast()))
                    .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(7));
            assertThat(world.events)
                    .filteredOn(e -> e.reason().equals("DriftContested"))
                    .hasSize(1);
            assertThat(reasons).contains("Contested");

            world.restart().run(Duration.ofMinutes(40));

            assertThat(world.status("Alarm/a")).isEqualTo(Status.Synced);
            assertThat(world.view().drift()).allMatch(d -> d.state() == DriftItem.DriftState.Repaired);
        }
    }
}
