package dev.holdfast.api;

import dev.holdfast.engine.DriftCoverage;
import dev.holdfast.engine.DriftItem;
import dev.holdfast.engine.PassReport;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Status;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** The metrics of each stack for Prometheus. */
@Singleton
public final class StackMetrics {
    private final MeterRegistry registry;
    private final RunningAlerts alerts;
    private final Clock clock = Clock.systemUTC();
    private final Set<String> known = ConcurrentHashMap.newKeySet();

    public StackMetrics(MeterRegistry registry, RunningAlerts alerts) {
        this.registry = registry;
        this.alerts = alerts;
    }

    /** Is called after each pass, full or light. */
    public void passed(StackReconciler stack, PassReport report) {
        if (known.add(stack.stack())) {
            gauges(stack);
        }
        Tags tags = Tags.of("stack", stack.stack());
        registry.timer("holdfast.pass", tags).record(Duration.ofMillis(report.durationMs()));
        registry.counter("holdfast.writes", tags).increment((double) report.writes());
        report.requests()
                .forEach((operation, count) -> registry.counter("holdfast.requests", tags.and("operation", operation))
                        .increment((double) count));
    }

    private void gauges(StackReconciler stack) {
        Tags tags = Tags.of("stack", stack.stack());
        Instant since = clock.instant();
        TimeGauge.builder("holdfast.last.good.pass.age", stack, TimeUnit.MILLISECONDS, s -> age(s.view(), since))
                .description("Time since the last successful pass")
                .tags(tags)
                .register(registry);
        Gauge.builder("holdfast.drift.items", stack, s -> open(s.view()))
                .description("Entries of the drift report that are not repaired")
                .tags(tags)
                .register(registry);
        Gauge.builder("holdfast.steps.held", stack, s -> s.view().heldSteps().count())
                .description("Steps that wait for a person, and those that follow them")
                .tags(tags)
                .register(registry);
        Gauge.builder("holdfast.alerts.open", stack.stack(), alerts::openOf)
                .description("Open alerts")
                .tags(tags)
                .strongReference(true)
                .register(registry);
        coverage(stack, "holdfast.drift.found", "Items of drift that were found while events arrived", c -> c.found());
        coverage(stack, "holdfast.drift.reported", "Items of drift that a change event reported", c -> c.reported());
        coverage(stack, "holdfast.drift.repairs", "Repairs of drift whose author is known", c -> c.repairs());
        coverage(
                stack,
                "holdfast.drift.repair.seconds",
                "The sum of the times from the changes until a read showed their repair, where the author is known",
                c -> c.untilRepaired().toMillis() / 1000.0);
        for (Status status : Status.values()) {
            Gauge.builder("holdfast.resources", stack, s -> count(s.view(), status))
                    .description("Resources by status")
                    .tags(tags.and("status", status.name()))
                    .register(registry);
        }
    }

    private void coverage(
            StackReconciler stack,
            String name,
            String description,
            ToDoubleFunction<DriftCoverage.CoverageCounts> value) {
        FunctionCounter.builder(
                        name, stack, s -> value.applyAsDouble(s.coverage().counts()))
                .description(description)
                .tags(Tags.of("stack", stack.stack()))
                .register(registry);
    }

    private double age(StackView view, Instant since) {
        Instant last = view.lastGoodPassAt() == null ? since : view.lastGoodPassAt();
        return Duration.between(last, clock.instant()).toMillis();
    }

    private static double open(StackView view) {
        return view.drift().stream()
                .filter(i -> i.state() != DriftItem.DriftState.Repaired)
                .count();
    }

    private static double count(StackView view, Status status) {
        return view.resources().values().stream()
                .filter(r -> r.status() == status)
                .count();
    }
}
