package dev.holdfast.api;

import dev.holdfast.events.EventsStatus;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The part of the API that shows whether change events arrive. */
@Path("/api/v1/change-events")
@Produces(MediaType.APPLICATION_JSON)
public class ChangeEventsResource {
    private final RunningEvents events;

    public ChangeEventsResource(RunningEvents events) {
        this.events = events;
    }

    /** The state of the queue of change events. */
    public record ChangeEventsJson(
            boolean on,

            @Schema(description = "The state in words, for example: on, 3 s behind.")
            String status,

            @Schema(description = "The age of the last event when it was handed on; null: no event has arrived yet.")
            @Nullable
            Long behindMs,

            @Nullable Instant lastAt,
            EventsStatus.EventCounts counts) {}

    @GET
    public ChangeEventsJson status() {
        EventsStatus now = events.status();
        return new ChangeEventsJson(
                now.queue() != null,
                now.inWords(),
                now.behind() == null ? null : now.behind().toMillis(),
                now.lastAt(),
                now.counts());
    }
}
