package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scripts of docs/examples/github/plan.yml run as they stand, with a GitHub and a Docker that only record. */
class GithubExampleTest {
    private static final Path WORKFLOW = Path.of("docs/examples/github/plan.yml");
    private static final int LONGEST_COMMENT = 65_536;

    /** Keeps comments as files of a folder, with only those operations that the workflow uses. */
    private static final String GH = """
        #!/bin/sh
        echo "$@" >> "$RUNNER_TEMP/asked"
        mkdir -p "$RUNNER_TEMP/comments"
        for last in "$@"; do :; done
        case "$*" in
          *--jq*) for file in "$RUNNER_TEMP"/comments/*; do
              [ -f "$file" ] && head -n 1 "$file" | grep -qF "holdfast plan: $STACK " && basename "$file"; done; exit 0 ;;
          *PATCH*/issues/comments/*) id=$(echo "$*" | sed 's|.*/comments/\\([0-9]*\\).*|\\1|')
            [ -f "$RUNNER_TEMP/comments/$id" ] || exit 1 ;;
          *) id=$(ls "$RUNNER_TEMP/comments" | wc -l) ;;
        esac
        cp "${last#body=@}" "$RUNNER_TEMP/comments/$id"
        """;

    @TempDir
    Path temp;

    private JsonNode workflow;

    @BeforeEach
    void read() throws IOException {
        workflow = new ObjectMapper(new YAMLFactory()).readTree(Files.readString(WORKFLOW));
        Files.createDirectories(temp.resolve("bin"));
    }

    private JsonNode step(String name) {
        return StreamSupport.stream(workflow.at("/jobs/plan/steps").spliterator(), false)
                .filter(step -> step.path("name").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void program(String name, String script) throws IOException {
        Path file = Files.writeString(temp.resolve("bin/" + name), script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private int run(String step, Map<String, String> variables) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                        Programs.onPath("bash").toString(),
                        "-e",
                        "-c",
                        step(step).path("run").asText())
                .directory(temp.toFile())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("output").toFile());
        builder.environment().putAll(variables);
        builder.environment().put("RUNNER_TEMP", temp.toString());
        builder.environment().put("GITHUB_PATH", temp.resolve("path").toString());
        builder.environment().put("GITHUB_REPOSITORY", "owner/name");
        builder.environment().put("PR", "7");
        builder.environment().merge("PATH", "", (path, none) -> temp.resolve("bin") + ":" + path);
        Process process = builder.start();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return process.exitValue();
    }

    private Map<String, String> comments() throws IOException {
        Map<String, String> comments = new TreeMap<>();
        try (Stream<Path> files = Files.list(temp.resolve("comments"))) {
            for (Path file : files.toList()) {
                comments.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return comments;
    }

    @Test
    void eachStackHasOneCommentWhichEachRunEdits() throws IOException, InterruptedException {
        program("gh", GH);
        for (String plan : List.of("first", "second")) {
            for (String stack : List.of("dev", "prod")) {
                program("holdfast", "#!/bin/sh\necho \"plan: " + plan + " $4\"\n");
                assertThat(run("Plan", Map.of("STACK", stack))).isZero();
                assertThat(run("Comment", Map.of("STACK", stack)))
                        .as(Files.readString(temp.resolve("output")))
                        .isZero();
            }
        }

        assertThat(comments())
                .isEqualTo(Map.of(
                        "0", "<!-- holdfast plan: dev -->\nplan: second dev\n",
                        "1", "<!-- holdfast plan: prod -->\nplan: second prod\n"));
    }

    @Test
    void aPlanThatFailsFailsTheRunAndSaysWhy() throws IOException, InterruptedException {
        program("gh", GH);
        program("holdfast", "#!/bin/sh\nprintf 'holdfast: there is no stack dev\\n~~~~~~\\n# owned\\n' >&2\nexit 1\n");

        assertThat(run("Plan", Map.of("STACK", "dev"))).isEqualTo(1);
        assertThat(run("Comment", Map.of("STACK", "dev"))).isZero();

        assertThat(comments().get("0"))
                .contains("There is no plan", "\n    holdfast: there is no stack dev\n    ~~~~~~\n    # owned\n");
    }

    @Test
    void theImageIsGivenAFolderThatItOnlyReads() throws IOException, InterruptedException {
        program("docker", "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"$RUNNER_TEMP/docker\"\n");
        assertThat(run("Make the image a command", Map.of("IMAGE", "registry/holdfast@sha256:1")))
                .isZero();

        Map<String, String> variables = new HashMap<>(Map.of("RUNNER_TEMP", temp.toString()));
        variables.put("PATH", temp.resolve("bin") + ":" + System.getenv("PATH"));
        ProcessBuilder holdfast =
                new ProcessBuilder(temp.resolve("bin/holdfast").toString(), "plan", "a b");
        holdfast.environment().putAll(variables);
        assertThat(holdfast.start().waitFor()).isZero();

        List<String> arguments = Files.readAllLines(temp.resolve("docker"));
        assertThat(arguments)
                .contains("--read-only", temp + ":/work:ro", "HOLDFAST_STATE", "HOLDFAST_INSTALLATION")
                .endsWith("registry/holdfast@sha256:1", "plan", "a b");
        // Without another location for the state, the plan would create a folder for it in the read-only folder.
        assertThat(workflow.path("env").fieldNames()).toIterable().contains("HOLDFAST_STATE", "HOLDFAST_INSTALLATION");
    }

    @Test
    void aPlanFitsIntoAComment() {
        List<String> lines = Collections.nCopies(10_000, "+    SecurityGroup/main ``` and more");

        String block = PlanText.block(lines);

        assertThat(block.length()).isLessThan(LONGEST_COMMENT - 1_000);
        assertThat(block).contains("more lines are shown by `holdfast plan`");
        assertThat(Pattern.compile("(?m)^````$").matcher(block).results().count())
                .isEqualTo(1);
        assertThat(PlanText.block(List.of("+    Vpc/main"))).contains("```diff\n+    Vpc/main\n```\n");
        assertThat(PlanText.block(List.of())).isEmpty();
    }
}
