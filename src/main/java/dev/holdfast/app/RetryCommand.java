package dev.holdfast.app;

import dev.holdfast.model.ResourceId;
import dev.holdfast.state.RequestedAct;
import jakarta.enterprise.context.Dependent;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "retry",
        mixinStandardHelpOptions = true,
        description = "Retries a resource that failed, is stalled, or is held after a failed rollout.")
class RetryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RESOURCE", description = "Kind/name")
    private String resource = "";

    @Mixin
    private DaemonClient server = new DaemonClient();

    @Override
    public Integer call() {
        ResourceId id = Objects.requireNonNull(DaemonClient.resource(resource));
        return server.request(new RequestedAct.Retry(id), stack -> stack + " " + id + " is retried");
    }
}
