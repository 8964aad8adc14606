package dev.holdfast.api;

import dev.holdfast.events.EventsStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The change events of this process, as soon as a command reads a queue, and their metrics. */
@Singleton
public final class RunningEvents {
    private final MeterRegistry registry;
    private volatile Supplier<EventsStatus> events = () -> EventsStatus.OFF;

    public RunningEvents(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param running supplies the present status */
    public void started(Supplier<EventsStatus> running) {
        events = running;
        Gauge.builder("holdfast.events.delay.seconds", this, e -> {
                    var behind = e.status().behind();
                    return behind == null ? Double.NaN : behind.toMillis() / 1000.0;
                })
                .description("The age of the last change event when it was handed on")
                .register(registry);
        counter(
                "received",
                "Messages that were read from the queue of change events",
                s -> s.counts().received());
        counter("own", "Change events of Holdfast's own calls", s -> s.counts().ours());
        counter(
                "hints",
                "Change events that named a resource of a stack",
                s -> s.counts().hints());
        counter(
                "unreadable",
                "Messages that are no change events",
                s -> s.counts().unreadable());
    }

    private void counter(String what, String description, ToDoubleFunction<EventsStatus> value) {
        FunctionCounter.builder("holdfast.events." + what, this, e -> value.applyAsDouble(e.status()))
                .description(description)
                .register(registry);
    }

    EventsStatus status() {
        return events.get();
    }
}
