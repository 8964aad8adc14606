package dev.holdfast.api;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jboss.resteasy.reactive.RestStreamElementType;

/** Tells who watches which stacks have changed, at most once a second; how they stand is then asked of the stacks. */
@Path("/api/v1/stream")
public class StreamResource {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final RunningEngine running;

    public StreamResource(RunningEngine running) {
        this.running = running;
    }

    @GET
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<Watch.News> stream() {
        Watch watch = new Watch(running::stacks, Clock.systemUTC());
        return Multi.createFrom()
                .ticks()
                .every(LOOK)
                .onOverflow()
                .drop()
                .map(tick -> watch.look())
                .filter(Optional::isPresent)
                .map(Optional::get);
    }
}
