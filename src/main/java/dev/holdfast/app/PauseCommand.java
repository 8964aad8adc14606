package dev.holdfast.app;

import dev.holdfast.state.RequestedAct;
import jakarta.enterprise.context.Dependent;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "pause",
        mixinStandardHelpOptions = true,
        description =
                "Pauses a stack or one resource: until a given time Holdfast does not write to it, but reports drift.")
class PauseCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "RESOURCE", description = "Kind/name. Default: the whole stack.")
    private @Nullable String resource;

    @Option(
            names = "--until",
            required = true,
            description = "A time (2026-01-31T12:00:00Z) or a duration from now (2h, PT2H).")
    private String until = "";

    @Option(names = "--reason", required = true)
    private String reason = "";

    @Mixin
    private DaemonClient server = new DaemonClient();

    @Override
    public Integer call() {
        Instant end = time();
        return server.request(
                new RequestedAct.PauseUntil(DaemonClient.resource(resource), end, reason),
                stack -> (resource == null ? stack : stack + " " + resource) + " is paused until " + end);
    }

    private Instant time() {
        try {
            return Instant.parse(until);
        } catch (DateTimeException e) {
            try {
                return Instant.now().plus(DurationParser.parse(until));
            } catch (CommandLine.TypeConversionException none) {
                throw new CommandFailure(
                        "--until must be a time (2026-01-31T12:00:00Z) or a duration (2h, PT2H); found '" + until + "'",
                        ExitCodes.USAGE);
            }
        }
    }
}
