package dev.holdfast.state;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.holdfast.aws.CallContext;
import dev.holdfast.state.LeaseWorld.Cut;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final Duration CALL = Duration.ofSeconds(10);

    private final LeaseWorld world = new LeaseWorld();
    private final Lease a = world.lease("a", CALL);
    private final Lease b = world.lease("b", CALL);

    @Test
    void theFirstTakesIt() {
        assertThat(a.tryAcquire()).isTrue();
        assertThat(b.tryAcquire()).isFalse();

        assertThat(a.mayWrite()).isTrue();
        assertThat(b.mayWrite()).isFalse();
        assertThat(a.epoch()).isEqualTo(1);
    }

    @Test
    void writesEndBeforeItDoes() {
        a.tryAcquire();

        world.pass(Duration.ofSeconds(18));

        assertThat(a.mayWrite()).isFalse();
        assertThat(a.isHeld()).isTrue();
    }

    @Test
    void renewalsKeepIt() {
        a.tryAcquire();
        for (int i = 0; i < 20; i++) {
            world.pass(Lease.RENEW);
            assertThat(b.tryAcquire()).isFalse();
            assertThat(a.renew()).isTrue();
        }

        assertThat(a.mayWrite()).isTrue();
        assertThat(a.epoch()).isEqualTo(1);
    }

    @Test
    void aDeadHoldersLeaseIsTakenOverOnceItHasStayedTheSameForLongEnough() {
        a.tryAcquire();
        world.pass(Duration.ofSeconds(20));
        assertThat(b.tryAcquire()).isFalse();
        world.pass(Duration.ofSeconds(31));
        assertThat(b.tryAcquire()).as("31 s after it was first seen").isFalse();
        world.pass(Duration.ofSeconds(1));

        assertThat(b.tryAcquire()).isTrue();

        assertThat(b.epoch()).isEqualTo(2);
        assertThat(a.isHeld()).isFalse();
        assertThat(a.renew()).isFalse();
        assertThat(a.tryAcquire()).isFalse();
    }

    @Test
    void clocksOfOthersMeanNothing() {
        a.tryAcquire();
        world.wallOf("b", Duration.ofDays(365));

        b.tryAcquire();
        world.pass(Duration.ofSeconds(5));

        assertThat(b.tryAcquire()).isFalse();
    }

    @Test
    void aReleasedOneIsTakenAtOnce() {
        a.tryAcquire();

        a.release();

        assertThat(a.mayWrite()).isFalse();
        assertThat(b.tryAcquire()).isTrue();
        assertThat(b.epoch()).isEqualTo(2);
    }

    @Test
    void releasingWhatOthersHoldDoesNothing() {
        a.tryAcquire();
        b.tryAcquire();
        world.pass(Duration.ofSeconds(32));
        b.tryAcquire();

        a.release();

        assertThat(b.renew()).isTrue();
    }

    @Test
    void aFailedRenewalLeavesWhatWasHeld() {
        a.tryAcquire();
        world.pass(Lease.RENEW);
        world.cut(Cut.BEFORE);

        assertThatThrownBy(a::renew).isInstanceOf(UncheckedIOException.class);

        assertThat(a.mayWrite()).isTrue();
        world.pass(Duration.ofSeconds(8));
        assertThat(a.mayWrite()).as("18 s after it was taken").isFalse();
    }

    @Test
    void aRenewalWhoseAnswerWasLostIsFoundAgain() {
        a.tryAcquire();
        world.pass(Lease.RENEW);
        world.cut(Cut.AFTER);
        assertThatThrownBy(a::renew).isInstanceOf(UncheckedIOException.class);

        assertThat(a.renew()).isTrue();

        world.pass(Duration.ofSeconds(17));
        assertThat(a.mayWrite()).isTrue();
    }

    @Test
    void anAcquisitionWhoseAnswerWasLostIsFoundAgain() {
        world.cut(Cut.AFTER_WRITE);
        assertThatThrownBy(a::tryAcquire).isInstanceOf(UncheckedIOException.class);
        assertThat(a.mayWrite()).isFalse();

        assertThat(a.tryAcquire()).isTrue();

        assertThat(b.tryAcquire()).isFalse();
    }

    @Test
    void oneThatVanishedIsStillSomebodysForAWhile() {
        a.tryAcquire();
        b.tryAcquire();
        world.store().delete("stacks/s/lease.json");

        assertThat(b.tryAcquire()).isFalse();
        world.pass(Duration.ofSeconds(32));

        assertThat(b.tryAcquire()).isTrue();
        assertThat(b.epoch()).isEqualTo(2);
    }

    @Test
    void oneThatCannotBeReadIsSomebodysForAWhile() {
        world.store().put("stacks/s/lease.json", "nonsense".getBytes(UTF_8));
        assertThat(a.tryAcquire()).isFalse();
        world.pass(Duration.ofSeconds(32));

        assertThat(a.tryAcquire()).isTrue();
    }

    @Test
    void aMachineThatSleptDoesNotWrite() {
        a.tryAcquire();

        world.wallOf("a", Duration.ofMinutes(1));

        assertThat(a.mayWrite()).isFalse();
    }

    @Test
    void itsOwnWritesDoNotAskTheLease() {
        CallContext pass = new CallContext(() -> {
            throw new AssertionError("asked");
        });

        pass.run(() -> {
            a.tryAcquire();
            a.renew();
            a.release();
        });

        assertThat(world.gatesSeen()).isNotEmpty().doesNotContain(pass);
    }

    @Test
    void leavesNoLeaseWithoutTimeToWrite() {
        assertThatThrownBy(() -> world.lease("c", Duration.ofSeconds(30))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aPermitIsForOneEpoch() {
        BooleanSupplier none = a.permit();
        a.tryAcquire();
        BooleanSupplier first = a.permit();
        assertThat(none.getAsBoolean()).isFalse();
        assertThat(first.getAsBoolean()).isTrue();
        world.pass(Lease.RENEW);
        a.renew();
        assertThat(first.getAsBoolean()).isTrue();

        world.pass(Duration.ofSeconds(1));
        b.tryAcquire();
        world.pass(Duration.ofSeconds(32));
        b.tryAcquire();
        a.renew();
        b.release();
        a.tryAcquire();

        assertThat(a.epoch()).isEqualTo(3);
        assertThat(a.mayWrite()).isTrue();
        assertThat(first.getAsBoolean()).isFalse();
        assertThat(a.permit().getAsBoolean()).isTrue();
    }

    @Test
    void isDueByTheMonotonicClockHoweverTheWallClockIsSet() {
        a.tryAcquire();
        world.wallOf("a", Duration.ofDays(-365));
        assertThat(a.isDue()).isFalse();
        assertThat(a.mayWrite()).isTrue();

        world.pass(Lease.RENEW);

        assertThat(a.isDue()).isTrue();
        a.renew();
        assertThat(a.isDue()).isFalse();
        world.pass(Duration.ofSeconds(31));
        assertThat(a.mayWrite()).isFalse();
    }

    @Test
    void isRenewedAtOnceAfterTheMachineSlept() {
        a.tryAcquire();
        world.wallOf("a", Duration.ofHours(1));

        assertThat(a.mayWrite()).isFalse();
        assertThat(a.isDue()).isTrue();
        assertThat(a.tryAcquire()).isTrue();
        assertThat(a.mayWrite()).isTrue();
    }

    @Test
    void tellsWhoHoldsIt() {
        a.tryAcquire();
        assertThat(a.otherHolder()).isNull();
        b.isFree();

        assertThat(b.otherHolder().name()).isEqualTo("a");
        assertThat(b.otherHolder().since()).isEqualTo("1970-01-01T00:00:00Z");
        world.pass(Lease.RENEW);
        a.renew();
        b.isFree();
        assertThat(b.otherHolder().since()).isEqualTo("1970-01-01T00:00:00Z");
        assertThat(b.otherHolder().until()).isEqualTo("1970-01-01T00:00:40Z");
        a.release();
        assertThat(b.isFree()).isTrue();
        assertThat(b.otherHolder()).isNull();
    }
}
