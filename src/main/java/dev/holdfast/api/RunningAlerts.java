package dev.holdfast.api;

import dev.holdfast.alerts.AlertService;
import dev.holdfast.alerts.SinkStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The alerts of this process and their metrics for Prometheus, as soon as a command has started an engine. */
@Singleton
public final class RunningAlerts {
    private final MeterRegistry registry;
    private volatile @Nullable AlertService alerts;
    private volatile Supplier<List<SinkStatus>> sinks = List::of;

    public RunningAlerts(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param allSinks the sinks of alerts and of metrics */
    public void started(AlertService running, Supplier<List<SinkStatus>> allSinks) {
        alerts = running;
        sinks = allSinks;
        for (SinkStatus sink : allSinks.get()) {
            Gauge.builder("holdfast.alert.sink.queued", this, a -> a.of(sink.name(), SinkStatus::queued))
                    .description("Alerts that a sink has not accepted yet")
                    .tag("sink", sink.name())
                    .register(registry);
            counter("delivered", "Alerts that a sink has accepted", sink.name(), SinkStatus::delivered);
            counter("failures", "Attempts that a sink failed", sink.name(), SinkStatus::failures);
            counter("dropped", "Alerts that a sink never received", sink.name(), SinkStatus::dropped);
        }
    }

    private void counter(String what, String description, String sink, ToDoubleFunction<SinkStatus> value) {
        FunctionCounter.builder("holdfast.alert.sink." + what, this, a -> a.of(sink, value))
                .description(description)
                .tag("sink", sink)
                .register(registry);
    }

    private double of(String sink, ToDoubleFunction<SinkStatus> value) {
        return sinks.get().stream()
                .filter(s -> s.name().equals(sink))
                .mapToDouble(value)
                .sum();
    }

    List<AlertService.OpenAlert> open() {
        AlertService running = alerts;
        return running == null ? List.of() : running.open();
    }

    double openOf(String stack) {
        AlertService running = alerts;
        return running == null ? 0 : running.openOf(stack);
    }

    List<SinkStatus> sinks() {
        return sinks.get();
    }
}
