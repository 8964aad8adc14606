package dev.holdfast.app;

import jakarta.enterprise.context.Dependent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description = "Approves held steps by their hashes. An approval is valid once, for 24 hours.")
class ApproveCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "HASH")
    private List<String> hashes = List.of();

    @Mixin
    private DaemonClient server = new DaemonClient();

    @Override
    public Integer call() {
        String stack = server.stack();
        server.call("POST", "/api/v1/stacks/" + stack + "/approvals", Map.of("steps", hashes));
        server.say("approved in " + stack + ": " + String.join(", ", hashes));
        return ExitCodes.FINE;
    }
}
