package dev.holdfast.app;

import dev.holdfast.alerts.AlertService;
import dev.holdfast.alerts.CloudWatchMetrics;
import dev.holdfast.alerts.InstallationStatus;
import dev.holdfast.alerts.Sink;
import dev.holdfast.alerts.SinkStatus;
import dev.holdfast.alerts.SnsSink;
import dev.holdfast.alerts.WebhookSink;
import dev.holdfast.aws.Clients;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EventLog;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.events.EventsStatus;
import dev.holdfast.model.Event;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** Sends the engine's findings to the configured sinks of alerts and to CloudWatch. */
final class Notifications implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AlertService alerts;
    /** The events of the installation as a whole. */
    private final EventLog events;

    private final @Nullable CloudWatchMetrics cloudWatch;
    private final @Nullable WebhookSink webhook;

    /**
     * The clients for notifications, in the operator's own account.
     *
     * @param inRegion supplies the clients of a region
     * @param ownRegion supplies the operator's region; called only if metrics are published
     */
    record NotificationClients(Function<String, Clients> inRegion, Supplier<String> ownRegion) {}

    Notifications(
            AlertSettings settings,
            InstallationConfig environment,
            ObjectStore state,
            NotificationClients clients,
            Consumer<Event> events) {
        Clock clock = Clock.systemUTC();
        String installation = environment.installation();
        List<Sink> sinks = new ArrayList<>();
        String topic = settings.topic();
        if (topic != null) {
            SnsClient sns =
                    clients.inRegion().apply(AlertSettings.regionOf(topic)).client(SnsClient.class);
            sinks.add(new SnsSink(sns, topic, installation));
        }
        this.webhook = settings.webhook() == null ? null : new WebhookSink(settings.webhook(), installation);
        if (webhook != null) {
            sinks.add(webhook);
        }
        this.alerts = new AlertService(state, clock, sinks, threads);
        this.events = new EventLog("", clock, events);
        this.cloudWatch = settings.cloudWatch()
                ? new CloudWatchMetrics(
                        clients.inRegion().apply(clients.ownRegion().get()).client(CloudWatchClient.class),
                        installation,
                        alerts::openOf,
                        clock,
                        threads)
                : null;
    }

    AlertService alerts() {
        return alerts;
    }

    /** The state of all sinks, including CloudWatch. */
    List<SinkStatus> sinks() {
        List<SinkStatus> all = new ArrayList<>(alerts.sinks());
        if (cloudWatch != null) {
            all.add(cloudWatch.status());
        }
        return all;
    }

    /** Is called about once a second. */
    void tick(Engine engine, EventsStatus changeEvents) {
        alerts.looked(InstallationStatus.of(engine, changeEvents), events);
        alerts.tick(engine::holds);
        if (cloudWatch != null) {
            List<StackReconciler> held = engine.stacks().entrySet().stream()
                    .filter(s -> engine.holds(s.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            cloudWatch.tick(held);
        }
    }

    /** Saves which alerts the sinks have accepted. The next process sends the other alerts. */
    @Override
    public void close() {
        alerts.settle();
        threads.shutdownNow();
        if (webhook != null) {
            webhook.close();
        }
    }
}
