package dev.holdfast.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.MemoryStore;
import dev.holdfast.model.Event;
import dev.holdfast.store.ObjectStore;
import dev.holdfast.twin.DrivenClock;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** No stack can report that the stacks of the desired state are unknown: the alert concerns the installation. */
class InstallationAlertsTest {
    private static final String WHERE = "s3://bucket/desired";
    private static final String DENIED = "s3:ListObjectsV2 AccessDenied";

    private final DrivenClock clock = new DrivenClock(Views.START);
    private final MemoryStore store = new MemoryStore();
    private final List<Event> events = new ArrayList<>();
    private final EventLog log = new EventLog("", clock, events::add);
    private final FakeSink sink = new FakeSink("a");

    private AlertService start(ObjectStore state) {
        return new AlertService(state, clock, List.of(sink), Runnable::run);
    }

    private static InstallationStatus status(@Nullable String failure, boolean listed, boolean empty) {
        return new InstallationStatus(WHERE, failure, listed, empty, null, true, new TreeMap<>(), true);
    }

    private void run(AlertService alerts, InstallationStatus status, Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            alerts.looked(status, log);
            alerts.tick(stack -> false);
            clock.advance(Duration.ofSeconds(1));
        }
    }

    /** Calls the service as the daemon does: every second, with or without stacks. */
    private void run(AlertService alerts, @Nullable String failure, boolean empty, Duration time) {
        run(alerts, status(failure, true, empty), time);
    }

    private List<String> reasons() {
        return events.stream()
                .map(e -> e.severity() + " " + e.stack() + " " + e.reason())
                .toList();
    }

    @Test
    void aDesiredStateThatWasNeverReadableIsToldAndToldAsOver() {
        AlertService alerts = start(store);

        run(alerts, DENIED, false, Duration.ofMinutes(5));

        assertThat(sink.taken).containsExactly("Began DesiredStateUnreadable");
        Alert alert = sink.alerts.getFirst();
        assertThat(alert.stack()).isNull();
        assertThat(alert.severity()).isEqualTo(Alert.AlertSeverity.Critical);
        assertThat(alert.title()).isEqualTo("Critical: the installation DesiredStateUnreadable");
        assertThat(alert.message()).contains(WHERE, DENIED);
        AlertText text = new AlertText("inst");
        assertThat(text.plain(alert)).contains("Installation: inst").doesNotContain("Stack:");
        assertThat(text.json(alert).has("stack")).isFalse();
        assertThat(alerts.open())
                .singleElement()
                .satisfies(open -> assertThat(open.stack()).isNull());

        run(alerts, null, false, Duration.ofMinutes(5));

        assertThat(sink.taken).containsExactly("Began DesiredStateUnreadable", "Over DesiredStateUnreadable");
        assertThat(reasons()).containsExactly("Alert  DesiredStateUnreadable", "Resolved  DesiredStateUnreadable");
        assertThat(alerts.open()).isEmpty();
    }

    @Test
    void aFailureThatPassesIsNotTold() {
        AlertService alerts = start(store);

        run(alerts, DENIED, false, Duration.ofSeconds(40));
        run(alerts, null, false, Duration.ofMinutes(5));

        assertThat(sink.taken).isEmpty();
    }

    @Test
    void aDesiredStateWithoutAnyStackIsToldToo() {
        AlertService alerts = start(store);

        run(alerts, null, true, Duration.ofMinutes(5));
        run(alerts, null, false, Duration.ofMinutes(1));

        assertThat(sink.taken).containsExactly("Began NoStacks", "Over NoStacks");
    }

    /** The state is usually in the same bucket that cannot be read. */
    @Test
    void itIsToldWithoutTheState() {
        ObjectStore unreadable = (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, args) -> {
                    throw new UncheckedIOException(new java.io.IOException("the bucket is gone"));
                });

        run(start(unreadable), DENIED, false, Duration.ofMinutes(5));

        assertThat(sink.taken).containsExactly("Began DesiredStateUnreadable");
    }

    @Test
    void aRestartRepeatsNothingAndTellsTheEnd() {
        run(start(store), DENIED, false, Duration.ofMinutes(5));

        AlertService next = start(store);
        run(next, DENIED, false, Duration.ofMinutes(5));
        assertThat(sink.taken).hasSize(1);
        run(next, null, false, Duration.ofMinutes(1));

        assertThat(sink.taken).containsExactly("Began DesiredStateUnreadable", "Over DesiredStateUnreadable");
    }

    @Test
    void twoProcessesTellItOnce() {
        AlertService first = start(store);
        AlertService second = start(store);

        for (int i = 0; i < 300; i++) {
            run(first, DENIED, false, Duration.ofSeconds(1));
            run(second, DENIED, false, Duration.ofSeconds(1));
        }
        for (int i = 0; i < 60; i++) {
            run(first, null, false, Duration.ofSeconds(1));
            run(second, null, false, Duration.ofSeconds(1));
        }

        assertThat(sink.taken).containsExactly("Began DesiredStateUnreadable", "Over DesiredStateUnreadable");
    }

    /** The first tick of a process begins to list the stacks, and the alerts are decided before the answer. */
    @Test
    void aStartBeforeTheFirstAnswerEndsNothing() {
        run(start(store), status(DENIED, false, false), Duration.ofMinutes(5));
        run(start(store), status(null, true, true), Duration.ofMinutes(5));
        sink.taken.clear();

        AlertService next = start(store);
        run(next, status(null, false, false), Duration.ofSeconds(30));
        assertThat(sink.taken).isEmpty();
        run(next, status(null, true, true), Duration.ofMinutes(5));
        assertThat(sink.taken).isEmpty();
        run(next, status(null, true, false), Duration.ofSeconds(30));

        assertThat(sink.taken).containsExactly("Over NoStacks");
    }

    @Test
    void aListingThatFailsDoesNotProveThatThereAreStacks() {
        AlertService alerts = start(store);
        run(alerts, status(null, true, true), Duration.ofMinutes(5));

        run(alerts, status(DENIED, true, false), Duration.ofMinutes(5));

        assertThat(sink.taken).containsExactly("Began NoStacks", "Began DesiredStateUnreadable");
    }

    private static InstallationStatus events(@Nullable String failure, boolean tried) {
        return new InstallationStatus(WHERE, null, true, false, failure, tried, new TreeMap<>(), true);
    }

    @Test
    void aStartBeforeTheFirstReadOfTheQueueEndsNothing() {
        run(start(store), events("sqs:ReceiveMessage AccessDenied", true), Duration.ofMinutes(15));

        AlertService next = start(store);
        run(next, events(null, false), Duration.ofMinutes(1));
        assertThat(sink.taken).containsExactly("Began ChangeEventsUnreadable");
        run(next, events(null, true), Duration.ofMinutes(1));

        assertThat(sink.taken).containsExactly("Began ChangeEventsUnreadable", "Over ChangeEventsUnreadable");
    }

    private static InstallationStatus leases(boolean tried, String... unreachable) {
        SortedMap<String, String> all = new TreeMap<>();
        List.of(unreachable).forEach(stack -> all.put(stack, "s3:GetObject AccessDenied: no"));
        return new InstallationStatus(WHERE, null, true, false, null, true, all, tried);
    }

    @Test
    void leasesThatCannotBeReachedAreOneCriticalAlert() {
        run(start(store), leases(true, "dev", "prod"), Duration.ofMinutes(5));

        assertThat(sink.taken).containsExactly("Began LeaseUnreachable");
        Alert alert = sink.alerts.getFirst();
        assertThat(alert.severity()).isEqualTo(Alert.AlertSeverity.Critical);
        assertThat(alert.message())
                .contains("the lease of dev, prod: s3:GetObject AccessDenied: no;", "writes nothing");

        AlertService next = start(store);
        run(next, leases(false), Duration.ofMinutes(1));
        assertThat(sink.taken).hasSize(1);
        run(next, leases(true), Duration.ofMinutes(1));
        assertThat(sink.taken).containsExactly("Began LeaseUnreachable", "Over LeaseUnreachable");
    }
}
