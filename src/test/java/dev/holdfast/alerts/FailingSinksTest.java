package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** An alert that a sink does not accept is sent again or dropped with an event, and delays no other work. */
class FailingSinksTest extends AlertServiceFixture {
    @Test
    void whatASinkThrowsIsItsOwnFailureAndIsTold() {
        b.breaks = true;
        passed(STALLED);
        passed(STALLED);

        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(b.tries).isEqualTo(1);
        assertThat(reasons()).contains("Warning AlertSinkFailing");

        b.breaks = false;
        clock.advance(Duration.ofMinutes(5));
        passed(STALLED);

        assertThat(b.taken).containsExactly("Began Invalid");
    }

    @Test
    void aSinkThatFailsIsTriedAgainEverMoreSlowlyAndReportedOnce() {
        a.failure = NotDeliveredException.tryAgain("HTTP 503");
        passed(STALLED);
        int tries = 0;
        for (int second = 0; second < 3600; second++) {
            clock.advance(Duration.ofSeconds(1));
            alerts.tick(stack -> true);
            tries = a.tries;
        }

        // 2, 4, … 256 s, and then every 5 minutes.
        assertThat(tries).isBetween(17, 21);
        assertThat(b.taken).containsExactly("Began Invalid");
        assertThat(reasons()).containsExactly("Alert Invalid", "Warning AlertSinkFailing");
        SinkStatus status = alerts.sinks().stream()
                .filter(s -> s.name().equals("a"))
                .findFirst()
                .orElseThrow();
        assertThat(status.failure()).isEqualTo("HTTP 503");
        assertThat(status.failures()).isEqualTo(tries);
        assertThat(status.queued()).isEqualTo(1);
        assertThat(status.failingSince()).isEqualTo(Views.START);

        a.failure = null;
        clock.advance(Duration.ofMinutes(5));
        alerts.tick(stack -> true);

        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(reasons()).last().isEqualTo("Info AlertSinkRecovered");
    }

    @Test
    void aClockThatWentBackDelaysNoDelivery() {
        a.failure = NotDeliveredException.tryAgain("HTTP 503");
        passed(STALLED);
        a.failure = null;

        clock.advance(Duration.ofDays(-1));
        clock.advance(Duration.ofMinutes(5));
        alerts.tick(stack -> true);

        assertThat(a.taken).containsExactly("Began Invalid");
    }

    @Test
    void aClockThatWentBackDelaysNoSave() {
        store.refuse("alerts.json", () -> new UncheckedIOException(new IOException("the disk is full")));
        passed(STALLED);
        store.refuseNothing();

        clock.advance(Duration.ofDays(-1));
        clock.advance(Duration.ofMinutes(1));
        passed(STALLED);

        assertThat(store.text()).contains("Vpc/main");
    }

    @Test
    void whatASinkRefusesIsDroppedLoudlyAndTheNextOneSent() {
        a.failure = NotDeliveredException.refused("HTTP 400");
        passed(STALLED);
        a.failure = null;
        clock.advance(Duration.ofSeconds(2));
        passed(Views.fine());

        assertThat(a.taken).containsExactly("Over Invalid");
        assertThat(reasons()).contains("Alert AlertDropped");
        assertThat(alerts.sinks()).anyMatch(s -> s.name().equals("a") && s.dropped() == 1);
    }

    @Test
    void whenTooMuchWaitsTheOldestAreDroppedLoudly() {
        a.failure = NotDeliveredException.tryAgain("down");
        Views views = Views.of();
        IntStream.range(0, SinkDelivery.HOLDS + 5).forEach(i -> views.condition("Reason" + i, "no"));

        passed(views.view());

        assertThat(b.taken).hasSize(SinkDelivery.HOLDS);
        assertThat(reasons().stream().filter(r -> r.equals("Alert AlertDropped")))
                .hasSize(10);
        assertThat(alerts.sinks()).allMatch(s -> s.dropped() == 5);
        assertThat(alerts.openOf("prod")).isEqualTo(SinkDelivery.HOLDS + 5);
    }

    @Test
    void whatASinkHasNotTakenForFourHoursIsDropped() {
        a.failure = NotDeliveredException.tryAgain("down");
        passed(STALLED);
        clock.advance(Duration.ofHours(4));
        alerts.tick(stack -> true);

        assertThat(reasons()).contains("Alert AlertDropped");
    }

    @Test
    void aSinkThatHangsHoldsNoPassUp() throws InterruptedException {
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Sink stuck = new Sink() {
            @Override
            public String name() {
                return "stuck";
            }

            @Override
            public void send(Alert alert) throws NotDeliveredException {
                hanging.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw NotDeliveredException.tryAgain("interrupted");
                }
            }
        };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            alerts = new AlertService(store, clock, List.of(stuck, b), threads);
            passed(STALLED);
            assertThat(hanging.await(10, TimeUnit.SECONDS)).isTrue();

            // All these calls return although the sink never answers.
            passed(Views.fine());
            passed(STALLED);

            assertThat(alerts.openOf("prod")).isEqualTo(1);
            release.countDown();
        }
    }
}
