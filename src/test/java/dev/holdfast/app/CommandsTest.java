package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The output and the exit codes of the commands that only read or print. */
@QuarkusTest
class CommandsTest extends CommandsCase {
    /** An operator without the lease cannot tell whether the stack is in sync. */
    @Test
    void theStatusOfAnOperatorThatStandsByIsNoSuccess() throws IOException {
        Path state = Files.createDirectories(temp.resolve("standby/stacks/prod"));
        Files.writeString(state.resolve("stack.json"), "{}");
        Files.writeString(
                state.resolve("view.json"),
                "{\"stack\":{\"name\":\"prod\",\"status\":\"StandingBy\",\"conditions\":[{\"type\":\"Reconciling\","
                        + "\"status\":\"True\",\"reason\":\"LeaseHeldElsewhere\",\"message\":\"operator A holds the lease\"}]},"
                        + "\"resources\":{\"items\":[]}}");

        run("status", "--state", temp.resolve("standby").toString())
                .exits(2)
                .prints("prod: LeaseHeldElsewhere: operator A holds the lease");
    }

    @Test
    void usageErrorsExitWith64AndShowTheWay() {
        run("reconcil").exits(64).complains("holdfast:", "reconcil", "reconcile");
        run().exits(64).complains("Missing required subcommand", "plan");
        run("plan").exits(64).complains("LOCATION");
        run("plan", "x").exits(64).complains("--stack");
        run("plan", "x", "--stack", "s", "--output", "yaml").exits(64).complains("yaml", "markdown");
        run("validate", "--nope", "x").exits(64).complains("--nope");
        run("reconcile", "x", "--stack", "s", "--timeout", "soon").exits(64).complains("soon", "30m");
        run("pause", "--until", "PT1H").exits(64).complains("--reason");
        ask("pause", "--until", "soon", "--reason", "x").exits(64).complains("--until must be", "soon");
        run("--help").exits(0).prints("validate", "publish", "twin");
        run("--version").exits(0).prints("holdfast ");
    }

    @Test
    void validatePrintsAllThatIsWrongAtOnce() {
        String good = directory("good", "", VPC.formatted(1));
        run("validate", good).exits(0).prints("good: valid, 1 resources, revision ");

        directory("bad", "", VPC.formatted(1).replace("cidrBlock", "cidrBlok") + ",{'kind':'Vpcs'}");
        run("validate", good)
                .exits(1)
                .prints("bad/docs.json:1:", "cidrBlok", "cidrBlock", "Vpcs", "good: valid", "bad: ", " problems");
        run("validate", temp.resolve("nowhere").toString()).exits(1).complains("there is no directory", "nowhere");
        run("validate", temp.toString() + "/desired/good").exits(0);
    }

    @Test
    void renderPrintsTheDocumentsAsTheEngineSeesThem() throws IOException {
        String directory = directory("one", "'params':{'n':'7'},", LOGS.formatted("/one/${params.n}", 7));

        JsonNode documents = JSON.readTree(
                run("render", directory, "--stack", "one").exits(0).out());

        assertThat(documents).hasSize(1);
        assertThat(documents.path(0).path("spec").path("logGroupName").asText()).isEqualTo("/one/7");
        run("render", directory, "--stack", "two").exits(1).complains("no stack two", "one");
    }

    @Test
    void theStateNeverLiesInsideTheDesiredState() {
        String directory = directory("here", "", VPC.formatted(3));
        environment.put("HOLDFAST_STATE", directory + "/.holdfast");

        run("plan", directory, "--stack", "here").exits(1).complains("HOLDFAST_STATE", "lies inside", "outside it");
    }

    @Test
    void placesThatAreNoneAreNamed() {
        run("plan", "s3://", "--stack", "x").exits(64).complains("s3://", "bucket");
        environment.put("aws.region", "");
        environment.remove("HOLDFAST_STATE");
        run("plan", "s3://bucket/d", "--stack", "x").exits(1).complains("AWS_REGION");
    }

    @Test
    void schemasAreWrittenAndKindsListed() throws IOException {
        Path out = temp.resolve("schemas");

        run("schema", "--out", out.toString()).exits(0).prints("schemas to " + out);

        try (Stream<Path> files = Files.list(out)) {
            List<String> names = files.map(f -> f.getFileName().toString()).toList();
            assertThat(names).anyMatch(n -> n.contains("Vpc")).anyMatch(n -> n.contains("Stack"));
            for (String name : names) {
                assertThat(JSON.readTree(Files.readString(out.resolve(name), UTF_8))
                                .isObject())
                        .isTrue();
            }
        }
        run("kinds").exits(0).prints("EcsService", "stateful", "https://docs.aws.amazon.com/");
    }

    /** The scheduler is for the daemon. In a command that ends soon, it printed a stack trace into the answer. */
    @Test
    void onlyTheDaemonHasAServerASchedulerAndALogOnTheStandardOutput() {
        for (String command : new CommandLine(top, factory).getSubcommands().keySet()) {
            boolean serves = command.equals("run") || command.equals("demo");
            Map<String, String> settings = Main.settings(command, "--port", "0");

            assertThat("false".equals(settings.get("quarkus.scheduler.enabled")))
                    .as(command)
                    .isEqualTo(!serves);
            assertThat("false".equals(settings.get("quarkus.http.host-enabled")))
                    .as(command)
                    .isEqualTo(!serves);
            assertThat("true".equals(settings.get("quarkus.log.console.stderr")))
                    .as(command)
                    .isEqualTo(!serves);
        }
        assertThat(Main.settings("run", "--help")).containsEntry("quarkus.scheduler.enabled", "false");
        assertThat(Main.settings("run", "--port=x")).containsEntry("quarkus.scheduler.enabled", "false");
    }

    @Test
    void thePortIsFoundHoweverItIsWritten() {
        assertThat(Main.port(List.of("run", "--port", "9000"))).isEqualTo("9000");
        assertThat(Main.port(List.of("run", "--port=9000"))).isEqualTo("9000");
        assertThat(Main.port(List.of("run"))).isNull();
    }
}
