package dev.holdfast.alerts;

import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.DueTime;
import dev.holdfast.model.Event;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * Sends the alerts that the status of the stacks requires, as events and to the configured sinks: each alert once, and
 * once more when it is over. No sink delays a pass, and an alert that no sink has accepted yet survives the process.
 */
public final class AlertService implements SinkDelivery.DeliveryListener {
    /** An alert that is not over. */
    public record OpenAlert(
            @Nullable String stack,
            dev.holdfast.model.@Nullable ResourceId resource,
            String reason,
            Alert.AlertSeverity severity,
            String message,
            Instant since,
            @Nullable Instant lastTold) {}

    private record InstallationFinding(InstallationStatus status, EventLog events) {}

    private static final Duration INSTALLATION_LOOK = Duration.ofSeconds(10);

    private final ObjectStore state;
    private final Clock clock;
    private final Executor threads;
    private final Map<String, SinkDelivery> deliveries;
    private final Map<String, StackAlerts> stacks = new ConcurrentHashMap<>();
    private final AtomicBoolean settling = new AtomicBoolean();
    private final StackAlerts installation;
    private volatile @Nullable InstallationFinding found;
    private DueTime nextInstallationLook = DueTime.NOW;

    /**
     * @param state stores which alerts were sent
     * @param threads runs the tasks that may take long
     */
    public AlertService(ObjectStore state, Clock clock, List<Sink> sinks, Executor threads) {
        this.state = state;
        this.clock = clock;
        this.threads = threads;
        this.deliveries = sinks.stream()
                .map(s -> new SinkDelivery(s, clock, threads, this))
                .collect(Collectors.toUnmodifiableMap(SinkDelivery::name, c -> c));
        this.installation = new StackAlerts(null, state, deliveries.keySet(), this::send);
    }

    /**
     * Is called after each pass.
     *
     * @param epoch the epoch of the stack's lease, 0 if this process does not hold it
     */
    public void passed(StackView view, EventLog events, long epoch) {
        stacks.computeIfAbsent(view.name(), name -> new StackAlerts(name, state, deliveries.keySet(), this::send))
                .passed(view, events, epoch, clock.instant());
    }

    /**
     * Is called about once a second, because no stack can report problems of the installation as a whole.
     *
     * @param events the events of the installation as a whole
     */
    public void looked(InstallationStatus status, EventLog events) {
        found = new InstallationFinding(status, events);
    }

    private void send(Alert alert, Set<String> sinks) {
        for (String sink : sinks) {
            SinkDelivery delivery = deliveries.get(sink);
            if (delivery == null) {
                // The sink was configured when the alert was raised, but no longer is.
                settled(alert, sink);
            } else {
                delivery.offer(alert);
            }
        }
    }

    /** Is called about once a second: starts the due deliveries and returns at once. */
    public void tick(Predicate<String> held) {
        stacks.forEach((stack, stackAlerts) -> {
            if (!held.test(stack) && stacks.remove(stack, stackAlerts)) {
                stackAlerts.leave();
                deliveries.values().forEach(c -> c.forget(stack));
            }
        });
        deliveries.values().forEach(SinkDelivery::tick);
        if (settling.compareAndSet(false, true)) {
            threads.execute(() -> {
                try {
                    lookAtInstallation();
                    settle();
                } finally {
                    settling.set(false);
                }
            });
        }
    }

    private void lookAtInstallation() {
        Instant now = clock.instant();
        InstallationFinding finding = found;
        if (finding != null && nextInstallationLook.isDue(now)) {
            nextInstallationLook = DueTime.after(now, INSTALLATION_LOOK);
            installation.found(finding.status().causes(), finding.status().undecided(), finding.events(), now);
        }
    }

    /** Saves which alerts the sinks have accepted since the last pass. */
    public void settle() {
        Instant now = clock.instant();
        installation.settle(now);
        stacks.values().forEach(stackAlerts -> stackAlerts.settle(now));
    }

    /** The open alerts of the installation and of this process's stacks, as they were last sent. */
    public List<OpenAlert> open() {
        List<OpenAlert> open = new ArrayList<>(open(null, installation.open()));
        stacks.forEach((stack, alerts) -> open.addAll(open(stack, alerts.open())));
        return open;
    }

    /** The open alerts of the installation as a whole, as its operator stored them in the state. */
    public static List<OpenAlert> ofInstallation(ObjectStore state) {
        return open(null, new AlertStore(state, null).load().memory().open());
    }

    private static List<OpenAlert> open(@Nullable String stack, List<AlertMemory.RememberedAlert> alerts) {
        return alerts.stream()
                .map(e -> new OpenAlert(
                        stack, e.resource(), e.reason(), e.severity(), e.message(), e.since(), e.toldAt()))
                .toList();
    }

    private @Nullable StackAlerts of(Alert alert) {
        return alert.stack() == null ? installation : stacks.get(alert.stack());
    }

    public long openOf(String stack) {
        StackAlerts stackAlerts = stacks.get(stack);
        return stackAlerts == null ? 0 : stackAlerts.open().size();
    }

    public List<SinkStatus> sinks() {
        return deliveries.values().stream().map(SinkDelivery::status).toList();
    }

    @Override
    public void delivered(Alert alert, String sink) {
        settled(alert, sink);
    }

    private void settled(Alert alert, String sink) {
        StackAlerts stackAlerts = of(alert);
        if (stackAlerts != null) {
            stackAlerts.delivered(alert, sink);
        }
    }

    @Override
    public void dropped(Alert alert, String sink, String why) {
        settled(alert, sink);
        event(
                alert,
                Event.Severity.Alert,
                "AlertDropped",
                sink + " did not receive the alert " + alert.reason() + ": " + why);
    }

    @Override
    public void failing(Alert alert, String sink, String why) {
        event(alert, Event.Severity.Warning, "AlertSinkFailing", sink + " does not accept alerts: " + why);
    }

    @Override
    public void recovered(Alert alert, String sink) {
        event(alert, Event.Severity.Info, "AlertSinkRecovered", sink + " accepts alerts again");
    }

    private void event(Alert alert, Event.Severity severity, String reason, String message) {
        StackAlerts stackAlerts = of(alert);
        if (stackAlerts != null) {
            stackAlerts.event(log -> log.add(alert.resource(), severity, reason, message));
        }
    }
}
