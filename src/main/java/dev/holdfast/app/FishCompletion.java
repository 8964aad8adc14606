package dev.holdfast.app;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A completion for fish, made from the model of the commands.
 *
 * @see <a href="https://fishshell.com/docs/current/cmds/complete.html">complete</a>
 */
final class FishCompletion {
    private static final int WORDS = 100;

    private final List<String> lines = new ArrayList<>();

    private FishCompletion() {}

    static String of(CommandSpec top) {
        FishCompletion fish = new FishCompletion();
        fish.lines.add("complete -c holdfast -f");
        top.subcommands().forEach((name, command) -> fish.command(name, command));
        return String.join("\n", fish.lines) + "\n";
    }

    private void command(String name, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        lines.add("complete -c holdfast -n __fish_use_subcommand -a " + name + " -d "
                + quoted(first(spec.usageMessage().description())));
        String within = "complete -c holdfast -n " + quoted("__fish_seen_subcommand_from " + name);
        for (OptionSpec option : spec.options()) {
            StringBuilder line = new StringBuilder(within);
            for (String form : option.names()) {
                line.append(form.startsWith("--") ? " -l " + form.substring(2) : " -s " + form.substring(1));
            }
            if (option.arity().max() > 0) {
                line.append(" -r");
                String candidates = candidates(option);
                line.append(candidates.isEmpty() ? " -F" : " -f -a " + quoted(candidates));
            }
            lines.add(line.append(" -d ")
                    .append(quoted(first(option.description())))
                    .toString());
        }
        spec.positionalParameters().stream()
                .map(FishCompletion::candidates)
                .filter(c -> !c.isEmpty())
                .forEach(c -> lines.add(within + " -a " + quoted(c)));
        boolean takesFiles =
                spec.positionalParameters().stream().anyMatch(p -> candidates(p).isEmpty());
        if (takesFiles) {
            lines.add(within + " -F");
        }
    }

    private static String candidates(ArgSpec argument) {
        Iterable<String> candidates = argument.completionCandidates();
        return candidates == null
                ? ""
                : StreamSupport.stream(candidates.spliterator(), false).collect(Collectors.joining(" "));
    }

    private static String first(String... description) {
        if (description.length == 0) {
            return "";
        }
        String text = description[0].replaceAll("\\$\\{[^}]*}", "…");
        return text.length() <= WORDS ? text : text.substring(0, WORDS - 1) + "…";
    }

    /** In single quotes, fish gives a meaning to the backslash and the quote only. */
    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
