package dev.holdfast.app;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine;

/** Starts a command. Only those that serve open the HTTP port. */
@QuarkusMain
public final class Main implements QuarkusApplication {
    private static final Set<String> SERVING = Set.of("run", "demo");

    private final TopCommand top;
    private final CommandLine.IFactory factory;

    public Main(TopCommand top, CommandLine.IFactory factory) {
        this.top = top;
        this.factory = factory;
    }

    public static void main(String... args) {
        boolean serving = args.length > 0 && SERVING.contains(args[0]);
        if (serving) {
            if (args[0].equals("demo")) {
                // The demo prints what happens in its own words.
                System.setProperty("quarkus.log.category.\"holdfast\".level", "OFF");
            }
            try {
                Telemetry.properties(name -> Objects.requireNonNullElse(System.getenv(name), ""))
                        .forEach(System::setProperty);
            } catch (CommandFailure e) {
                System.err.println("holdfast: " + e.getMessage());
                System.exit(e.exitCode());
            }
            int port = List.of(args).indexOf("--port");
            if (port > 0 && port + 1 < args.length) {
                System.setProperty("quarkus.http.port", args[port + 1]);
            }
        } else {
            System.setProperty("quarkus.http.host-enabled", "false");
            System.setProperty("quarkus.log.level", "WARN");
        }
        Quarkus.run(Main.class, args);
    }

    @Override
    public int run(String... args) {
        return new CommandLine(top, factory)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    if (e instanceof CommandFailure failure) {
                        line.getErr().println("holdfast: " + failure.getMessage());
                        return failure.exitCode();
                    }
                    throw e;
                })
                .setParameterExceptionHandler((e, rest) -> {
                    e.getCommandLine().getErr().println("holdfast: " + e.getMessage());
                    e.getCommandLine().usage(e.getCommandLine().getErr());
                    return ExitCodes.USAGE;
                })
                .execute(args);
    }
}
