package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.Hostile;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An author of documents puts hostile text into each of their strings. The text has no effect on a terminal, a comment
 * on a pull request or a CI system.
 */
@QuarkusTest
@Timeout(60)
class HostileTextTest extends CommandsCase {
    private static final String X = Hostile.json();
    private static final String VALID = """
        {"apiVersion":"holdfast.dev/v1","kind":"Vpc","metadata":{"name":"main","labels":{"%1$s":"%1$s"}},
         "spec":{"cidrBlock":"10.77.0.0/16","tags":{"%1$s":"%2$s","```":"%2$s"}}},
        {"apiVersion":"holdfast.dev/v1","kind":"Alarm","metadata":{"name":"cpu"},
         "spec":{"alarmName":"%3$s-cpu","namespace":"AWS/ECS","metricName":"CPUUtilization","statistic":"Average",
          "period":60,"evaluationPeriods":5,"threshold":80,"comparisonOperator":"GreaterThanThreshold",
          "alarmDescription":"%2$s","dimensions":[{"name":"%1$s","value":"%2$s"}]}}
        """;
    private static final String INVALID = """
        {"apiVersion":"%1$s","kind":"Vpc","metadata":{"name":"a"},"spec":{"cidrBlock":"10.0.0.0/16"}},
        {"apiVersion":"holdfast.dev/v1","kind":"%1$s","metadata":{"name":"b"},"spec":{}},
        {"apiVersion":"holdfast.dev/v1","kind":"Vpc","metadata":{"name":"%1$s"},"spec":{"cidrBlock":"%1$s"}},
        {"apiVersion":"holdfast.dev/v1","kind":"Vpc","metadata":{"name":"c","%1$s":1,"dependsOn":["%1$s"]},
         "lifecycle":{"onDelete":"%1$s","ignore":["%1$s"]},"spec":{"%1$s":"x","cidrBlock":"10.1.0.0/16","tags":{"%1$s":{}}}},
        {"apiVersion":"holdfast.dev/v1","kind":"Vpc","metadata":{"name":"d"},
         "spec":{"cidrBlock":"10.2.0.0/16","tags":{"%1$s":"1","%1$s":"2"}}},
        {"apiVersion":"holdfast.dev/v1","kind":"Subnet","metadata":{"name":"e"},
         "spec":{"vpcId":"${%1$s}","cidrBlock":"10.2.0.0/24","availabilityZone":"${params.%1$s}"}}
        """;

    private static void tamed(Ran ran) {
        Hostile.isTamed(ran.out());
        Hostile.isTamed(ran.err());
    }

    @Test
    void theProblemsOfADocument() throws IOException {
        String directory = directory("hostile", "", "");
        Path documents = Path.of(directory, "hostile/docs.json");
        Files.createDirectories(Path.of(directory, "hostile/::error file=x"));
        Files.copy(documents, Path.of(directory, "hostile/::error file=x/::error::owned.json"));
        for (String document : INVALID.formatted(X).split("(?<=}),\n")) {
            Files.writeString(documents, document);

            Ran ran = run("validate", directory).exits(1);

            tamed(ran);
            assertThat(ran.out()).as(document).contains("hostile/docs.json:");
        }
        Files.writeString(documents, "[" + INVALID.formatted(X) + "]");
        tamed(run("validate", directory).exits(1));
        tamed(run("plan", directory, "--stack", "hostile", "--output", "markdown")
                .exits(1));
        Files.delete(documents);
        Files.writeString(Path.of(directory, "::error::x.json"), "{\"" + X + "\":");
        tamed(run("validate", directory).exits(1));
    }

    @Test
    void thePlanInEachForm() throws IOException {
        String directory = directory("hostile", "", "");
        write(directory, "hostile", "usual");
        run("reconcile", directory, "--stack", "hostile", "--timeout", "20s").exits(0);

        write(directory, X, X.replace("${", "$${"));
        planned(directory, "hostile", "2 to update");
        Files.writeString(
                Path.of(directory, "hostile/stack.json"),
                Files.readString(Path.of(directory, "hostile/stack.json")).replace("\"hostile\"", "\"fresh\""));
        planned(directory, "fresh", "1 to create");
    }

    private static void write(String directory, String key, String value) throws IOException {
        Files.writeString(Path.of(directory, "hostile/docs.json"), "[" + VALID.formatted(key, value, "hostile") + "]");
    }

    private void planned(String directory, String stack, String summary) throws IOException {
        Ran text = run("plan", directory, "--stack", stack).exits(0).prints(summary, "\\u202egnp");
        Ran markdown = run("plan", directory, "--stack", stack, "--output", "markdown")
                .exits(0)
                .prints(summary, "\\u202egnp", "`````diff\n");
        Ran json = run("plan", directory, "--stack", stack, "--output", "json").exits(0);

        tamed(text);
        tamed(markdown);
        tamed(json);
        assertThat(markdown.out().lines().filter("`````"::equals)).hasSize(1);
        JsonNode whole = JSON.readTree(json.out());
        assertThat(whole.path("steps").size()).isPositive();
    }

    @Test
    void whatPeopleSayAndAreTold() {
        tamed(ask("pause", "--stack", Installation.TINY, "--until", "2099-01-01T00:00:00Z", "--reason", Hostile.TEXT));
        tamed(ask("resume", "--stack", Installation.TINY));
        tamed(run("plan", temp.resolve("x").toString(), "--stack", Hostile.TEXT));
        tamed(ask("retry", "Vpc/" + Hostile.TEXT, "--stack", Installation.TINY));
        tamed(run(Hostile.TEXT));
    }
}
