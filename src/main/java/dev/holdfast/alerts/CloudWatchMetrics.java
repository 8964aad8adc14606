package dev.holdfast.alerts;

import dev.holdfast.aws.Faults;
import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.DueTime;
import dev.holdfast.model.Event;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Status;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/**
 * Publishes metrics about the stacks of this process to CloudWatch once a minute. If an alarm on {@code
 * SecondsSinceLastGoodPass} treats missing data as breaching, it also reports an operator that has stopped.
 */
public final class CloudWatchMetrics {
    public static final String NAMESPACE = "Holdfast";

    private static final Duration EVERY = Duration.ofMinutes(1);
    /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
    private static final int BATCH = 1000;

    private final CloudWatchClient cloudWatch;
    private final String installation;
    private final ToDoubleFunction<String> openAlerts;
    private final Clock clock;
    private final Executor threads;
    private final Instant started;
    private final SinkHealth health = new SinkHealth("cloudwatch");
    private final AtomicBoolean under = new AtomicBoolean();
    private DueTime next = DueTime.NOW;

    /** @param openAlerts returns the number of a stack's open alerts */
    public CloudWatchMetrics(
            CloudWatchClient cloudWatch,
            String installation,
            ToDoubleFunction<String> openAlerts,
            Clock clock,
            Executor threads) {
        this.cloudWatch = cloudWatch;
        this.installation = installation;
        this.openAlerts = openAlerts;
        this.clock = clock;
        this.threads = threads;
        this.started = clock.instant();
    }

    /**
     * Is called about once a second.
     *
     * @param held the stacks whose lease this process holds
     */
    public void tick(Collection<StackReconciler> held) {
        Instant now = clock.instant();
        if (next.isDue(now) && !held.isEmpty() && under.compareAndSet(false, true)) {
            next = DueTime.after(now, EVERY);
            List<StackReconciler> stacks = List.copyOf(held);
            threads.execute(() -> {
                try {
                    send(stacks, now);
                } finally {
                    under.set(false);
                }
            });
        }
    }

    /** Metrics that could not be sent are dropped, because newer metrics follow in a minute. */
    private void send(List<StackReconciler> stacks, Instant now) {
        List<List<MetricDatum>> batches = stacks.stream()
                .flatMap(s -> data(s.view(), now))
                .gather(Gatherers.windowFixed(BATCH))
                .toList();
        try {
            batches.forEach(batch ->
                    cloudWatch.putMetricData(r -> r.namespace(NAMESPACE).metricData(batch)));
        } catch (SdkException e) {
            Fault fault = Faults.classify(e, List.of());
            String why = fault.code() + ": " + fault.message();
            if (health.failed(NotDeliveredException.tryAgain(why), now)) {
                event(
                        stacks,
                        Event.Severity.Warning,
                        "MetricsNotDelivered",
                        "CloudWatch does not accept metrics: " + why);
            }
            return;
        }
        if (health.delivered()) {
            event(stacks, Event.Severity.Info, "MetricsDelivered", "CloudWatch accepts metrics again");
        }
    }

    private static void event(List<StackReconciler> stacks, Event.Severity severity, String reason, String message) {
        stacks.forEach(s -> s.events().add(null, severity, reason, message));
    }

    private Stream<MetricDatum> data(StackView view, Instant now) {
        List<Dimension> dimensions = List.of(dimension("Installation", installation), dimension("Stack", view.name()));
        Instant good = view.lastGoodPassAt() == null ? started : view.lastGoodPassAt();
        long drift = view.drift().stream()
                .filter(i -> i.state() != DriftItem.DriftState.Repaired)
                .count();
        Stream<MetricDatum> whole = Stream.of(
                datum(
                        "SecondsSinceLastGoodPass",
                        Duration.between(good, now).toMillis() / 1000.0,
                        StandardUnit.SECONDS,
                        dimensions,
                        now),
                datum("DriftItems", drift, StandardUnit.COUNT, dimensions, now),
                datum("StepsHeld", view.heldSteps().count(), StandardUnit.COUNT, dimensions, now),
                datum("AlertsOpen", openAlerts.applyAsDouble(view.name()), StandardUnit.COUNT, dimensions, now));
        Stream<MetricDatum> byStatus = Arrays.stream(Status.values()).map(status -> {
            List<Dimension> more = new ArrayList<>(dimensions);
            more.add(dimension("Status", status.name()));
            long count = view.resources().values().stream()
                    .filter(r -> r.status() == status)
                    .count();
            return datum("Resources", count, StandardUnit.COUNT, more, now);
        });
        return Stream.concat(whole, byStatus);
    }

    private static MetricDatum datum(
            String name, double value, StandardUnit unit, List<Dimension> dimensions, Instant now) {
        return MetricDatum.builder()
                .metricName(name)
                .value(value)
                .unit(unit)
                .dimensions(dimensions)
                .timestamp(now)
                .build();
    }

    private static Dimension dimension(String name, String value) {
        return Dimension.builder().name(name).value(value).build();
    }

    public SinkStatus status() {
        return health.status(0);
    }
}
