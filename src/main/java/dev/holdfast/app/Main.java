package dev.holdfast.app;

import dev.holdfast.model.SafeText;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

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
        try {
            settings(args).forEach(System::setProperty);
        } catch (CommandFailure e) {
            System.err.println("holdfast: " + e.getMessage());
            System.exit(e.exitCode());
        }
        Quarkus.run(Main.class, args);
    }

    /**
     * The settings of Quarkus for a command. A command that does not serve opens no port, runs no scheduler and prints
     * nothing but its answer to the standard output.
     *
     * @throws CommandFailure if the port is in use
     */
    static Map<String, String> settings(String... args) {
        String port = port(List.of(args));
        // A port that is not a number is an error in the arguments, which is reported without a server.
        if (!serves(args) || (port != null && !port.matches("\\d{1,5}"))) {
            return Map.of(
                    "quarkus.http.host-enabled", "false",
                    "quarkus.scheduler.enabled", "false",
                    "quarkus.log.console.stderr", "true",
                    "quarkus.log.level", "WARN");
        }
        Map<String, String> settings =
                new HashMap<>(Telemetry.properties(name -> Objects.requireNonNullElse(System.getenv(name), "")));
        if (args[0].equals("demo")) {
            // The demo prints the events itself.
            settings.put("quarkus.log.category.\"holdfast\".level", "OFF");
        }
        if (port != null) {
            settings.put("quarkus.http.port", port);
        }
        String elsewhere = Objects.requireNonNullElse(System.getenv("QUARKUS_HTTP_PORT"), "8080");
        checkFree(Integer.parseInt(port == null ? elsewhere : port));
        return settings;
    }

    /**
     * Checks the port first, because Quarkus's own message for a port in use advises to kill the process that uses it.
     */
    private static void checkFree(int port) {
        String host = Objects.requireNonNullElse(System.getenv("QUARKUS_HTTP_HOST"), "127.0.0.1");
        if (port > 65_535) {
            throw new CommandFailure("--port must be 0 to 65535; found " + port, ExitCodes.USAGE);
        }
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (BindException e) {
            throw new CommandFailure(
                    "port " + port + " of " + host + " is in use; choose another with --port, or 0 for any free port");
        } catch (IOException e) {
            throw new CommandFailure("port " + port + " of " + host + " cannot be opened: " + e.getMessage());
        }
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
        CommandLine line = line(top, factory);
        return line.setOut(SafeWriter.on(line.getOut()))
                .setErr(SafeWriter.on(line.getErr()))
                .execute(args);
    }

    /** A failure is shown as one line. Only a fault of Holdfast itself is shown with a stack trace. */
    static CommandLine line(TopCommand top, CommandLine.IFactory factory) {
        return new CommandLine(top, factory)
                .registerConverter(Duration.class, DurationParser::parse)
                .setExecutionExceptionHandler((e, line, parsed) -> failed(e, line))
                .setParameterExceptionHandler(Main::misused);
    }

    private static int failed(Exception e, CommandLine line) {
        String text = FailureText.of(e);
        if (text == null) {
            line.getErr().println("holdfast: this is a fault of Holdfast; please report it with these lines:");
            SafeThrowable.of(e).printStackTrace(line.getErr());
            return ExitCodes.ERROR;
        }
        line.getErr().println("holdfast: " + text);
        return e instanceof CommandFailure failure ? failure.exitCode() : ExitCodes.ERROR;
    }

    private static int misused(CommandLine.ParameterException e, String... args) {
        CommandLine line = e.getCommandLine();
        line.getErr().println("holdfast: " + SafeText.line(String.valueOf(e.getMessage())));
        if (args.length > 0 && line.getParent() == null) {
            String instead =
                    UnknownCommand.instead(args[0], line.getSubcommands().keySet());
            if (instead != null) {
                line.getErr().println(instead);
                return ExitCodes.USAGE;
            }
        }
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(e, line.getErr())) {
            line.usage(line.getErr());
        }
        return ExitCodes.USAGE;
    }
}
