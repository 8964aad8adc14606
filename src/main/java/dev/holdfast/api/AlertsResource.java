package dev.holdfast.api;

import dev.holdfast.alerts.AlertService;
import dev.holdfast.alerts.SinkStatus;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;

/** The open alerts and the state of the sinks. */
@Path("/api/v1/alerts")
@Produces(MediaType.APPLICATION_JSON)
public class AlertsResource {
    private final RunningAlerts running;

    public AlertsResource(RunningAlerts running) {
        this.running = running;
    }

    public record AlertsJson(List<AlertService.OpenAlert> items, List<SinkStatus> sinks) {}

    @GET
    public AlertsJson alerts() {
        return new AlertsJson(running.open(), running.sinks());
    }
}
