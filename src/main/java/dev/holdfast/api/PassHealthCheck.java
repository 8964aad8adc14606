package dev.holdfast.api;

import dev.holdfast.engine.Engine;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * The operator is alive as long as the passes of its stacks end, successfully or not. If a pass does not end, only a
 * new process helps.
 */
@Liveness
@Singleton
public final class PassHealthCheck implements HealthCheck {
    private final RunningEngine running;

    public PassHealthCheck(RunningEngine running) {
        this.running = running;
    }

    @Override
    public HealthCheckResponse call() {
        Engine engine = running.engine();
        List<String> stuck = engine == null ? List.of() : engine.withoutPass();
        var response = HealthCheckResponse.named("passes").status(stuck.isEmpty());
        return stuck.isEmpty()
                ? response.build()
                : response.withData("withoutPass", String.join(", ", stuck)).build();
    }
}
