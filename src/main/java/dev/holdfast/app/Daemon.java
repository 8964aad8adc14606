package dev.holdfast.app;

import dev.holdfast.api.RunningAlerts;
import dev.holdfast.api.RunningEngine;
import dev.holdfast.api.RunningEvents;
import dev.holdfast.api.RunningRollbacks;
import dev.holdfast.api.StackMetrics;
import dev.holdfast.aws.CallContext;
import dev.holdfast.engine.Engine;
import dev.holdfast.events.ChangeEvents;
import dev.holdfast.events.EventsStatus;
import dev.holdfast.model.Event;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** Runs an engine: the scheduler calls it every second. */
@Singleton
public final class Daemon {
    private static final Logger LOG = Logger.getLogger("holdfast");

    private final RunningEngine running;
    private final StackMetrics metrics;
    private final RunningAlerts alerts;
    private final RunningEvents changes;
    private final RunningRollbacks rollbacks;
    private final HeapTrimmer heap = new HeapTrimmer();
    private volatile @Nullable Engine engine;
    private volatile @Nullable Notifications reporting;
    private volatile @Nullable Operator operator;
    private volatile @Nullable ChangeEvents changeEvents;
    private @Nullable String unreadable;

    public Daemon(
            RunningEngine running,
            StackMetrics metrics,
            RunningAlerts alerts,
            RunningEvents changes,
            RunningRollbacks rollbacks) {
        this.running = running;
        this.metrics = metrics;
        this.alerts = alerts;
        this.changes = changes;
        this.rollbacks = rollbacks;
    }

    /** @param open whether requests from this machine need no token (the demo) */
    void start(
            Operator parts,
            AlertSettings settings,
            ChangeEventSettings eventSettings,
            boolean open,
            Consumer<Event> listener) {
        operator = parts;
        heap.start();
        Consumer<Event> events = event -> {
            log(event);
            listener.accept(event);
        };
        Notifications told = parts.reporting(settings, events);
        reporting = told;
        alerts.started(told.alerts(), told::sinks);
        Engine started = parts.engine(events, told, metrics);
        rollbacks.started(parts.rollbacks());
        running.started(started, parts.environment().token(), open);
        engine = started;
        ChangeEvents reader = parts.changeEvents(eventSettings, started);
        if (reader != null) {
            changeEvents = reader;
            changes.started(reader::status);
            reader.start();
        }
    }

    private static void log(Event event) {
        Logger.Level level = switch (event.severity()) {
            case Info, Resolved -> Logger.Level.INFO;
            case Warning -> Logger.Level.WARN;
            case Alert -> Logger.Level.ERROR;
        };
        // In JSON logs, each entry becomes a separate field.
        Map<String, String> fields = fields(event);
        fields.forEach(MDC::put);
        LOG.logf(
                level,
                "%s stack=%s resource=%s reason=%s: %s",
                event.severity(),
                event.stack(),
                event.resource(),
                event.reason(),
                event.message());
        fields.keySet().forEach(MDC::remove);
    }

    private static Map<String, String> fields(Event event) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("severity", event.severity().name());
        fields.put("stack", event.stack());
        fields.put("reason", event.reason());
        if (event.resource() != null) {
            fields.put("resource", event.resource().toString());
        }
        if (CallContext.CURRENT.isBound()) {
            fields.put("pass", CallContext.CURRENT.get().id());
        }
        return fields;
    }

    @Scheduled(every = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void tick() {
        Engine started = engine;
        Notifications told = reporting;
        if (started != null && told != null) {
            reportReadability(started);
            started.tick();
            ChangeEvents reader = changeEvents;
            told.tick(started, reader == null ? EventsStatus.OFF : reader.status());
        }
    }

    /** Runs apart from the ticks, so that a bucket that does not answer delays no stack. */
    @Scheduled(every = "15s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void refreshGuardrails() {
        Operator parts = operator;
        if (parts != null) {
            parts.refreshGuardrails();
        }
    }

    /**
     * Logs whether the desired state can be read: before its first read, there is no stack whose events could report
     * this.
     */
    private void reportReadability(Engine started) {
        String failure = started.sourceFailure();
        if (!Objects.equals(failure, unreadable)) {
            unreadable = failure;
            if (failure == null) {
                LOG.infof(
                        "the desired state at %s can be read again",
                        started.source().location());
            } else {
                LOG.errorf(
                        "the desired state at %s cannot be read: %s",
                        started.source().location(), failure);
            }
        }
    }

    void stop(@Observes ShutdownEvent event) {
        heap.stop();
        Engine started = engine;
        engine = null;
        ChangeEvents reader = changeEvents;
        if (reader == null) {
            stop(started);
        } else {
            // The events of the engine's last calls arrive after the end of this process.
            reader.close(() -> stop(started));
        }
        Operator parts = operator;
        operator = null;
        if (parts != null) {
            parts.close();
        }
    }

    private void stop(@Nullable Engine started) {
        Notifications told = reporting;
        if (told != null) {
            told.close();
        }
        if (started != null) {
            started.close();
        }
    }
}
