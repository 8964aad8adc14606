package dev.holdfast.app;

import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.Dependent;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Dependent
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Runs the daemon: reconciles every stack of HOLDFAST_DESIRED_STATE continuously.")
class RunCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8080", description = "Port of the HTTP API. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("UnusedVariable") // Main has set it before the server started
    private int port;

    private final CommandContext context;
    private final Daemon daemon;

    RunCommand(CommandContext context, Daemon daemon) {
        this.context = context;
        this.daemon = daemon;
    }

    @Override
    public Integer call() {
        AlertSettings alerts = AlertSettings.read();
        ChangeEventSettings events = ChangeEventSettings.read();
        daemon.start(context.operator(null), alerts, events, false, event -> {});
        Quarkus.waitForExit();
        return ExitCodes.FINE;
    }
}
