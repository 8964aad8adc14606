package dev.holdfast.api;

import dev.holdfast.engine.Engine;
import dev.holdfast.state.RefusalTrail.RefusalEntry;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The refused HTTP requests and revisions of all replicas, oldest first. Pages go by the names of the entries. */
@Path("/api/v1/refusals")
@Produces(MediaType.APPLICATION_JSON)
public class RefusalsResource {
    private static final int PAGE = 100;
    private final RunningEngine running;

    public RefusalsResource(RunningEngine running) {
        this.running = running;
    }

    @GET
    public ApiModel.ItemList<RefusalEntry> refusals(@QueryParam("after") @DefaultValue("") String after) {
        Engine engine = running.engine();
        List<RefusalEntry> entries =
                engine == null ? List.of() : engine.refusals().after(after, PAGE + 1);
        List<RefusalEntry> page = entries.subList(0, Math.min(PAGE, entries.size()));
        return new ApiModel.ItemList<>(
                page, page.size() < entries.size() ? page.getLast().entry() : null);
    }
}
