package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/** The commands that inspect an installation: through the daemon, and from the state with AWS credentials alone. */
@QuarkusTest
class InspectCommandsTest extends CommandsCase {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    @BeforeEach
    void settled() {
        until("held", view -> view.status().equals("Synced"));
        until("tiny", view -> view.status().equals("Synced"));
        await("the view of tiny")
                .atMost(PATIENCE)
                .until(() -> kept("tiny") != null
                        && kept("tiny").path("stack").path("status").asText().equals("Synced"));
        await("the view of held")
                .atMost(PATIENCE)
                .until(() -> kept("held") != null
                        && kept("held").path("stack").path("status").asText().equals("Synced"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "state"})
    void resourcesAreListedAndNamedAsPeopleTypeThem(String way) throws IOException {
        Ran table = look(way, "get", "--stack", "tiny").exits(0);
        assertThat(table.out().lines().findFirst())
                .hasValueSatisfying(l -> assertThat(l).matches("NAME +STATUS +READY +CHANGED"));
        table.prints("LogGroup/app", "SecurityGroup/web", "Vpc/main", "Synced");
        assertThat(table.out()).doesNotContain("\u001b");

        look(way, "get", "securitygroups", "--stack", "tiny").exits(0).prints("SecurityGroup/web");
        assertThat(look(way, "get", "SECURITYGROUP", "--stack", "tiny", "-o", "name")
                        .exits(0)
                        .out())
                .isEqualTo("SecurityGroup/web\n");
        assertThat(look(way, "get", "vpc", "main", "--stack", "tiny", "-o", "name")
                        .exits(0)
                        .out())
                .isEqualTo("Vpc/main\n");
        look(way, "get", "vpc/main", "--stack", "tiny", "-o", "wide").exits(0).prints("PHYSICAL ID", "vpc-");
        assertThat(look(way, "get", "--status", "Failed", "--stack", "tiny")
                        .exits(0)
                        .out())
                .isEmpty();
        look(way, "get", "Bucket", "--stack", "tiny").exits(0).complains("stack tiny has no such resource");

        JsonNode one = JSON.readTree(look(way, "get", "vpc/main", "--stack", "tiny", "-o", "json")
                .exits(0)
                .out());
        assertThat(one.path("status").path("status").asText()).isEqualTo("Synced");
        JsonNode all = JSON.readTree(
                look(way, "get", "--stack", "tiny", "-o", "json").exits(0).out());
        assertThat(all.path("items")).hasSize(3);
        JsonNode yaml = YAML.readTree(
                look(way, "get", "--stack", "tiny", "-o", "yaml").exits(0).out());
        assertThat(without(yaml)).isEqualTo(without(all));

        look(way, "get", "securitygrop", "--stack", "tiny")
                .exits(64)
                .complains("securitygrop", "did you mean \"SecurityGroup\"?");
        look(way, "get", "vpc/mian", "--stack", "tiny")
                .exits(1)
                .complains("stack tiny has no Vpc/mian", "did you mean \"Vpc/main\"?");
        look(way, "get", "vpc/", "--stack", "tiny").exits(64).complains("no name after the slash");
        look(way, "get", "--stack", "nope").exits(1).complains("nope", "tiny");
        look(way, "get").exits(64).complains("held", "tiny", "--stack");
    }

    /** Both ways give the same answer in the same form. */
    @Test
    void theStateTellsWhatTheDaemonTells() throws IOException {
        for (String command : List.of(
                "get --stack tiny -o json",
                "get stacks -o json",
                "get stack/held -o json",
                "drift --stack held -o json",
                "graph --stack tiny -o json",
                "revisions --stack tiny -o json")) {
            JsonNode server =
                    JSON.readTree(look("server", command.split(" ")).exits(0).out());
            Ran fromState = look("state", command.split(" ")).exits(0);
            JsonNode state = JSON.readTree(fromState.out());
            if (command.contains("get stacks")) {
                assertThat(names(state)).containsAll(List.of("held", "tiny"));
            } else {
                assertThat(without(state)).as(command).isEqualTo(without(server));
            }
            if (!command.startsWith("get stack")) {
                fromState.complains("the state at " + STATE, "holds the stack and writes a new view when it changes");
            }
        }
    }

    /** The JSON has the documented form in both ways. */
    @ParameterizedTest
    @ValueSource(strings = {"server", "state"})
    void theJsonHasTheDocumentedForm(String way) throws IOException {
        Map<String, String> commands = Map.of(
                "stacks", "get stacks -o json",
                "stack", "get stack/tiny -o json",
                "resources", "get --stack tiny -o json",
                "resource", "get vpc/main --stack tiny -o json",
                "drift", "drift --stack tiny -o json",
                "events", "events --stack tiny -o json",
                "revisions", "revisions --stack tiny -o json",
                "graph", "graph --stack tiny -o json");
        for (Map.Entry<String, String> command : commands.entrySet()) {
            OutputSchema.check(
                    command.getKey(),
                    JSON.readTree(
                            look(way, command.getValue().split(" ")).exits(0).out()));
        }
        String directory = directory("planned", "", VPC.formatted(3) + "," + LOGS.formatted("/planned/app", 7));
        OutputSchema.check(
                "plan",
                JSON.readTree(run("plan", directory, "--stack", "planned", "--output", "json")
                        .exits(0)
                        .out()));
    }

    /**
     * The test replaces the stack and the resources of the page by its own, and ends commands that run until an
     * interrupt.
     */
    @ParameterizedTest
    @ValueSource(strings = {"server", "state"})
    void theCommandsOfThePageRun(String way) throws IOException {
        String page = Files.readString(Path.of("docs/cli.md"));
        String section = page.substring(page.indexOf("## Look"), page.indexOf("## The JSON"));
        List<List<String>> commands = CommandLines.in(section);
        assertThat(commands).hasSizeGreaterThan(12);
        for (List<String> command : commands) {
            List<String> here = new ArrayList<>(command.stream()
                    .map(word -> switch (word) {
                        case "prod" -> "tiny";
                        case "stack/prod" -> "stack/tiny";
                        case "service/api", "ecsservice/api" -> "securitygroup/web";
                        default -> word;
                    })
                    .toList());
            if (here.contains("--watch") || here.contains("--follow")) {
                here.addAll(List.of("--timeout", "1s"));
            }
            Ran ran = look(way, here.toArray(String[]::new));
            assertThat(ran.code()).as("%s: %s", here, ran.err()).isIn(0, command.contains("status") ? 2 : 0);
        }
    }

    @Test
    void theEnvironmentNamesTheWay() {
        environment.put("HOLDFAST_SERVER", root.toString());
        assertThat(run("get", "--stack", "tiny").exits(0).err()).isEmpty();
        run("get", "--stack", "tiny", "--state", STATE).exits(0).complains("the state at " + STATE);
        run("get", "--server", "http://127.0.0.1:1", "--state", STATE).exits(64).complains("two ways");
        environment.remove("HOLDFAST_SERVER");
        environment.put("HOLDFAST_API_TOKEN", "");
        environment.put("HOLDFAST_STATE", STATE);
        run("get", "--stack", "tiny").exits(0).complains("the state at " + STATE);
        environment.put("HOLDFAST_STATE", "");
        environment.put("HOLDFAST_DESIRED_STATE", Installation.LOCATION);
        run("get", "--stack", "tiny").exits(0).complains("the state at s3://installation/.holdfast/");
        environment.put("HOLDFAST_DESIRED_STATE", "");
        environment.put("HOLDFAST_SERVER", "nonsense");
        run("get", "--stack", "tiny").exits(64).complains("--server must be a URL");
    }

    /** Without a daemon, the commands show the view that the last run of reconcile kept. */
    @Test
    void reconcileKeepsAViewToo() {
        String directory = directory("single", "", LOGS.formatted("/single/app", 7));
        run("reconcile", directory, "--stack", "single").exits(0);

        run("get", "--state", environment.get("HOLDFAST_STATE"))
                .exits(0)
                .prints("LogGroup/app", "Synced")
                .complains("no operator holds the stack");
        run("revisions", "--state", environment.get("HOLDFAST_STATE")).exits(0).complains("keeps no commits");
    }

    @Test
    void aStackOfWhichNoViewIsKeptIsNamed() throws IOException {
        Path state = Files.createDirectories(temp.resolve("old/stacks/prod"));
        Files.writeString(state.resolve("stack.json"), "{}");
        String old = temp.resolve("old").toString();

        run("get", "--state", old).exits(1).complains("keeps no view of the stack prod", "after its first pass");
        run("get", "--state", old, "--stack", "dev").exits(1).complains("the state has no stack dev", "prod");
        Files.writeString(state.resolve("view.json"), "{garbage");
        run("get", "--state", old).exits(1).complains("view.json", "is not a view that an operator wrote");
    }

    @Test
    void theAlertsOfTheInstallationNeedAPerson() throws IOException {
        Path state = Files.createDirectories(temp.resolve("alerted/stacks/prod"));
        String location = temp.resolve("alerted").toString();
        Files.writeString(state.resolve("stack.json"), "{}");
        Files.writeString(
                state.resolve("view.json"),
                "{\"stack\":{\"name\":\"prod\",\"status\":\"Synced\"},\"resources\":{\"items\":[]}}");
        run("status", "--state", location).exits(0).prints("prod", "Synced");

        String alert = "{\"reason\":\"%s\",\"severity\":\"Critical\",\"message\":\"%s\","
                + "\"since\":\"2026-01-01T00:00:00Z\",\"toldAt\":\"2026-01-01T00:00:00Z\",\"phase\":\"%s\"}";
        Files.writeString(
                temp.resolve("alerted/alerts.json"),
                "{\"entries\":[" + alert.formatted("EventsDoNotArrive", "the queue is gone", "Began") + ","
                        + alert.formatted("Past", "it is over", "Over") + "]}");

        Ran told = run("status", "--state", location);
        told.exits(2).prints("the installation: EventsDoNotArrive: the queue is gone");
        assertThat(told.out()).doesNotContain("it is over");
    }

    private static List<String> names(JsonNode list) {
        return list.path("items")
                .valueStream()
                .map(i -> i.path("name").asText())
                .toList();
    }

    /** The JSON without the members that every pass changes. */
    private static JsonNode without(JsonNode json) {
        JsonNode copy = json.deepCopy();
        strip(copy);
        return copy;
    }

    private static void strip(JsonNode json) {
        if (json instanceof ObjectNode object) {
            object.remove(List.of("observedAt", "observedAtByFacet", "lastPass", "lastGoodPassAt", "nextLookAt"));
        }
        json.forEach(InspectCommandsTest::strip);
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "state"})
    void stacksAreListedWithWhatNeedsAPerson(String way) {
        look(way, "get", "stacks").exits(0).prints("NAME", "RESOURCES", "held", "tiny", "Enforce");
        look(way, "get", "stacks", "-o", "wide").exits(0).prints("ACCOUNT", Installation.ACCOUNT, Installation.REGION);
        look(way, "get", "stack/tinny").exits(1).complains("has no tinny", "did you mean \"tiny\"?");
        look(way, "status", "--stack", "tiny").exits(0).prints("tiny", "Synced");
        look(way, "status", "--stack", "nope").exits(1).complains("there is no stack nope");
        look(way, "get", "stacks", "-o", "name").exits(0).prints("stack/tiny\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "state"})
    void aResourceIsDescribedWithAllThatIsKnownOfIt(String way) {
        look(way, "describe", "securitygroup/web", "--stack", "tiny")
                .exits(0)
                .prints(
                        "Name:          SecurityGroup/web",
                        "Status:        Synced",
                        "Physical id:   sg-",
                        "Conditions:",
                        "Depends on:\n  Vpc/main",
                        "Outputs:",
                        "Spec:",
                        "description: web");
        look(way, "describe", "vpc", "main", "--stack", "tiny").exits(0).prints("Used by:\n  SecurityGroup/web");
        look(way, "describe", "stack/tiny")
                .exits(0)
                .prints("Account:       " + Installation.ACCOUNT, "Published:     commit ");
        look(way, "describe", "stack", "--stack", "tiny").exits(0).prints("Resources:     Synced 3");
        look(way, "describe", "vpc/other", "--stack", "tiny").exits(1).complains("stack tiny has no Vpc/other");
        look(way, "describe", "vpc", "--stack", "tiny").exits(64).complains("name one resource");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "state"})
    void theGraphIsATreeADotFileAndJson(String way) throws IOException {
        look(way, "graph", "--stack", "tiny")
                .exits(0)
                .prints("LogGroup/app  Synced\n", "SecurityGroup/web  Synced\n└─ Vpc/main  Synced\n");
        look(way, "graph", "vpc/main", "--reverse", "--stack", "tiny")
                .exits(0)
                .prints("Vpc/main  Synced\n└─ SecurityGroup/web  Synced\n");
        look(way, "graph", "--stack", "tiny", "-o", "dot")
                .exits(0)
                .prints("digraph \"tiny\" {", "\"SecurityGroup/web\" -> \"Vpc/main\";");
        JsonNode part = JSON.readTree(look(way, "graph", "SecurityGroup/web", "--stack", "tiny", "-o", "json")
                .exits(0)
                .out());
        assertThat(part.path("nodes")).hasSize(2);
        assertThat(part.path("edges")).hasSize(1);
        look(way, "graph", "vpc/none", "--stack", "tiny").exits(1).complains("has no Vpc/none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"server", "state"})
    void commitsAreListedWithTheOneThatIsEnforced(String way) throws IOException {
        look(way, "revisions", "--stack", "tiny").exits(0).prints("NUMBER", "AUTHOR", "head, enforced");
        JsonNode revisions = JSON.readTree(
                look(way, "revisions", "--stack", "tiny", "-o", "json").exits(0).out());
        assertThat(revisions.path("items").path(0).path("revision").asText()).matches("[0-9a-f]{64}");
        look(way, "revisions", "--stack", "tiny", "-o", "wide")
                .exits(0)
                .prints(view("tiny").revision());
    }

    /** The log group is changed by hand; the daemon, which makes a pass every second, repairs it. */
    @ParameterizedTest
    @ValueSource(strings = {"server", "state"})
    void driftAndEventsTellWhatHappened(String way) throws IOException {
        installation
                .aws(CloudWatchLogsClient.class)
                .putRetentionPolicy(r -> r.logGroupName("/tiny/app").retentionInDays(90));
        await("the drift")
                .atMost(PATIENCE)
                .until(() -> look(way, "drift", "--stack", "tiny").out().contains("Repaired"));

        look(way, "drift", "--stack", "tiny", "--detailed-exitcode")
                .exits(0)
                .prints("LogGroup/app", "Modified", "90 -> 7  [Drift]");
        JsonNode drift = JSON.readTree(
                look(way, "drift", "--stack", "tiny", "-o", "json").exits(0).out());
        assertThat(drift.path("items").path(0).path("resource").asText()).isEqualTo("LogGroup/app");
        assertThat(look(way, "drift", "--stack", "tiny", "-o", "name").exits(0).out())
                .isEqualTo("LogGroup/app\n");
        look(way, "events", "--stack", "tiny").exits(0).prints("TIME", "DriftDetected", "LogGroup/app");
        look(way, "events", "--stack", "tiny", "--resource", "loggroup/app")
                .exits(0)
                .prints("DriftRepaired");
        assertThat(look(way, "events", "--stack", "tiny", "--resource", "vpc/main")
                        .exits(0)
                        .out())
                .doesNotContain("LogGroup");
        JsonNode events = JSON.readTree(
                look(way, "events", "--stack", "tiny", "-o", "json").exits(0).out());
        assertThat(events.path("items")).isNotEmpty();
        look(way, "events", "--stack", "tiny", "--follow", "--timeout", "1s")
                .exits(0)
                .prints("DriftRepaired");
    }

    @Test
    void whoWatchesADaemonSeesARowAgainWhenItChanges() throws InterruptedException {
        watched("server", () -> {
            ask("pause", "--until", "2h", "--reason", "night", "--stack", "held")
                    .exits(0);
            until("held", view -> view.status().equals("Paused"));
        });
        ask("resume", "--stack", "held").exits(0);
        until("held", view -> view.status().equals("Synced"));
    }

    /** The daemon writes the view of an unsettled stack once a minute: here the test writes it. */
    @Test
    void whoWatchesAStateSeesARowAgainWhenItChanges() throws InterruptedException {
        JsonNode before = kept("held");
        JsonNode paused = before.deepCopy();
        ((ObjectNode) paused.path("stack")).put("status", "Paused");
        watched("state", () -> keep("held", paused));
        keep("held", before);
    }

    private void watched(String way, Runnable change) throws InterruptedException {
        StringWriter seen = new StringWriter();
        Ran[] watched = new Ran[1];
        Thread watcher = Thread.ofVirtual()
                .start(() -> watched[0] = look(seen, way, "get", "stacks", "--watch", "--timeout", "8s"));
        await("the first look").atMost(PATIENCE).until(() -> !rows(seen).isEmpty());
        change.run();
        watcher.join();

        watched[0].exits(0);
        assertThat(rows(seen).getFirst()).contains("Synced");
        assertThat(rows(seen).getLast()).contains("Paused");
    }

    private static List<String> rows(StringWriter seen) {
        return seen.toString().lines().filter(line -> line.startsWith("held")).toList();
    }
}
