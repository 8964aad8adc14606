package dev.holdfast.api;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/**
 * The operator is ready if it can read the desired state. A stack with problems does not make the operator unhealthy:
 * alerts report it. The health checks are open to everybody, so the answer contains no text of AWS.
 */
@Readiness
@Startup
@Singleton
public final class DesiredStateHealthCheck implements HealthCheck {
    private final RunningEngine running;

    public DesiredStateHealthCheck(RunningEngine running) {
        this.running = running;
    }

    @Override
    public HealthCheckResponse call() {
        String failure = running.sourceFailure();
        boolean up = running.isStarted() && failure == null;
        var response = HealthCheckResponse.named("desired-state").status(up);
        return failure == null
                ? response.build()
                : response.withData("reason", "the desired state cannot be read; the status page names the cause")
                        .build();
    }
}
