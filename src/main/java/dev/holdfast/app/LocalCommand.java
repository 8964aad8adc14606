package dev.holdfast.app;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that runs in this process: with the kinds, the environment and the streams of its command line. */
abstract class LocalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    final CommandContext context;

    LocalCommand(CommandContext context) {
        this.context = context;
    }

    final CommandLine commandLine() {
        return spec.commandLine();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
