package dev.holdfast.app;

import dev.holdfast.state.RequestedAct;
import jakarta.enterprise.context.Dependent;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Dependent
@Command(name = "resume", mixinStandardHelpOptions = true, description = "Ends a pause.")
class ResumeCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "RESOURCE", description = "Kind/name. Default: the whole stack.")
    private @Nullable String resource;

    @Mixin
    private DaemonClient server = new DaemonClient();

    @Override
    public Integer call() {
        return server.request(
                new RequestedAct.Resume(DaemonClient.resource(resource)),
                stack -> (resource == null ? stack : stack + " " + resource) + " is resumed");
    }
}
