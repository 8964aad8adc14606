package dev.holdfast.app;

import jakarta.enterprise.context.Dependent;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Dependent
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = {
            "Prints a script that makes a shell complete commands and options.",
            "bash: source <(holdfast completion bash)",
            "zsh:  source <(holdfast completion zsh)",
            "fish: holdfast completion fish > ~/.config/fish/completions/holdfast.fish"
        })
class CompletionCommand extends LocalCommand {
    /** In lower case, as people type them. */
    enum CompletionShell {
        bash,
        zsh,
        fish
    }

    @Parameters(paramLabel = "SHELL", description = "${COMPLETION-CANDIDATES}")
    private CompletionShell shell = CompletionShell.bash;

    CompletionCommand(CommandContext context) {
        super(context);
    }

    @Override
    public Integer call() {
        CommandLine top = commandLine().getParent();
        out().print(
                        switch (shell) {
                            // The script switches zsh to the completion of bash by itself.
                            case bash, zsh -> AutoComplete.bash("holdfast", top);
                            case fish -> FishCompletion.of(top.getCommandSpec());
                        });
        out().flush();
        return ExitCodes.FINE;
    }
}
