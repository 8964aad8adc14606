package dev.holdfast.app;

import dev.holdfast.aws.Faults;
import dev.holdfast.model.Fault;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import software.amazon.awssdk.core.exception.SdkException;

/** Starts a command. Only the commands that serve HTTP open the port. */
@QuarkusMain
public final class Main implements QuarkusApplication {
    private static final Set<String> SERVING = Set.of("run", "demo");
    private static final String PORT = "--port";

    private final TopCommand top;
    private final CommandLine.IFactory factory;

    public Main(TopCommand top, CommandLine.IFactory factory) {
        this.top = top;
        this.factory = factory;
    }

    public static void main(String... args) {
        if (serves(args)) {
            if (args[0].equals("demo")) {
                // The demo prints the events itself.
                System.setProperty("quarkus.log.category.\"holdfast\".level", "OFF");
            }
            try {
                Telemetry.properties(name -> Objects.requireNonNullElse(System.getenv(name), ""))
                        .forEach(System::setProperty);
            } catch (CommandFailure e) {
                System.err.println("holdfast: " + e.getMessage());
                System.exit(e.exitCode());
            }
            String port = port(List.of(args));
            if (port != null) {
                System.setProperty("quarkus.http.port", port);
            }
        } else {
            System.setProperty("quarkus.http.host-enabled", "false");
            System.setProperty("quarkus.log.level", "WARN");
        }
        Quarkus.run(Main.class, args);
    }

    private static boolean serves(String... args) {
        return args.length > 0
                && SERVING.contains(args[0])
                && Stream.of(args).noneMatch(a -> a.equals("--help") || a.equals("-h"));
    }

    /** Finds the port in the arguments, because the HTTP server starts before picocli parses them. */
    static @Nullable String port(List<String> args) {
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i).startsWith(PORT + "=")) {
                return args.get(i).substring(PORT.length() + 1);
            }
            if (args.get(i).equals(PORT) && i + 1 < args.size()) {
                return args.get(i + 1);
            }
        }
        return null;
    }

    @Override
    public int run(String... args) {
        return line(top, factory).execute(args);
    }

    /** A failure is shown as one line. Only an unexpected exception is shown with a stack trace. */
    static CommandLine line(TopCommand top, CommandLine.IFactory factory) {
        return new CommandLine(top, factory)
                .registerConverter(Duration.class, DurationParser::parse)
                .setExecutionExceptionHandler((e, line, parsed) -> {
                    switch (e) {
                        case CommandFailure failure -> {
                            line.getErr().println("holdfast: " + failure.getMessage());
                            return failure.exitCode();
                        }
                        case SdkException refused -> line.getErr().println("holdfast: " + said(refused));
                        case UncheckedIOException io -> line.getErr().println("holdfast: " + io.getMessage());
                        case IOException io -> line.getErr().println("holdfast: " + io);
                        default -> throw e;
                    }
                    return ExitCodes.ERROR;
                })
                .setParameterExceptionHandler(Main::misused);
    }

    private static String said(SdkException refused) {
        Fault fault = Faults.classify(refused, List.of());
        String operation = String.valueOf(fault.operation());
        return (operation.isBlank() ? "" : operation + ": ") + fault.code() + ": " + fault.message();
    }

    private static int misused(CommandLine.ParameterException e, String... args) {
        CommandLine line = e.getCommandLine();
        line.getErr().println("holdfast: " + e.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr())) {
            line.usage(line.getErr());
        }
        return ExitCodes.USAGE;
    }
}
