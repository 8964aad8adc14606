package dev.holdfast.app;

import dev.holdfast.state.HeldStep;
import dev.holdfast.state.RequestedAct;
import jakarta.enterprise.context.Dependent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "approve",
        mixinStandardHelpOptions = true,
        description =
                "Approves held steps: by their hashes, all of one resource, or all of the stack. An approval is valid"
                        + " once, for 24 hours.")
class ApproveCommand implements Callable<Integer> {
    @Parameters(arity = "0..*", paramLabel = "HASH")
    private List<String> hashes = List.of();

    @Option(names = "--all", description = "Approves all steps of the plan that are held now.")
    private boolean all;

    @Option(names = "--resource", paramLabel = "KIND/NAME", description = "Approves the held steps of this resource.")
    private @Nullable String resource;

    @Mixin
    private DaemonClient server = new DaemonClient();

    @Override
    public Integer call() {
        int ways = (hashes.isEmpty() ? 0 : 1) + (all ? 1 : 0) + (resource == null ? 0 : 1);
        if (ways != 1) {
            throw new CommandFailure("name the steps by HASH…, or with --resource, or with --all", ExitCodes.USAGE);
        }
        List<String> steps = hashes.isEmpty() ? held() : new ArrayList<>(hashes);
        return server.request(
                new RequestedAct.Approve(steps), stack -> "approved in " + stack + ": " + String.join(", ", steps));
    }

    private List<String> held() {
        List<HeldStep> held = server.held();
        List<String> steps = held.stream()
                .filter(s -> all || s.resource().toString().equals(resource))
                .map(HeldStep::hash)
                .toList();
        if (steps.isEmpty()) {
            String others =
                    held.stream().map(s -> s.resource().toString()).distinct().collect(Collectors.joining(", "));
            throw new CommandFailure((all ? "no step waits" : "no step of " + resource + " waits") + " for an approval"
                    + (others.isEmpty() ? "" : "; steps of these resources wait: " + others));
        }
        return steps;
    }
}
