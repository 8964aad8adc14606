package dev.holdfast.app;

import dev.holdfast.alerts.AlertService;
import dev.holdfast.alerts.CloudWatchMetrics;
import dev.holdfast.alerts.Sink;
import dev.holdfast.alerts.SinkStatus;
import dev.holdfast.alerts.SnsSink;
import dev.holdfast.alerts.WebhookSink;
import dev.holdfast.aws.Clients;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.store.ObjectStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** Who is told of what the engine finds: the sinks of alerts, and CloudWatch. */
final class Notifications implements AutoCloseable {
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AlertService office;
    private final @Nullable CloudWatchMetrics cloudWatch;
    private final @Nullable WebhookSink webhook;

    /**
     * @param clients of a region, in the operator's own account
     * @param region of CloudWatch; asked only if it is needed
     */
    Notifications(
            AlertSettings settings,
            String installation,
            ObjectStore state,
            Function<String, Clients> clients,
            java.util.function.Supplier<String> region,
            Clock clock) {
        List<Sink> sinks = new ArrayList<>();
        String topic = settings.topic();
        if (topic != null) {
            SnsClient sns = clients.apply(AlertSettings.regionOf(topic)).client(SnsClient.class);
            sinks.add(new SnsSink(sns, topic, installation));
        }
        this.webhook = settings.webhook() == null ? null : new WebhookSink(settings.webhook(), installation);
        if (webhook != null) {
            sinks.add(webhook);
        }
        this.office = new AlertService(state, clock, sinks, threads);
        this.cloudWatch = settings.cloudWatch()
                ? new CloudWatchMetrics(
                        clients.apply(region.get()).client(CloudWatchClient.class),
                        installation,
                        office::openOf,
                        clock,
                        threads)
                : null;
    }

    AlertService office() {
        return office;
    }

    /** How the sinks fare, CloudWatch included. */
    List<SinkStatus> sinks() {
        List<SinkStatus> all = new ArrayList<>(office.sinks());
        if (cloudWatch != null) {
            all.add(cloudWatch.status());
        }
        return all;
    }

    /** About once a second. */
    void tick(Engine engine) {
        office.tick(engine::holds);
        if (cloudWatch != null) {
            List<StackReconciler> held = engine.stacks().entrySet().stream()
                    .filter(s -> engine.holds(s.getKey()))
                    .map(Map.Entry::getValue)
                    .toList();
            cloudWatch.tick(held);
        }
    }

    /** What sinks have taken is written down; what they have not is there for the next process. */
    @Override
    public void close() {
        office.settle();
        threads.shutdownNow();
        if (webhook != null) {
            webhook.close();
        }
    }
}
