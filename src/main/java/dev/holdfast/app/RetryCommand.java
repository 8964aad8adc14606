package dev.holdfast.app;

import jakarta.enterprise.context.Dependent;
import java.util.Map;
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
        String stack = server.stack();
        server.call("POST", "/api/v1/stacks/" + stack + "/retry", Map.of("resource", resource));
        server.say(stack + " " + resource + " is retried");
        return ExitCodes.FINE;
    }
}
