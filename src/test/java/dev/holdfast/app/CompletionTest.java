package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The scripts with which a shell completes commands. */
@Order(1)
@Execution(ExecutionMode.SAME_THREAD) // its commands read the settings of the process
class CompletionTest {
    @TempDir
    private Path temp;

    @Test
    void bashCompletesCommandsOptionsAndValues() throws IOException, InterruptedException {
        assumeTrue(Files.exists(Path.of("/bin/bash")), "there is no bash");

        assertThat(completed("holdfast", "rec")).contains("reconcile", "reconcile-now");
        assertThat(completed("holdfast", "get", "--sta")).contains("--stack", "--state", "--status");
        assertThat(completed("holdfast", "get", "-o", "")).contains("table", "wide", "json", "yaml", "name");
    }

    /** The completions that bash offers for the last word. */
    private String completed(String... words) throws IOException, InterruptedException {
        Path script = Files.writeString(
                temp.resolve("completion.bash"),
                CommandLines.run("completion", "bash").out());
        String line = String.join(" ", words);
        String program = """
            source %s
            COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; COMP_POINT=${#COMP_LINE}
            _complete_holdfast
            printf '%%s\\n' "${COMPREPLY[@]}"
            """.formatted(script, quoted(words), words.length - 1, line);
        Process bash = new ProcessBuilder("/bin/bash", "-c", program)
                .redirectErrorStream(true)
                .start();
        String output = new String(bash.getInputStream().readAllBytes(), UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return output;
    }

    private static String quoted(String... words) {
        return "'" + String.join("' '", words) + "'";
    }

    @Test
    void zshTakesTheSameScriptAndFishOneOfItsOwn() {
        assertThat(CommandLines.run("completion", "zsh").out()).contains("bashcompinit", "_complete_holdfast");
        String fish = CommandLines.run("completion", "fish").out();
        assertThat(fish)
                .contains("complete -c holdfast -n __fish_use_subcommand -a publish -d ")
                .contains(
                        "complete -c holdfast -n '__fish_seen_subcommand_from get' -s o -l output -r -f -a 'table wide json yaml name'");
        assertThat(fish.lines())
                .allMatch(line ->
                        line.replace("\\'", "").chars().filter(c -> c == '\'').count() % 2 == 0);
        assertThat(CommandLines.run("completion", "tcsh").code()).isEqualTo(ExitCodes.USAGE);
    }

    @Test
    void everyCommandExplainsItself() {
        for (String command : CommandLines.commands()) {
            CommandLines.RanLine help = CommandLines.run(command, "--help");

            assertThat(help.code()).as(command).isEqualTo(ExitCodes.FINE);
            assertThat(help.out()).as(command).startsWith("Usage: holdfast " + command);
        }
    }

    @Test
    void whatOtherToolsCallOtherwiseIsNamed() {
        CommandLines.RanLine logs = CommandLines.run("logs", "-f");

        assertThat(logs.code()).isEqualTo(ExitCodes.USAGE);
        assertThat(logs.err()).contains("there is no command 'logs'", "holdfast events -f");
        assertThat(CommandLines.run("undo").err()).contains("rollback");
        assertThat(CommandLines.run("gte").err()).contains("did you mean 'holdfast get'?");
    }
}
