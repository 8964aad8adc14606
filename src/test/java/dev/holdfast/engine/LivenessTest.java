package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.PassHealthCheck;
import dev.holdfast.api.RunningEngine;
import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.model.Event;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whether the passes of a process end, and the effects of a pass that does not end. */
class LivenessTest {
    private static HealthCheckResponse health(Engine engine) {
        RunningEngine running = new RunningEngine();
        running.started(engine, null, false);
        return new PassHealthCheck(running).call();
    }

    @Test
    void aHeldStackWithoutTheEndOfAPassForTenMinutesFailsIt() {
        try (StuckReplica a = new StuckReplica()) {
            Engine engine = a.replica.engine;
            a.world.until(
                    a.replica,
                    () -> engine.withoutPass().isEmpty()
                            && engine.stacks().get("two").awaitEnd(Duration.ofSeconds(30)));

            a.world.clock.advance(EngineConstants.PASS_MISSING.minusMinutes(1));
            assertThat(health(engine).getStatus()).isEqualTo(Status.UP);
            a.world.clock.advance(Duration.ofMinutes(2));

            HealthCheckResponse failed = health(engine);
            assertThat(failed.getStatus()).isEqualTo(Status.DOWN);
            assertThat(failed.getData().orElseThrow()).containsEntry("withoutPass", "one");
            a.passEnds();
            a.world.until(a.replica, () -> engine.withoutPass().isEmpty());
            assertThat(health(engine).getStatus()).isEqualTo(Status.UP);
        }
    }

    /** Another process holds the stack now, so that a restart of this process would not help. */
    @Test
    void aStackThatIsNotHeldAnyMoreDoesNotCount() {
        try (StuckReplica a = new StuckReplica()) {
            a.anotherTakesBothAndEnds();
            a.world.until(a.replica, () -> a.replica.holds().equals(Set.of("two")));

            a.world.clock.advance(EngineConstants.PASS_MISSING.plusMinutes(1));

            assertThat(a.replica.engine.withoutPass()).doesNotContain("one");
        }
    }

    @Test
    void withoutAnEngineItIsUp() {
        assertThat(new PassHealthCheck(new RunningEngine()).call().getStatus()).isEqualTo(Status.UP);
    }

    private static List<String> told(Replica replica) {
        return replica.events.stream()
                .filter(e -> e.reason().startsWith("Alerts"))
                .map(e -> e.severity() + " " + e.stack() + " " + e.reason())
                .toList();
    }

    @Test
    void anExceptionFromAlertsOrMetricsIsToldOnceAndEndsNoPass() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            AtomicReference<@Nullable String> failure = new AtomicReference<>("nobody foresaw this");
            a.afterPass(stack -> {
                String message = failure.get();
                if (message != null && stack.equals("one")) {
                    throw new IllegalStateException(message);
                }
            });

            world.run(Duration.ofMinutes(5), a);
            world.disturb("one");
            world.run(Duration.ofMinutes(2), a);

            assertThat(world.alarms("one")).isEqualTo(3);
            assertThat(told(a)).containsExactly("Alert one AlertsNotSent");
            assertThat(a.events)
                    .filteredOn(e -> e.severity() == Event.Severity.Alert)
                    .singleElement()
                    .satisfies(e -> assertThat(e.message()).contains("nobody foresaw this"));

            failure.set(null);
            world.run(Duration.ofMinutes(5), a);
            failure.set("again");
            world.run(Duration.ofMinutes(5), a);

            assertThat(told(a))
                    .containsExactly(
                            "Alert one AlertsNotSent", "Resolved one AlertsSentAgain", "Alert one AlertsNotSent");
        }
    }
}
