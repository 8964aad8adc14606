package dev.holdfast.alerts;

import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.StackView;
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
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells of one stack, while this process holds its lease; what it tells is remembered before it is told. */
final class StackAlerts {
    /** Hands an alert to those sinks. */
    interface AlertOutbox {
        void send(Alert alert, Set<String> sinks);
    }

    private static final Duration SAVE_AGAIN = Duration.ofSeconds(10);

    private final String stack;
    private final AlertStore store;
    private final Set<String> sinks;
    private final AlertOutbox outbox;
    private final ReentrantLock lock = new ReentrantLock();

    private long epoch;
    private boolean loaded;
    private boolean unsaved;
    private Instant nextSave = Instant.MIN;
    private AlertMemory memory = AlertMemory.NONE;
    private @Nullable EventLog events;

    StackAlerts(String stack, ObjectStore state, Set<String> sinks, AlertOutbox outbox) {
        this.stack = stack;
        this.store = new AlertStore(state, stack);
        this.sinks = sinks;
        this.outbox = outbox;
    }

    /**
     * @param holding the lease's epoch; 0: it is not held, and nothing is told. A new one means that somebody else may have
     *     told meanwhile.
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
            load();
            AlertRules.AlertUpdate outcome = AlertRules.update(view, memory, sinks, now);
            unsaved |= !outcome.memory().equals(memory);
            memory = outcome.memory();
            if (save(now)) {
                outcome.alerts().forEach(this::event);
                send(outcome.alerts(), sinks);
            }
        });
    }

    private void forget() {
        memory = AlertMemory.NONE;
        loaded = false;
        unsaved = false;
    }

    /** A state that cannot be read is no reason to keep quiet: what is told meanwhile is put to it when it can be. */
    private void load() {
        if (loaded) {
            return;
        }
        try {
            AlertMemory kept = store.load();
            loaded = true;
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
        }
    }

    /** @return false: somebody else tells of this stack */
    private boolean save(Instant now) {
        if (!loaded || !unsaved || now.isBefore(nextSave)) {
            return true;
        }
        try {
            store.save(memory);
            unsaved = false;
        } catch (ObjectStore.PreconditionFailedException e) {
            // Another process, or our own write whose answer was lost: what it says counts, sinks' arrears included.
            forget();
            return false;
        } catch (SdkException | UncheckedIOException e) {
            nextSave = now.plus(SAVE_AGAIN);
        }
        return true;
    }

    private void send(List<Alert> alerts, Set<String> to) {
        AlertBatcher.of(alerts).forEach(alert -> outbox.send(alert, to));
    }

    private void event(Alert alert) {
        switch (alert.phase()) {
            case Began -> event(alert, Event.Severity.Alert, alert.message());
            case Lasts -> event(alert, Event.Severity.Alert, "still, since " + alert.since() + ": " + alert.message());
            case Over -> event(alert, Event.Severity.Resolved, "over: " + alert.message());
            case Happened -> {} // The engine's own event says it.
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

    /** Writes down what sinks have taken since the last pass. */
    void settle(Instant now) {
        exclusively(() -> {
            if (epoch != 0) {
                save(now);
            }
        });
    }

    /** Somebody else holds the stack now. */
    void leave() {
        exclusively(() -> {
            forget();
            epoch = 0;
        });
    }

    List<AlertMemory.RememberedAlert> open() {
        lock.lock();
        try {
            return memory.entries().stream()
                    .filter(AlertMemory.RememberedAlert::open)
                    .toList();
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
