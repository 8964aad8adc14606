package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every command that a page shows or names exists. A test runs it with each of its options, or a list gives the reason
 * why none does.
 */
class DocumentedCommandsTest {
    /** The commands and options that no test runs, with the reason. */
    private static final Map<String, String> NOT_RUN =
            Map.of("test", "the script at the root knows it, and not the program: it runs the tests");

    /** How tests run a command: {@code run("get", "--stack", …)}, or as a process or array of its words. */
    private static final Pattern RUN = Pattern.compile(
            "(?:\\b(?:run|ask|look|start|with)\\(\\s*(?:[\\w.]+(?:\\((?:[^()]|\\([^()]*\\))*\\))?,\\s*)*|\\{\\s*)\"([a-z-]+)\"");

    private static final Pattern OPTION = Pattern.compile("[\" ](--?[a-z][a-z-]*)(?:=[^\"]*)?(?=[\" ])");

    static List<Path> pages() throws IOException {
        return DocsTest.pages();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void namesNoCommandAndNoOptionThatDoesNotExist(Path page) throws IOException {
        for (List<String> command : CommandLines.named(Files.readString(page))) {
            String name = command.getFirst();
            // These words stand for any command, or are options of the program as a whole.
            if (NOT_RUN.containsKey(name)
                    || Set.of("…", "COMMAND", "--version", "--help").contains(name)) {
                continue;
            }
            assertThat(CommandLines.commands()).as("%s: %s", page, command).contains(name);
            assertThat(CommandLines.options(name).keySet())
                    .as("%s: %s", page, command)
                    .containsAll(options(command));
        }
    }

    @Test
    void aTestRunsEachCommandWithEachOptionOrAListSaysWhyNoneDoes() throws IOException {
        Map<String, Set<String>> run = runByTests();
        Map<String, String> missing = new TreeMap<>();
        int commands = 0;
        for (Path page : pages()) {
            for (List<String> command : CommandLines.in(Files.readString(page))) {
                String name = command.getFirst();
                commands++;
                if (!run.containsKey(name)) {
                    missing.put(name, page.toString());
                    continue;
                }
                Set<String> options = longest(name, options(command));
                options.removeAll(run.get(name));
                options.forEach(option -> missing.put(name + " " + option, page.toString()));
            }
        }

        assertThat(commands).isGreaterThan(90);
        assertThat(missing.keySet()).as("%s", missing).isEqualTo(new TreeSet<>(NOT_RUN.keySet()));
    }

    /** The page names every command and option on the list. */
    @Test
    void thePageNamesWhatNoTestRuns() throws IOException {
        String page = Files.readString(Path.of("docs/cli.md"));
        String section = page.substring(page.indexOf("## What tests run"));
        assertThat(NOT_RUN.keySet()).allSatisfy(command -> assertThat(section).contains("`" + command + "`"));
    }

    private static List<String> options(List<String> command) {
        return command.stream()
                .filter(word -> word.matches("--?[a-z][a-z-]*(=.*)?"))
                .map(word -> word.replaceFirst("=.*", ""))
                .toList();
    }

    private static Set<String> longest(String command, List<String> options) {
        Map<String, String> names = CommandLines.options(command);
        return options.stream()
                .map(option -> names.getOrDefault(option, option))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The options with which a test runs each command. */
    private static Map<String, Set<String>> runByTests() throws IOException {
        Map<String, Set<String>> run = new HashMap<>();
        for (Path test : tests()) {
            String source = Files.readString(test);
            Matcher calls = RUN.matcher(source);
            while (calls.find()) {
                String name = calls.group(1);
                if (CommandLines.commands().contains(name)) {
                    String words = untilClosed(source, calls.end());
                    List<String> options = new ArrayList<>();
                    OPTION.matcher(words).results().forEach(found -> options.add(found.group(1)));
                    run.computeIfAbsent(name, n -> new TreeSet<>()).addAll(longest(name, options));
                }
            }
        }
        // DaemonCommandsTest adds the options of the location to all of these commands in one place.
        for (String name : List.of("approve", "retry", "pause", "resume", "reconcile-now")) {
            run.get(name).addAll(List.of("--stack", "--state"));
        }
        // InspectCommandsTest runs the commands of this section, and adds the options of the location.
        String page = Files.readString(Path.of("docs/cli.md"));
        CommandLines.in(page.substring(page.indexOf("## Look"), page.indexOf("## The JSON")))
                .forEach(command -> run.computeIfAbsent(command.getFirst(), n -> new TreeSet<>())
                        .addAll(longest(command.getFirst(), options(command))));
        for (String name : List.of("status", "get", "describe", "events")) {
            run.get(name).addAll(List.of("--state", "--server"));
        }
        return run;
    }

    private static List<Path> tests() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/test/java/dev/holdfast/app"))) {
            return files.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static String untilClosed(String source, int from) {
        int depth = 1;
        boolean text = false;
        for (int i = from; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '"' && source.charAt(i - 1) != '\\') {
                text = !text;
            } else if (!text && (c == '(' || c == '{')) {
                depth++;
            } else if (!text && (c == ')' || c == '}') && --depth == 0) {
                return source.substring(from, i);
            }
        }
        return source.substring(from);
    }
}
