package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code validate} for people, for programs and for pull requests. */
@Order(1)
@Execution(ExecutionMode.SAME_THREAD) // its commands read the settings of the process
class ValidateOutputTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path temp;

    private String directory(String cidr) throws IOException {
        Files.createDirectories(temp.resolve("dev"));
        Files.writeString(temp.resolve("dev/stack.json"), """
            {"apiVersion":"holdfast.dev/v1","kind":"Stack","metadata":{"name":"dev"},
             "spec":{"account":"123456789012","region":"eu-west-2","include":["docs.json"]}}""");
        Files.writeString(temp.resolve("dev/docs.json"), """
            [{"apiVersion":"holdfast.dev/v1","kind":"Vpc","metadata":{"name":"main"},"spec":{"%s":"10.0.0.0/16"}}]""".formatted(cidr));
        return temp.toString();
    }

    @Test
    void jsonListsEachProblemWithItsPlace() throws IOException {
        CommandLines.RanLine ran = CommandLines.run("validate", directory("cidrBlok"), "--output", "json");

        assertThat(ran.code()).isEqualTo(ExitCodes.ERROR);
        JsonNode json = JSON.readTree(ran.out());
        OutputSchema.check("validation", json);
        assertThat(json.path("valid").asBoolean()).isFalse();
        JsonNode problem = json.path("stacks").path(0).path("problems").path(0);
        assertThat(problem.path("file").asText()).isEqualTo("dev/docs.json");
        assertThat(problem.path("line").asInt()).isEqualTo(1);
        assertThat(json.toString()).contains("cidrBlok", "cidrBlock");

        JsonNode good = JSON.readTree(CommandLines.run("validate", directory("cidrBlock"), "-o", "json")
                .out());
        OutputSchema.check("validation", good);
        assertThat(good.path("valid").asBoolean()).isTrue();
        assertThat(good.path("stacks").path(0).path("resources").asInt()).isEqualTo(1);
    }

    @Test
    void githubShowsEachProblemBesideItsLine() throws IOException {
        CommandLines.RanLine ran = CommandLines.run("validate", directory("cidrBlok"), "--output", "github");

        assertThat(ran.code()).isEqualTo(ExitCodes.ERROR);
        assertThat(ran.out())
                .contains("::error file=" + temp + "/dev/docs.json,line=1,col=", "::/spec", "cidrBlok")
                .contains("dev: ");
        assertThat(CommandLines.run("validate", directory("cidrBlock"), "--output", "github")
                        .out())
                .startsWith("dev: valid, 1 resources");
    }

    @Test
    void aWarningStopsNothing() throws IOException {
        directory("cidrBlock");
        Files.writeString(temp.resolve("dev/docs.json"), """
            [{"apiVersion":"holdfast.dev/v1","kind":"TaskDefinition","metadata":{"name":"api"},"spec":{
              "containerDefinitions":[{"name":"xray","image":"amazon/aws-xray-daemon:3.x"}]}}]""");

        CommandLines.RanLine text = CommandLines.run("validate", temp.toString());
        assertThat(text.code()).isEqualTo(ExitCodes.FINE);
        assertThat(text.out())
                .startsWith("warning: dev/docs.json:2:")
                .contains("X-Ray daemon")
                .contains("dev: valid, 1 resources");

        JsonNode json = JSON.readTree(
                CommandLines.run("validate", temp.toString(), "-o", "json").out());
        OutputSchema.check("validation", json);
        assertThat(json.path("valid").asBoolean()).isTrue();
        assertThat(json.at("/stacks/0/warnings/0/pointer").asText()).isEqualTo("/spec/containerDefinitions/0/image");

        assertThat(CommandLines.run("validate", temp.toString(), "-o", "github").out())
                .startsWith("::warning file=" + temp + "/dev/docs.json,line=2,col=");

        assertThat(CommandLines.run("render", temp.toString(), "--stack", "dev").err())
                .contains("warning: dev/docs.json:2:");
    }

    /** The text of a document neither ends a workflow command nor begins one. */
    @Test
    void aDocumentWritesNoWorkflowCommandOfItsOwn() throws IOException {
        CommandLines.RanLine ran = CommandLines.run(
                "validate", directory("a%0A::stop-commands::x\\n::set-env name=A::b"), "--output", "github");

        assertThat(ran.out().lines().filter(line -> line.startsWith("::")))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).startsWith("::error file=").doesNotContain("%0A"));
    }

    @Test
    void textIsAsBefore() throws IOException {
        assertThat(CommandLines.run("validate", directory("cidrBlok")).out())
                .contains("dev/docs.json:1:", "dev: ", " problems");
        assertThat(CommandLines.run("validate", temp.resolve("none").toString()).code())
                .isEqualTo(ExitCodes.ERROR);
    }
}
