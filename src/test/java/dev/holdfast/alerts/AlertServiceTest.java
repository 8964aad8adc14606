package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.MemoryStore;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Status;
import dev.holdfast.store.ForwardingStore;
import dev.holdfast.store.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Alerts survive the process, and follow the lease. */
class AlertServiceTest extends AlertServiceFixture {
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
    void aStateThatCannotBeWrittenSilencesNobody() {
        MemoryStore kept = new MemoryStore();
        boolean[] down = {true};
        ObjectStore broken = new ForwardingStore(kept) {
            private void check() {
                if (down[0]) {
                    throw new UncheckedIOException(new java.io.IOException("down"));
                }
            }

            @Override
            public @Nullable Stored get(String key) {
                check();
                return super.get(key);
            }

            @Override
            public String put(String key, byte[] content) {
                check();
                return super.put(key, content);
            }

            @Override
            public String putIf(String key, byte[] content, @Nullable String etag) {
                check();
                return super.putIf(key, content, etag);
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

    /** S3 carries out a write, and its answer is lost: the next conditional write fails. */
    @Test
    void aWriteWhoseAnswerIsLostRepeatsNoAlert() {
        LostAnswers lost = new LostAnswers(store);
        alerts = new AlertService(lost, clock, List.of(a, b), Runnable::run);
        passed(Views.fine());
        lost.next = () -> new UncheckedIOException(new java.io.IOException("no answer"));
        passed(STALLED);
        assertThat(a.taken).containsExactly("Began Invalid");

        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(10));
            passed(STALLED);
        }
        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(b.taken).isEqualTo(a.taken);
        passed(Views.fine());

        assertThat(a.taken).containsExactly("Began Invalid", "Over Invalid");
        assertThat(reasons()).containsSubsequence("Alert Invalid", "Resolved Invalid");
    }

    /** The SDK sends the write again, and the second transmission meets the effect of the first. */
    @Test
    void aWriteThatWasSentTwiceSendsTheAlertAtOnceAndOnce() {
        LostAnswers lost = new LostAnswers(store);
        alerts = new AlertService(lost, clock, List.of(a, b), Runnable::run);
        passed(Views.fine());
        lost.next = () -> new ObjectStore.PreconditionFailedException("alerts.json");

        passed(STALLED);

        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(reasons()).containsExactly("Alert Invalid");
        for (int i = 0; i < 5; i++) {
            clock.advance(Duration.ofSeconds(10));
            passed(STALLED);
        }
        assertThat(a.taken).containsExactly("Began Invalid");
        assertThat(b.taken).isEqualTo(a.taken);
    }

    /** The time for which a problem has lasted does not begin anew because another process wrote the memory. */
    @Test
    void aLostRaceDelaysNoAlert() {
        StackView failing =
                Views.of().with("Vpc/main", Status.Failed, "TRANSIENT", "no").view();
        passed(failing);
        clock.advance(Duration.ofMinutes(4));
        store.put("stacks/prod/alerts.json", "{\"entries\":[]}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        passed(Views.of()
                .with("Vpc/main", Status.Failed, "TRANSIENT", "no")
                .with("Vpc/other", Status.Stalled, "Invalid", "no")
                .view());
        clock.advance(Duration.ofMinutes(1));

        passed(failing);

        assertThat(a.taken).contains("Began ResourceFailed");
    }

    /** Carries out a write, and then fails once. */
    private static final class LostAnswers extends ForwardingStore {
        @Nullable
        Supplier<RuntimeException> next;

        private LostAnswers(ObjectStore kept) {
            super(kept);
        }

        @Override
        public String putIf(String key, byte[] content, @Nullable String etag) {
            String written = super.putIf(key, content, etag);
            Supplier<RuntimeException> failure = next;
            next = null;
            if (failure != null) {
                throw failure.get();
            }
            return written;
        }
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
