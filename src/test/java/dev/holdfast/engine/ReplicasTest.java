package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.state.RefusalTrail.RefusalEntry;
import dev.holdfast.twin.LoggedRequest;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several processes with one writer for each stack: only the leases ensure this. */
class ReplicasTest {
    /** The duration of a lease, the tolerated difference between clocks, and one check. */
    private static final Duration LEASE = Duration.ofSeconds(30 + 2 + 10 + 1);

    private static Instant last(Replicas world, Replica of) {
        return world.writes().stream()
                .filter(r -> r.caller().equals(of.key))
                .map(LoggedRequest::at)
                .reduce((a, b) -> b)
                .orElse(Instant.MIN);
    }

    @Test
    void twoThatStartTogetherShareTheStacks() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            Replica b = world.start("B");

            world.run(Duration.ofMinutes(2), a, b);

            assertThat(a.holds()).hasSize(1);
            assertThat(b.holds()).hasSize(1).doesNotContainAnyElementsOf(a.holds());
            assertThat(world.alarms("one")).isEqualTo(3);
            assertThat(world.alarms("two")).isEqualTo(3);
            String ofA = a.holds().iterator().next();
            String ofB = b.holds().iterator().next();
            assertThat(a.view(ofA).converged()).isTrue();
            assertThat(b.view(ofB).converged()).isTrue();
            assertThat(world.writes()).hasSize(6);
        }
    }

    @Test
    void aRefusedRevisionIsInTheTrailOfTheOneThatHoldsTheStack() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            Replica b = world.start("B");
            world.run(Duration.ofSeconds(10), a, b);

            for (int commit = 0; commit < 8; commit++) {
                world.refuse("one", "no good: " + commit);
                world.run(Duration.ofSeconds(15), a, b);
            }
            world.run(Duration.ofSeconds(70), a, b);

            List<RefusalEntry> all = a.engine.refusals().after("", 100);
            assertThat(all).isEqualTo(b.engine.refusals().after("", 100)).hasSizeBetween(2, 4);
            assertThat(all.stream().flatMap(e -> e.refusals().stream()))
                    .hasSize(8)
                    .allSatisfy(r -> {
                        assertThat(r.refused().from()).isEqualTo("one");
                        assertThat(r.refused().why()).contains("no good: ");
                        assertThat(r.times()).isEqualTo(1);
                    });
        }
    }

    @Test
    void oneAloneTakesThemAll() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");

            world.run(Duration.ofSeconds(5), a);

            assertThat(a.holds()).containsExactly("one", "two");
        }
    }

    /** The process still runs, but all its calls are cut off. */
    @Test
    void theStackOfOneThatIsCutOffMovesWithinTheLeasesTime() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            Replica b = world.start("B");
            world.run(Duration.ofMinutes(2), a, b);
            String moved = a.holds().iterator().next();
            world.twin.faults().add(TwinFaultRule.on("*", new TwinFault.Cut()).by(a.key));
            Instant cut = world.clock.instant();
            world.disturb(moved);

            world.run(LEASE.plusSeconds(5), a, b);

            assertThat(b.holds()).containsExactly("one", "two");
            assertThat(a.holds()).isEmpty();
            assertThat(world.alarms(moved)).isEqualTo(3);
            assertThat(last(world, a)).isBefore(cut);
            assertThat(last(world, b)).isBefore(cut.plus(LEASE.plusSeconds(5)));
        }
    }

    @Test
    void oneThatEndsLetsGoAtOnce() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            Replica b = world.start("B");
            world.run(Duration.ofMinutes(2), a, b);

            a.engine.close();
            world.run(Duration.ofSeconds(12), b);

            assertThat(b.holds()).containsExactly("one", "two");
        }
    }

    /**
     * The first write takes so long that the lease ends, and another process takes the stack: the other writes are not
     * sent.
     */
    @Test
    void whoLosesTheLeaseInTheMiddleOfAPassWritesNoMore() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            world.run(Duration.ofMinutes(2), a);
            Replica b = world.start("B");
            world.run(Duration.ofSeconds(30), a, b);
            for (int i = 0; i < 3; i++) {
                world.disturb("one");
            }
            AtomicInteger begun = new AtomicInteger();
            world.twin.faults().afterWrite(request -> {
                boolean first = request.caller().equals(a.key)
                        && request.operation().equals("cloudwatch:PutMetricAlarm")
                        && begun.getAndIncrement() == 0;
                if (first) {
                    world.clock.advance(Duration.ofSeconds(40));
                }
            });
            world.run(Duration.ofSeconds(61), a);
            long before = world.alarms("one");
            assertThat(before).isEqualTo(1);

            world.run(Duration.ofMinutes(2), b);
            world.run(Duration.ofMinutes(3), a, b);

            assertThat(begun.get()).isEqualTo(1);
            assertThat(world.alarms("one")).isEqualTo(3);
            assertNoTwoAtOnce(world.writes(), a, b);
        }
    }

    /**
     * A process that gets a stack back has discarded its knowledge, because the other process may have made any change
     * since.
     */
    @Test
    void whoGetsAStackBackStartsOver() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            world.run(Duration.ofMinutes(2), a);
            world.twin.faults().add(TwinFaultRule.on("*", new TwinFault.Cut()).by(a.key));
            Replica b = world.start("B");
            world.run(Duration.ofMinutes(2), a, b);
            assertThat(b.holds()).containsExactly("one", "two");
            world.disturb("one");
            world.run(Duration.ofMinutes(2), b);
            long writes = world.writes().size();
            world.twin.faults().clear();

            b.engine.close();
            world.run(Duration.ofMinutes(2), a);

            assertThat(a.holds()).containsExactly("one", "two");
            assertThat(a.view("one").converged()).isTrue();
            assertThat(world.writes()).hasSize((int) writes);
            // A knows the repair by B from the state.
            assertThat(a.view("one").drift())
                    .anyMatch(
                            d -> d.state() == DriftItem.DriftState.Repaired && d.type() == DriftItem.DriftType.Missing);
        }
    }

    private static void assertNoTwoAtOnce(List<LoggedRequest> writes, Replica first, Replica second) {
        boolean moved = false;
        for (LoggedRequest write : writes) {
            moved |= write.caller().equals(second.key);
            if (moved) {
                assertThat(write.caller()).as(write.toString()).isNotEqualTo(first.key);
            }
        }
        assertThat(moved).isTrue();
    }
}
