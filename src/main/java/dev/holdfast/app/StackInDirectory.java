package dev.holdfast.app;

import dev.holdfast.model.Revision;
import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments of a command that compiles a stack from a directory. */
final class StackInDirectory {
    @Parameters(paramLabel = "DIR")
    private Path directory = Path.of(".");

    @Option(names = "--stack", required = true)
    private String stack = "";

    String directory() {
        return directory.toString();
    }

    Path path() {
        return directory;
    }

    String stack() {
        return stack;
    }

    /** @throws CommandFailure if the stack does not validate; its problems are printed first */
    Revision revision(CommandContext context, PrintWriter err) {
        return context.revision(directory, stack, err);
    }
}
