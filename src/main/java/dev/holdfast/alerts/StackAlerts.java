package dev.holdfast.alerts;

import dev.holdfast.aws.Faults;
import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.DueTime;
import dev.holdfast.model.Event;
import dev.holdfast.store.ObjectStore;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Sends the alerts of one stack while this process holds its lease, or the alerts of the installation as a whole. An
 * alert is saved before it is sent.
 */
final class StackAlerts {
    /** Passes an alert on to the named sinks. */
    interface AlertOutbox {
        void send(Alert alert, Set<String> sinks);
    }

    /** Alerts of the installation need no lease, so that any epoch except 0 serves. */
    private static final long ANY_PROCESS = 1;

    private static final Duration SAVE_AGAIN = Duration.ofSeconds(10);

    private final @Nullable String stack;
    private final AlertStore store;
    private final Set<String> sinks;
    private final AlertOutbox outbox;
    private final ReentrantLock lock = new ReentrantLock();

    private long epoch;
    private boolean loaded;
    private boolean unsaved;
    private DueTime nextSave = DueTime.NOW;
    private AlertMemory memory = AlertMemory.NONE;
    private @Nullable EventLog events;
    /** The reason why the memory cannot be read or written, as the last event reported it; null: it can. */
    private @Nullable String notKept;

    /** @param stack null: the installation as a whole */
    StackAlerts(@Nullable String stack, ObjectStore state, Set<String> sinks, AlertOutbox outbox) {
        this.stack = stack;
        this.store = new AlertStore(state, stack);
        this.sinks = sinks;
        this.outbox = outbox;
    }

    /**
     * @param holding the epoch of the lease; 0: this process does not hold it and sends nothing. With a new epoch,
     *     another process may have sent alerts meanwhile.
     */
    void passed(StackView view, EventLog log, long holding, Instant now) {
        exclusively(() -> {
            events = log;
            if (holding != epoch) {
                forget();
                epoch = holding;
            }
            if (epoch == 0) {
                return;
            }
            update(kept -> AlertRules.update(view, kept, sinks, now), now);
        });
    }

    /**
     * Sends alerts for problems of the installation as a whole. Every process may send these alerts: if two processes
     * find a problem at the same time, only the process that saves it first sends the alert.
     *
     * @param undecided the reasons of the alerts that must not end now
     */
    void found(List<AlertCause> causes, Set<String> undecided, EventLog log, Instant now) {
        exclusively(() -> {
            events = log;
            epoch = ANY_PROCESS;
            update(kept -> AlertRules.update(causes, undecided, kept, sinks, now), now);
        });
    }

    private void update(Function<AlertMemory, AlertRules.AlertUpdate> rules, Instant now) {
        load();
        AlertRules.AlertUpdate outcome = rules.apply(memory);
        unsaved |= !outcome.memory().equals(memory);
        memory = outcome.memory();
        if (save(now)) {
            outcome.alerts().forEach(this::event);
            send(outcome.alerts(), sinks);
        }
    }

    private void forget() {
        memory = AlertMemory.NONE;
        loaded = false;
        unsaved = false;
    }

    /** Alerts are sent even if the state cannot be read, and are saved as soon as the state can be read. */
    private void load() {
        if (loaded) {
            return;
        }
        try {
            AlertStore.LoadedMemory found = store.load();
            loaded = true;
            kept();
            if (found.unreadable() != null) {
                event(log -> log.add(
                        null,
                        Event.Severity.Warning,
                        "AlertMemoryUnreadable",
                        found.unreadable() + " is not a valid alert memory, and Holdfast writes a new one: open alerts"
                                + " are sent once more, and no sink receives the alerts that it had not accepted"));
            }
            AlertMemory kept = found.memory();
            memory = memory.with(kept);
            Map<Set<String>, List<Alert>> arrears = new LinkedHashMap<>();
            kept.entries().forEach(entry -> {
                Alert alert = entry.alert(stack);
                if (alert != null && !entry.pending().isEmpty()) {
                    arrears.computeIfAbsent(entry.pending(), s -> new ArrayList<>())
                            .add(alert);
                }
            });
            arrears.forEach((missing, alerts) -> send(alerts, missing));
        } catch (SdkException | UncheckedIOException e) {
            unsaved = true;
            notKept("read", e);
        }
    }

    /** @return false if another process sends the alerts of this stack */
    private boolean save(Instant now) {
        if (!loaded || !unsaved || !nextSave.isDue(now)) {
            return true;
        }
        try {
            store.save(memory);
            unsaved = false;
            kept();
        } catch (ObjectStore.PreconditionFailedException e) {
            // Another process wrote. The stored memory counts, including the alerts that sinks have not accepted, and
            // the problems that no process has reported yet still begin when they were first seen.
            AlertMemory untold = memory.untold();
            forget();
            memory = untold;
            return false;
        } catch (SdkException | UncheckedIOException e) {
            nextSave = DueTime.after(now, SAVE_AGAIN);
            notKept("written", e);
        }
        return true;
    }

    /** Reports only the first failure, because the alerts are still sent. */
    private void notKept(String what, RuntimeException e) {
        if (notKept == null) {
            String failure = Faults.classify(e, List.of()).inWords();
            notKept = failure;
            event(log -> log.add(
                    null,
                    Event.Severity.Warning,
                    "AlertsNotKept",
                    "the record of sent alerts cannot be " + what + ": " + failure
                            + "; alerts are still sent, and after a restart possibly once more"));
        }
    }

    private void kept() {
        if (notKept != null) {
            notKept = null;
            event(log -> log.add(
                    null, Event.Severity.Resolved, "AlertsKept", "the state can keep the record of sent alerts again"));
        }
    }

    private void send(List<Alert> alerts, Set<String> to) {
        AlertBatcher.of(alerts).forEach(alert -> outbox.send(alert, to));
    }

    private void event(Alert alert) {
        switch (alert.phase()) {
            case Began -> event(alert, Event.Severity.Alert, alert.message());
            case Lasts -> event(alert, Event.Severity.Alert, "still, since " + alert.since() + ": " + alert.message());
            case Over -> event(alert, Event.Severity.Resolved, "over: " + alert.message());
            case Happened -> {} // The engine has already recorded its own event.
        }
    }

    private void event(Alert alert, Event.Severity severity, String message) {
        event(log -> log.add(alert.resource(), severity, alert.reason(), message));
    }

    void event(Consumer<EventLog> what) {
        EventLog log = events;
        if (log != null) {
            what.accept(log);
        }
    }

    void delivered(Alert alert, String sink) {
        exclusively(() -> {
            AlertMemory next = memory;
            for (Alert each : alert.members().isEmpty() ? List.of(alert) : alert.members()) {
                next = next.delivered(each, sink);
            }
            unsaved |= !next.equals(memory);
            memory = next;
        });
    }

    /** Saves which alerts the sinks have accepted since the last pass. */
    void settle(Instant now) {
        exclusively(() -> {
            if (epoch != 0) {
                save(now);
            }
        });
    }

    /** Another process holds the stack's lease now. */
    void leave() {
        exclusively(() -> {
            forget();
            epoch = 0;
        });
    }

    List<AlertMemory.RememberedAlert> open() {
        lock.lock();
        try {
            return memory.open();
        } finally {
            lock.unlock();
        }
    }

    private void exclusively(Runnable task) {
        lock.lock();
        try {
            task.run();
        } finally {
            lock.unlock();
        }
    }
}
