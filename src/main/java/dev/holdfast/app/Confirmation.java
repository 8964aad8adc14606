package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import picocli.CommandLine.Option;

/** Asks a person whether a command may continue. Without a terminal, the option --yes gives the answer in advance. */
final class Confirmation {
    @Option(
            names = {"-y", "--yes"},
            description = "Does not ask. Needed where there is no terminal.")
    private boolean yes;

    /** @throws CommandFailure if the person does not agree, or there is no terminal */
    void ask(CommandContext context, String question) {
        if (yes) {
            return;
        }
        CommandContext.Terminal terminal = context.terminal();
        if (terminal == null) {
            throw new CommandFailure(
                    "there is no terminal to ask '" + question + "': pass --yes. Nothing was done", USAGE);
        }
        String answer = terminal.ask(question + " [y/N]");
        if (answer == null || !answer.strip().matches("(?i)y(es)?")) {
            throw new CommandFailure("nothing was done");
        }
    }
}
