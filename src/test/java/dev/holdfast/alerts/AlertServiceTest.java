package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.MemoryStore;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Event;
import dev.holdfast.model.Status;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.twin.DrivenClock;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Alerts survive the process, follow the lease, and are retried if a sink fails. */
class AlertServiceTest {
    private static final StackView STALLED = stalled("Vpc/main");

    private final DrivenClock clock = new DrivenClock(Views.START);
    private final MemoryStore store = new MemoryStore();
    private final List<Event> events = new ArrayList<>();
    private final EventLog log = new EventLog("prod", clock, events::add);
    private final FakeSink a = new FakeSink("a");
    private final FakeSink b = new FakeSink("b");
    private AlertService alerts = start();

    private static StackView stalled(String id) {
        return Views.of().with(id, Status.Stalled, "Invalid", "no").view();
    }

    private AlertService start() {
        return new AlertService(store, clock, List.of(a, b), Runnable::run);
    }

    private void passed(StackView view) {
        alerts.passed(view, log, 1);
        alerts.tick(stack -> true);
    }

    private List<String> reasons() {
        return events.stream().map(e -> e.severity() + " " + e.reason()).toList();
    }

    @Test
    void everySinkAndTheEventsAreToldOnceAndWhenItIsOver() {
        passed(STALLED);
        passed(STALLED);
        passed(Views.fine());
        passed(Views.fine());

        assertThat(a.taken).containsExactly("Began Invalid", "Over Invalid");
        assertThat(b.taken).isEqualTo(a.taken);
        assertThat(reasons()).containsExactly("Alert Invalid", "Resolved Invalid");
        assertThat(alerts.open()).isEmpty();
    }

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
    void theNextProcessDoesNotTellAgainAndKnowsWhatIsOver() {
        passed(STALLED);
        clock.advance(Duration.ofHours(1));
        alerts = start();

        passed(STALLED);
        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(alerts.openOf("prod")).isEqualTo(1);

        passed(Views.fine());
        assertThat(a.taken).containsExactly("Began Invalid", "Over Invalid");
    }

    @Test
    void whatASinkHadNotTakenWhenTheProcessDiedTheNextOneSends() {
        b.failure = NotDeliveredException.tryAgain("down");
        passed(STALLED);
        passed(Views.fine());
        assertThat(b.taken).isEmpty();

        b.failure = null;
        alerts = start();
        passed(Views.fine());

        assertThat(a.taken).containsExactly("Began Invalid", "Over Invalid");
        // Only the end of the alert remains to be sent.
        assertThat(b.taken).containsExactly("Over Invalid");
        clock.advance(Duration.ofMinutes(1));
        alerts = start();
        passed(Views.fine());
        assertThat(b.taken).hasSize(1);
    }

    @Test
    void whoDiesBetweenRememberingAndSendingHasItSentByTheNext() {
        alerts.passed(STALLED, log, 1);
        assertThat(a.taken).isEmpty();

        alerts = start();
        passed(STALLED);

        assertThat(a.taken).containsExactly("Began Invalid");
    }

    /** One cause affects many resources: the API and the events list each of them, and people receive one message. */
    @Test
    void whatOnePassTellsOfOneKindIsOneMessage() {
        Views denied = Views.of();
        IntStream.range(10, 50)
                .forEach(i -> denied.with("Role/r" + i, Status.Failed, "DENIED", "iam:CreateRole AccessDenied: no"));
        denied.with("Vpc/main", Status.Stalled, "Invalid", "no");

        passed(denied.view());
        passed(denied.view());
        assertThat(a.taken).containsExactlyInAnyOrder("Began ResourceFailed", "Began Invalid");
        assertThat(alerts.open()).hasSize(41);
        assertThat(events).hasSize(41);
        assertThat(a.alerts)
                .filteredOn(alert -> alert.reason().equals("ResourceFailed"))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.title()).isEqualTo("Warning: prod 40 resources ResourceFailed");
                    assertThat(alert.message())
                            .startsWith("40 resources:\nRole/r10: DENIED: iam:CreateRole")
                            .contains("Role/r19")
                            .doesNotContain("Role/r20")
                            .endsWith("and 30 more");
                });

        clock.advance(AlertRules.REPEAT);
        passed(denied.view());
        passed(Views.fine());
        assertThat(a.taken)
                .containsExactlyInAnyOrder(
                        "Began ResourceFailed",
                        "Began Invalid",
                        "Lasts ResourceFailed",
                        "Lasts Invalid",
                        "Over ResourceFailed",
                        "Over Invalid");
        assertThat(alerts.open()).isEmpty();
        assertThat(store.text()).doesNotContain("Role/r");
    }

    @Test
    void whatIsToldTogetherAndWasNotTakenTheNextProcessTellsTogether() {
        b.failure = NotDeliveredException.tryAgain("down");
        Views two = Views.of()
                .with("Vpc/a", Status.Stalled, "Invalid", "no")
                .with("Vpc/b", Status.Stalled, "Invalid", "no");
        passed(two.view());

        b.failure = null;
        alerts = start();
        passed(two.view());

        assertThat(b.taken).containsExactly("Began Invalid");
        assertThat(a.taken).containsExactly("Began Invalid");
    }

    @Test
    void withoutTheLeaseNothingIsToldNorRemembered() {
        alerts.passed(STALLED, log, 0);
        alerts.tick(stack -> true);

        assertThat(a.taken).isEmpty();
        assertThat(events).isEmpty();
        assertThat(store.text()).isEmpty();
    }

    @Test
    void ofTwoThatThinkTheyHoldTheLeaseOneTells() {
        passed(Views.of().with("Vpc/other", Status.Stalled, "Invalid", "no").view());
        AlertService slow = alerts;
        alerts = start();
        passed(Views.of()
                .with("Vpc/other", Status.Stalled, "Invalid", "no")
                .with("Vpc/main", Status.Stalled, "Invalid", "no")
                .view());
        int told = a.taken.size();

        slow.passed(
                Views.of()
                        .with("Vpc/other", Status.Stalled, "Invalid", "no")
                        .with("Vpc/main", Status.Stalled, "Invalid", "no")
                        .view(),
                log,
                1);
        slow.tick(stack -> true);

        assertThat(a.taken).hasSize(told);
    }

    @Test
    void whoGetsTheLeaseBackReadsWhatWasToldMeanwhile() {
        passed(Views.fine());
        AlertService other = start();
        other.passed(STALLED, log, 2);
        other.tick(stack -> true);

        alerts.passed(STALLED, log, 3);
        alerts.tick(stack -> true);

        assertThat(a.taken).containsExactly("Began Invalid");
    }

    @Test
    void aStackThatIsNoLongerHeldIsNoLongerToldOf() {
        a.failure = NotDeliveredException.tryAgain("down");
        passed(STALLED);

        alerts.tick(stack -> false);
        a.failure = null;
        clock.advance(Duration.ofMinutes(10));
        alerts.tick(stack -> false);

        assertThat(a.taken).isEmpty();
        assertThat(alerts.open()).isEmpty();
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

    @Test
    void aStateThatCannotBeWrittenSilencesNobody() {
        MemoryStore kept = new MemoryStore();
        boolean[] down = {true};
        ObjectStore broken = new ObjectStore() {
            private void check() {
                if (down[0]) {
                    throw new UncheckedIOException(new java.io.IOException("down"));
                }
            }

            @Override
            public @Nullable Stored get(String key) {
                check();
                return kept.get(key);
            }

            @Override
            public String put(String key, byte[] content) {
                check();
                return kept.put(key, content);
            }

            @Override
            public String putIf(String key, byte[] content, @Nullable String etag) {
                check();
                return kept.putIf(key, content, etag);
            }

            @Override
            public void delete(String key) {
                throw new UnsupportedOperationException();
            }

            @Override
            public List<String> list(String prefix) {
                throw new UnsupportedOperationException();
            }

            @Override
            public String location() {
                return "broken";
            }
        };
        alerts = new AlertService(broken, clock, List.of(a), Runnable::run);
        passed(STALLED);
        passed(STALLED);
        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(reasons()).containsOnlyOnce("Warning AlertsNotKept").doesNotContain("Resolved AlertsKept");

        down[0] = false;
        clock.advance(Duration.ofMinutes(1));
        passed(STALLED);

        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(kept.text()).contains("Vpc/main");
        assertThat(reasons()).containsOnlyOnce("Warning AlertsNotKept", "Resolved AlertsKept");
    }

    @Test
    void aMemoryThatCannotBeReadIsBegunAfresh() {
        store.put("stacks/prod/alerts.json", "not json".getBytes(java.nio.charset.StandardCharsets.UTF_8));

        passed(STALLED);

        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(store.text()).doesNotContain("not json").contains("Vpc/main");
        passed(STALLED);
        assertThat(events)
                .filteredOn(e -> e.reason().equals("AlertMemoryUnreadable"))
                .singleElement()
                .satisfies(e -> assertThat(e.message()).contains("stacks/prod/alerts.json", "once more"));
    }
}
