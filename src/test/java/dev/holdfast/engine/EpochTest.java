package dev.holdfast.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.Replicas.Replica;
import dev.holdfast.model.Condition;
import dev.holdfast.state.Lease;
import dev.holdfast.twin.TwinFault;
import dev.holdfast.twin.TwinFaultRule;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * A pass writes only under the epoch of the lease with which it began, and a stuck pass does not block another process.
 * On a busy machine, the driven clock may pass the end of a lease before its renewal ends; the process takes such a lease
 * again. The tests therefore wait for the leases that a process holds in the end.
 */
class EpochTest {
    @Test
    void aPassThatBeganUnderOneLeaseWritesNothingOnceTheLeaseWasLostAndIsFreeAgain() {
        try (StuckReplica a = new StuckReplica()) {
            a.anotherTakesBothAndEnds();
            assertThat(a.world.alarms("one")).isEqualTo(3);
            a.disturbAll("one");
            long before = a.writes();

            a.world.until(a.replica, () -> a.replica.holds().equals(Set.of("two")));
            a.passEnds();

            assertThat(a.writes()).isEqualTo(before);
            assertThat(a.world.alarms("one")).isZero();

            a.world.until(
                    a.replica,
                    () -> a.world.alarms("one") == 3 && a.replica.holds().equals(Set.of("one", "two")));
            assertThat(a.writes()).isEqualTo(before + 3);
        }
    }

    @Test
    void aStuckPassKeepsItsOwnStackFromBeingTakenAgainAndNoOther() {
        try (StuckReplica a = new StuckReplica()) {
            a.anotherTakesBothAndEnds();

            a.world.until(a.replica, () -> a.replica.holds().equals(Set.of("two")));
            a.disturbAll("two");
            a.replica.engine.stacks().get("two").requestFull();
            a.world.until(a.replica, () -> a.world.alarms("two") == 3);
            // This time is longer than a lease, so that the lease is renewed.
            a.world.clock.advance(Duration.ofSeconds(15));
            a.world.until(a.replica, () -> a.replica.view("two").converged());
            a.world.clock.advance(Duration.ofSeconds(15));
            a.world.until(
                    a.replica,
                    () -> a.replica.view("two").converged() && a.replica.holds().equals(Set.of("two")));

            assertThat(a.replica.view("one").status()).isEqualTo(StackView.STANDING_BY);
            assertThat(a.replica.view("one").conditions())
                    .extracting(Condition::reason)
                    .containsExactly("PassNotEnded");
        }
    }

    /** The lease is renewed while the pass waits: no other process takes the stack, and the pass continues. */
    @Test
    void aStuckPassWhoseLeaseIsRenewedGoesOn() {
        try (StuckReplica a = new StuckReplica()) {
            Replica b = a.world.start("B");
            for (int i = 0; i < 6; i++) {
                String before = a.world.lease("one");
                a.world.clock.advance(Lease.RENEW);
                a.world.until(a.replica, () -> !a.world.lease("one").equals(before));
                b.tick();
            }
            long before = a.writes();

            a.answer.countDown();
            a.world.until(a.replica, () -> a.world.alarms("one") == 3);

            assertThat(b.holds()).isEmpty();
            assertThat(a.writes()).isEqualTo(before + 2);
        }
    }

    @Test
    void aReplicaThatEndsLetsGoOfTheStacksWhosePassesHaveEnded() throws InterruptedException {
        try (StuckReplica a = new StuckReplica()) {
            Thread closing = Thread.ofVirtual().start(a.replica.engine::close);
            Replica b = a.world.start("B");

            a.world.until(b, () -> b.holds().contains("two"));

            assertThat(b.holds()).containsExactly("two");
            a.answer.countDown();
            closing.join();
            a.world.until(b, () -> b.holds().contains("one"));
        }
    }

    @Test
    void whoDoesNotHoldAStackSaysWhoDoes() {
        try (Replicas world = new Replicas()) {
            Replica a = world.holder("A");
            Replica b = world.start("B");

            world.run(Duration.ofSeconds(30), a, b);

            for (String stack : Set.of("one", "two")) {
                assertThat(b.view(stack).status()).isEqualTo(StackView.STANDING_BY);
                assertThat(b.view(stack).conditions()).singleElement().satisfies(c -> {
                    assertThat(c.reason()).isEqualTo("LeaseHeldElsewhere");
                    assertThat(c.message()).contains("operator A ", "since 2026-01-01T00:00:0", "takes the stack over");
                });
            }
            a.engine.close();
            world.run(Duration.ofSeconds(15), b);
            assertThat(b.view("one").status()).isEqualTo("Synced");
            assertThat(b.view("one").conditions()).isEmpty();
        }
    }

    @Test
    void whoCannotReachTheLeaseSaysSo() {
        try (Replicas world = new Replicas()) {
            Replica a = world.start("A");
            world.twin
                    .faults()
                    .add(TwinFaultRule.on("s3:GetObject", new TwinFault.Deny()).by(a.key));

            world.run(Duration.ofSeconds(3), a);

            assertThat(a.view("one").conditions()).singleElement().satisfies(c -> {
                assertThat(c.reason()).isEqualTo("LeaseUnreachable");
                assertThat(c.message()).contains("neither read nor taken");
            });
        }
    }
}
