package dev.holdfast.alerts;

import dev.holdfast.aws.ObjectStore;
import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Event;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells people what the status of the stacks calls for, once, and when it is over: by events, and by the sinks that are set.
 * No sink holds a pass up; what none has taken yet outlives the process.
 */
public final class AlertOffice implements Courier.Listener {
    /** An alert that stands. */
    public record Open(
            String stack,
            dev.holdfast.model.@Nullable ResourceId resource,
            String reason,
            Alert.Severity severity,
            String message,
            Instant since,
            @Nullable Instant lastTold) {}

    private final ObjectStore state;
    private final Clock clock;
    private final Executor threads;
    private final Map<String, Courier> couriers;
    private final Map<String, Desk> desks = new ConcurrentHashMap<>();
    private final AtomicBoolean settling = new AtomicBoolean();

    /**
     * @param state where what is told is remembered
     * @param threads for what may take long
     */
    public AlertOffice(ObjectStore state, Clock clock, List<Sink> sinks, Executor threads) {
        this.state = state;
        this.clock = clock;
        this.threads = threads;
        this.couriers = sinks.stream()
                .map(s -> new Courier(s, clock, threads, this))
                .collect(Collectors.toUnmodifiableMap(Courier::name, c -> c));
    }

    /** To be called after each pass. @param epoch of the stack's lease, 0 if it is not held */
    public void passed(StackView view, EventLog events, long epoch) {
        desks.computeIfAbsent(view.name(), name -> new Desk(name, state, couriers.keySet(), this::send))
                .passed(view, events, epoch, clock.instant());
    }

    private void send(Alert alert, Set<String> sinks) {
        for (String sink : sinks) {
            Courier courier = couriers.get(sink);
            if (courier == null) {
                // It was set when the alert was made, and is no longer.
                settled(alert, sink);
            } else {
                courier.offer(alert);
            }
        }
    }

    /** To be called about once a second: begins what is due, and comes back at once. */
    public void tick(Predicate<String> held) {
        desks.forEach((stack, desk) -> {
            if (!held.test(stack) && desks.remove(stack, desk)) {
                desk.leave();
                couriers.values().forEach(c -> c.forget(stack));
            }
        });
        couriers.values().forEach(Courier::tick);
        if (settling.compareAndSet(false, true)) {
            threads.execute(() -> {
                try {
                    settle();
                } finally {
                    settling.set(false);
                }
            });
        }
    }

    /** Writes down what was taken since the last pass. */
    public void settle() {
        Instant now = clock.instant();
        desks.values().forEach(desk -> desk.settle(now));
    }

    /** The alerts of this process's stacks that stand, as they were last told. */
    public List<Open> open() {
        return desks.entrySet().stream()
                .flatMap(d -> d.getValue().open().stream()
                        .map(e -> new Open(
                                d.getKey(),
                                e.resource(),
                                e.reason(),
                                e.severity(),
                                e.message(),
                                e.since(),
                                e.toldAt())))
                .toList();
    }

    public long openOf(String stack) {
        Desk desk = desks.get(stack);
        return desk == null ? 0 : desk.open().size();
    }

    public List<SinkStatus> sinks() {
        return couriers.values().stream().map(Courier::status).toList();
    }

    @Override
    public void delivered(Alert alert, String sink) {
        settled(alert, sink);
    }

    private void settled(Alert alert, String sink) {
        Desk desk = desks.get(alert.stack());
        if (desk != null) {
            desk.delivered(alert, sink);
        }
    }

    @Override
    public void dropped(Alert alert, String sink, String why) {
        settled(alert, sink);
        event(alert, Event.Severity.Alert, "AlertDropped", sink + " was not told of " + alert.reason() + ": " + why);
    }

    @Override
    public void failing(Alert alert, String sink, String why) {
        event(alert, Event.Severity.Warning, "AlertSinkFailing", sink + " does not take alerts: " + why);
    }

    @Override
    public void recovered(Alert alert, String sink) {
        event(alert, Event.Severity.Info, "AlertSinkRecovered", sink + " takes alerts again");
    }

    private void event(Alert alert, Event.Severity severity, String reason, String message) {
        Desk desk = desks.get(alert.stack());
        if (desk != null) {
            desk.event(log -> log.add(alert.resource(), severity, reason, message));
        }
    }
}
