package dev.holdfast.app;

import dev.holdfast.twin.TwinOptions;
import dev.holdfast.twin.TwinServer;
import dev.holdfast.twin.store.TwinSettings;
import io.quarkus.runtime.Quarkus;
import jakarta.enterprise.context.Dependent;
import java.io.IOException;
import java.net.BindException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Dependent
@Command(name = "twin", mixinStandardHelpOptions = true, description = "Runs the twin alone: an AWS account in memory.")
class TwinCommand implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "4566", description = "Port. Default: ${DEFAULT-VALUE}; 0: any free port")
    private int port;

    @Option(
            names = "--speed",
            defaultValue = "1",
            description = "How many times faster than in AWS resources become ready. Default: ${DEFAULT-VALUE}")
    private double speed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        try (TwinServer twin =
                TwinServer.start(TwinOptions.defaults().withPort(port).withSettings(new TwinSettings().speed(speed)))) {
            spec.commandLine().getOut().println("AWS, in memory, at " + twin.endpoint());
            spec.commandLine().getOut().flush();
            Quarkus.waitForExit();
        } catch (BindException e) {
            throw new CommandFailure("port " + port + " is in use; choose another with --port, or 0 for any free port");
        }
        return ExitCodes.FINE;
    }
}
