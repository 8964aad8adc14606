package dev.holdfast.app;

import dev.holdfast.kind.TestKinds;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The {@code holdfast} commands in a text, and whether the parser accepts them. */
final class CommandLines {
    /** A command on a line of its own, after a prompt, variables or a key of YAML, or inside another command. */
    private static final Pattern COMMAND = Pattern.compile(
            "(?m)(?:^\\s*(?:\\$ |(?:- )?run: )?(?:[A-Z_]+=\\S* +)*|<\\(|\\$\\(|&& )(?:\\./)?holdfast +([^\\n]*)$");

    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern SPAN = Pattern.compile("`(?:[A-Z_]+=\\S* +)*(?:\\./)?holdfast +([^`]+)`");
    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

    /** Shared by all commands, because they do not change it. */
    private static final CommandContext CONTEXT = new CommandContext(TestKinds.all());

    /** Used only to inspect the commands, never to run one. */
    private static final CommandLine ONCE = line();

    private CommandLines() {}

    /** @return the arguments of each command, without pipes and redirections */
    static List<List<String>> in(String text) {
        List<List<String>> all = new ArrayList<>();
        Matcher commands = COMMAND.matcher(text.replaceAll("\\\\\\n\\s*", " "));
        while (commands.find()) {
            String line = commands.group(1).replaceAll("\\$\\{\\{[^}]*}}", "expression");
            all.add(words(commands.group().contains("(") ? line.replaceFirst("\\)[^)]*$", "") : line));
        }
        return all;
    }

    /** The commands that are named in a sentence; some are only the beginning of one. */
    static List<List<String>> named(String text) {
        return SPAN.matcher(FENCE.matcher(text).replaceAll(""))
                .results()
                .map(span -> words(span.group(1)))
                .toList();
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find() && !List.of(">", "|", "#", "&&").contains(word.group())) {
            words.add(word.group(1) != null ? word.group(1) : word.group());
        }
        return words;
    }

    /** The names of all commands. */
    static Set<String> commands() {
        return ONCE.getSubcommands().keySet();
    }

    /** The longest name of each option of a command, by all its names. */
    static Map<String, String> options(String command) {
        Map<String, String> longest = new TreeMap<>();
        ONCE.getSubcommands().get(command).getCommandSpec().options().forEach(option -> {
            for (String name : option.names()) {
                longest.put(name, option.longestName());
            }
        });
        return longest;
    }

    record RanLine(int code, String out, String err) {}

    /** Runs a command that needs neither the container nor AWS. */
    static RanLine run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = line().setOut(SafeWriter.on(out))
                .setErr(SafeWriter.on(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
                .execute(arguments);
        return new RanLine(code, out.toString(), err.toString());
    }

    private static CommandLine line() {
        return Main.line(new TopCommand(), new CommandLine.IFactory() {
            @Override
            public <K> K create(Class<K> type) throws Exception {
                return made(type);
            }
        });
    }

    /** @throws CommandLine.ParameterException if the parser refuses the command */
    static void parse(List<String> arguments) {
        Main.line(new TopCommand(), new CommandLine.IFactory() {
                    @Override
                    public <K> K create(Class<K> type) throws Exception {
                        return made(type);
                    }
                })
                .parseArgs(arguments.toArray(String[]::new));
    }

    /** Creates commands as the container does, without the dependencies that only a running command needs. */
    private static <K> K made(Class<K> type) throws Exception {
        if (!type.getName().startsWith("dev.holdfast") || type.getDeclaredConstructors()[0].getParameterCount() == 0) {
            return CommandLine.defaultFactory().create(type);
        }
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        @Nullable
        Object[] arguments = Arrays.stream(constructor.getParameterTypes())
                .map(p -> p == CommandContext.class ? CONTEXT : null)
                .toArray();
        return type.cast(constructor.newInstance(arguments));
    }
}
