package dev.holdfast.api;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.resteasy.reactive.RestStreamElementType;

/**
 * A stream of server-sent events that names, at most once a second, the stacks that have changed. The client then reads
 * these stacks.
 */
@Path("/api/v1/stream")
public class StreamResource {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final RunningEngine running;
    private final AtomicInteger open = new AtomicInteger();

    public StreamResource(RunningEngine running, MeterRegistry registry) {
        this.running = running;
        Gauge.builder("holdfast.streams.open", open, AtomicInteger::get)
                .description("Open streams of stack changes")
                .register(registry);
    }

    @GET
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<StackWatcher.StackChanges> stream() {
        StackWatcher watch = new StackWatcher(running::stacks, Clock.systemUTC());
        return Multi.createFrom()
                .ticks()
                .every(LOOK)
                .onOverflow()
                .drop()
                .map(tick -> watch.look())
                .filter(Optional::isPresent)
                .map(Optional::get)
                .onSubscription()
                .invoke(open::incrementAndGet)
                .onTermination()
                .invoke(open::decrementAndGet);
    }
}
