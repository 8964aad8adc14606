package dev.holdfast.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.api.RunningEngine;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Step;
import dev.holdfast.plan.Verdict;
import dev.holdfast.twin.TwinFault;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Every command as a user types it: what it prints, and what it says by its exit code. */
@QuarkusTest
class CommandsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String VPC = """
        {'apiVersion':'holdfast.dev/v1','kind':'Vpc','metadata':{'name':'main'},'spec':{'cidrBlock':'10.%d.0.0/16'}}
        """;
    private static final String LOGS = """
        {'apiVersion':'holdfast.dev/v1','kind':'LogGroup','metadata':{'name':'app'},
         'spec':{'logGroupName':'%s','retentionInDays':%d}}
        """;

    @Inject
    Parts parts;

    @Inject
    Daemon daemon;

    @Inject
    RunningEngine running;

    @Inject
    TopCommand top;

    @Inject
    CommandLine.IFactory factory;

    @TestHTTPResource
    URI root;

    @TempDir
    Path temp;

    private Installation installation;
    private final Map<String, String> environment = new HashMap<>();

    private record Ran(int code, String out, String err) {
        Ran exits(int expected) {
            assertThat(code).as(out + err).isEqualTo(expected);
            assertThat(err).doesNotContain("\tat ");
            return this;
        }

        Ran prints(String... words) {
            for (String word : words) {
                assertThat(out).contains(word);
            }
            return this;
        }

        Ran complains(String... words) {
            for (String word : words) {
                assertThat(err).contains(word);
            }
            return this;
        }
    }

    @BeforeEach
    void start() {
        installation = Installation.running(parts, daemon);
        environment.putAll(installation.environment());
        environment.put("HOLDFAST_API_TOKEN", Installation.TOKEN);
        environment.put("HOLDFAST_STATE", temp.resolve("state").toString());
        environment.put("HOLDFAST_INSTALLATION", "cli");
    }

    private Ran run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.line(top, factory)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        try (Installation.Properties ignored = new Installation.Properties(environment)) {
            return new Ran(line.execute(args), out.toString(), err.toString());
        }
    }

    /** Against the daemon. */
    private Ran ask(String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        all.add("--server=" + root);
        return run(all.toArray(String[]::new));
    }

    private String directory(String stack, String settings, String documents) {
        Path directory = temp.resolve("desired");
        Installation.files(stack, settings, documents).forEach((path, text) -> {
            try {
                Files.createDirectories(directory.resolve(path).getParent());
                Files.writeString(directory.resolve(path), text);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
        return directory.toString();
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
        ask("pause", "--until", "soon", "--reason", "x").exits(64).complains("--until wants", "soon");
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
    void planSaysWhatWouldChangeAndWritesNothing() throws IOException {
        String directory = directory("plans", "", VPC.formatted(3) + "," + LOGS.formatted("/plans/app", 7));
        long before = installation.twin.log().writes().size();

        run("plan", directory, "--stack", "plans")
                .exits(0)
                .prints("  + Vpc/main", "      + /cidrBlock: \"10.3.0.0/16\"", "Plan: 2 to create, 0 to update");
        run("plan", directory, "--stack", "plans", "--detailed-exitcode").exits(2);
        JsonNode json = JSON.readTree(run("plan", directory, "--stack", "plans", "--output", "json")
                .exits(0)
                .out());
        run("plan", directory, "--stack", "plans", "--output", "markdown")
                .exits(0)
                .prints("### Holdfast plan: `plans`", "```diff", "+    Vpc/main");

        assertThat(json.path("stack").asText()).isEqualTo("plans");
        assertThat(json.path("revision").asText()).matches("[0-9a-f]{64}");
        assertThat(json.path("steps")).hasSize(2);
        assertThat(json.path("steps").path(0).path("hash").asText()).matches("[0-9a-f]{16}");
        assertThat(installation.twin.log().writes().stream()
                        .skip(before)
                        .filter(r -> !"holdfast-state".equals(r.app())))
                .isEmpty();
        run("plan", temp.resolve("no").toString(), "--stack", "plans").exits(1).complains("there is no directory");
        run("plan", directory, "--stack", "other").exits(1).complains("other");
    }

    @Test
    void planSaysWhatItCouldNotSearchForAndPlansTheRest() {
        String directory = directory("narrow", "", VPC.formatted(9));
        installation.twin.faults().add("ec2:DescribeNatGateways", new TwinFault.Deny());
        try {
            run("plan", directory, "--stack", "narrow")
                    .exits(0)
                    .prints("  + Vpc/main", "Plan: 1 to create")
                    .complains("NatGateway in ", "ec2:DescribeNatGateways");
        } finally {
            installation.twin.faults().clear();
        }
    }

    @Test
    void planMarksUpdatesReplacementsAndDeletionsAndKnowsWhenThereAreNone() {
        String logs = LOGS.formatted("/marks/app", 7);
        String directory = directory("marks", "", VPC.formatted(4) + "," + logs);
        run("reconcile", directory, "--stack", "marks").exits(0).prints("marks has converged: 2 resources");
        run("plan", directory, "--stack", "marks", "--detailed-exitcode")
                .exits(0)
                .prints("Plan: 0 to create, 0 to update, 0 to replace, 0 to delete.");

        directory("marks", "", VPC.formatted(5) + "," + logs.replace("'retentionInDays':7", "'retentionInDays':3"));
        run("plan", directory, "--stack", "marks", "--detailed-exitcode")
                .exits(2)
                .prints("  ± Vpc/main", "# forces replacement", "  ~ LogGroup/app", "7 -> 3  [change]");

        directory("marks", "", logs);
        run("plan", directory, "--stack", "marks", "--detailed-exitcode")
                .exits(2)
                .prints("  - Vpc/main", "1 to delete.");
    }

    @Test
    void coloursAreForTerminalsOnly() {
        String directory = directory("colours", "", VPC.formatted(6));
        try (Installation.Properties ignored = new Installation.Properties(environment);
                Operator operator = parts.operator(directory)) {
            StackReconciler planner = operator.planner("colours");
            planner.plan();

            assertThat(PlanText.text(planner.view(), true)).contains("\u001b[32m  + Vpc/main\u001b[0m");
            assertThat(PlanText.text(planner.view(), false)).doesNotContain("\u001b");
        }
    }

    @Test
    void publishCommitsWithItsAuthorAndMessageAndOnlyOnce() throws IOException {
        installation.bucket("publishing");
        String to = "s3://publishing/desired";
        String directory = directory("one", "", VPC.formatted(7));

        run("publish", directory, "--stack", "one", "--to", to, "--message", "the first", "--author", "ann")
                .exits(0)
                .prints("published one ");

        JsonNode head = head("publishing");
        assertThat(head.path("author").asText()).isEqualTo("ann");
        assertThat(head.path("message").asText()).isEqualTo("the first");
        assertThat(head.path("number").asInt()).isEqualTo(1);
        run("publish", directory, "--stack", "one", "--to", to).exits(0);
        assertThat(head("publishing")).isEqualTo(head);

        directory("one", "", VPC.formatted(8));
        run("publish", directory, "--stack", "one", "--to", to)
                .exits(0)
                .prints(" after " + head.path("revision").asText());
        assertThat(head("publishing").path("number").asInt()).isEqualTo(2);
    }

    @Test
    void publishRefusesWhatDoesNotValidateAndSaysWhereItCannotWrite() {
        installation.bucket("refusing");
        String directory = directory("bad", "", VPC.formatted(7).replace("cidrBlock", "cidrBlok"));
        run("publish", directory, "--stack", "bad", "--to", "s3://refusing/d")
                .exits(1)
                .complains("bad/docs.json:", "cidrBlok", "does not validate");
        assertThat(installation
                        .aws(S3Client.class)
                        .listObjectsV2(r -> r.bucket("refusing"))
                        .contents())
                .isEmpty();

        directory("bad", "", VPC.formatted(7));
        run("publish", directory, "--stack", "bad", "--to", "s3://not-there-at-all/d")
                .exits(1)
                .complains("NoSuchBucket");
        run("publish", directory, "--stack", "bad", "--to", temp.toString())
                .exits(64)
                .complains("is not s3://bucket/prefix");
    }

    @Test
    void theSlowerOfTwoPublishersIsToldWhoWasFaster() throws IOException {
        installation.bucket("contested");
        String directory = directory("one", "", VPC.formatted(9));
        S3Client s3 = installation.aws(S3Client.class);
        AtomicBoolean once = new AtomicBoolean();
        installation.twin.faults().afterWrite(request -> {
            if (request.operation().equals("s3:PutObject")
                    && "holdfast-state".equals(request.app())
                    && s3.listObjectsV2(r -> r.bucket("contested")).keyCount() == 1
                    && once.compareAndSet(false, true)) {
                s3.putObject(
                        r -> r.bucket("contested").key("desired/stacks/one/HEAD.json"),
                        RequestBody.fromString("""
                            {"revision":"%s","number":1,"author":"bob","message":"faster","time":"2026-01-01T00:00:00Z"}
                            """.formatted("ab".repeat(32))));
            }
        });
        try {
            run("publish", directory, "--stack", "one", "--to", "s3://contested/desired")
                    .exits(1)
                    .complains("bob", "faster", "publish again");
        } finally {
            installation.twin.faults().afterWrite(request -> {});
        }
        assertThat(once).isTrue();
        assertThat(head("contested").path("author").asText()).isEqualTo("bob");
    }

    @Test
    void reconcileConvergesFromS3() {
        installation.bucket("reconciling");
        environment.remove("HOLDFAST_STATE");
        String directory = directory("rec", "", LOGS.formatted("/rec/app", 7));
        run("publish", directory, "--stack", "rec", "--to", "s3://reconciling/d")
                .exits(0);

        run("reconcile", "s3://reconciling/d", "--stack", "rec", "--timeout", "2m")
                .exits(0)
                .prints("RevisionTaken", "LogGroup/app CreateRequested", "rec has converged: 1 resources");

        assertThat(logGroup("/rec/app")).isEqualTo(7);
        run("reconcile", "s3://reconciling/d", "--stack", "nope").exits(1).complains("nope", "HEAD.json");
    }

    @Test
    void reconcileSaysWhatIsHeldAndByWhat() {
        String directory = directory("holds", "'limits':{'maxUpdates':0},", LOGS.formatted("/holds/app", 7));
        run("reconcile", directory, "--stack", "holds").exits(0);
        installation
                .aws(CloudWatchLogsClient.class)
                .putRetentionPolicy(r -> r.logGroupName("/holds/app").retentionInDays(3));

        run("reconcile", directory, "--stack", "holds")
                .exits(2)
                .prints("~ LogGroup/app", "! held: LimitExceeded", "approve ", "1 held.");
        assertThat(logGroup("/holds/app")).isEqualTo(3);
    }

    @Test
    void reconcileOfAStackThatOnlyObservesEndsAndWritesNothing() {
        String directory = directory("looks", "'mode':'Observe',", LOGS.formatted("/looks/app", 7));

        run("reconcile", directory, "--stack", "looks").exits(2).prints("ModeObserve");

        assertThat(logGroup("/looks/app")).isNull();
    }

    @Test
    void reconcileFailsAtOnceWhereNothingGoesOnByItself() {
        installation.aws(CloudWatchLogsClient.class).createLogGroup(r -> r.logGroupName("/theirs/app"));
        String directory = directory("theirs", "", LOGS.formatted("/theirs/app", 7));
        run("reconcile", directory, "--stack", "theirs", "--timeout", "1m")
                .exits(1)
                .prints("LogGroup/app is stalled: NameTaken");

        String elsewhere = directory("elsewhere", "", VPC.formatted(3)).toString();
        environment.put("aws.accessKeyId", "210987654321");
        run("reconcile", elsewhere, "--stack", "elsewhere", "--timeout", "2m")
                .exits(1)
                .complains("210987654321", "123456789012");
        run("plan", elsewhere, "--stack", "elsewhere").exits(1).complains("210987654321", "123456789012");
    }

    @Test
    void reconcileStopsAtItsTimeout() {
        String directory = directory("late", "", LOGS.formatted("/late/app", 7));

        run("reconcile", directory, "--stack", "late", "--timeout", "0s")
                .exits(1)
                .complains("late has not converged within PT0S");
    }

    @Test
    void destroyHoldsEveryDeletionUntilItIsApproved() {
        environment.put("HOLDFAST_DESIRED_STATE", Installation.LOCATION);
        environment.remove("HOLDFAST_STATE");
        installation.publish(
                "doomed", "'interval':'PT1S',", VPC.formatted(11) + "," + LOGS.formatted("/doomed/app", 7));
        until("doomed", view -> view.status().equals("Synced"));
        String vpc = String.valueOf(view("doomed").resources().values().stream()
                .filter(r -> r.id().kind().equals("Vpc"))
                .findFirst()
                .orElseThrow()
                .physicalId());

        run("destroy", "--stack", "doomed", "--author", "ann").exits(0).prints("published doomed", "approve");

        until("doomed", view -> view.verdicts().values().stream().anyMatch(Verdict.Held.class::isInstance));
        assertThat(view("doomed").verdicts().keySet())
                .extracting(Step::resource)
                .hasToString("[Vpc/main]");
        assertThat(vpcs()).contains(vpc);
        String hash = view("doomed").verdicts().keySet().iterator().next().hash();

        ask("approve", hash, "--stack", "doomed").exits(0).prints("approved in doomed: " + hash);

        until("doomed", view -> view.resources().size() == 1);
        assertThat(vpcs()).doesNotContain(vpc);
        assertThat(view("doomed").status()).isEqualTo("Orphaned");
        assertThat(logGroup("/doomed/app")).isEqualTo(7);
        assertThat(view("doomed").converged()).isTrue();
    }

    @Test
    void destroyWantsAPublishedStack() {
        environment.put("HOLDFAST_DESIRED_STATE", directory("here", "", VPC.formatted(3)));
        run("destroy", "--stack", "here").exits(64).complains("directory", "s3://");
        environment.put("HOLDFAST_DESIRED_STATE", Installation.LOCATION);
        run("destroy", "--stack", "nope").exits(1).complains("nope", "HEAD.json");
        environment.remove("HOLDFAST_DESIRED_STATE");
        run("destroy", "--stack", "nope").exits(64).complains("HOLDFAST_DESIRED_STATE is not set");
    }

    @Test
    void aRunningDaemonIsAskedInWords() {
        until("held", view -> view.status().equals("Synced"));
        ask("retry", "LogGroup/app", "--stack", "held").exits(0).prints("held LogGroup/app is tried again");
        ask("retry", "LogGroup/nope", "--stack", "held").exits(1).complains("404", "LogGroup/nope");
        ask("approve", "0123456789abcdef", "--stack", "held").exits(1).complains("409", "0123456789abcdef");
        ask("pause", "--until", "2h", "--reason", "night", "--stack", "held")
                .exits(0)
                .prints("held is paused until ");
        until("held", view -> view.status().equals("Paused"));
        ask("resume", "--stack", "held").exits(0).prints("held goes on");
        until("held", view -> view.status().equals("Synced"));
        ask("pause", "LogGroup/app", "--until", "PT1H", "--reason", "x", "--stack", "held")
                .exits(0);
        until("held", view -> view.pauses().containsKey("LogGroup/app"));
        ask("resume", "LogGroup/app", "--stack", "held").exits(0).prints("held LogGroup/app goes on");
        until("held", view -> view.pauses().isEmpty());
        ask("retry", "LogGroup/app").exits(64).complains("held", "tiny", "--stack");
        ask("retry", "LogGroup/app", "--stack", "nope").exits(1).complains("404", "nope");
    }

    @Test
    void whoIsNotLetInOrFindsNobodyIsToldSo() {
        environment.put("HOLDFAST_API_TOKEN", "wrong");
        ask("resume", "--stack", "held").exits(1).complains("401", "HOLDFAST_API_TOKEN");
        run("resume", "--stack", "held", "--server", "http://127.0.0.1:1")
                .exits(1)
                .complains("no daemon answers at http://127.0.0.1:1", "--server");
        run("resume", "--stack", "held", "--server", "localhost:8080").exits(64).complains("--server wants a URL");
        run(
                        "resume",
                        "--stack",
                        "held",
                        "--server",
                        installation.twin.endpoint().toString())
                .exits(1)
                .complains(installation.twin.endpoint().toString());
    }

    @Test
    void theStateNeverLiesInsideTheDesiredState() {
        String directory = directory("here", "", VPC.formatted(3));
        environment.put("HOLDFAST_STATE", directory + "/.holdfast");

        run("plan", directory, "--stack", "here").exits(1).complains("HOLDFAST_STATE", "lies inside", "beside it");
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

    @Test
    void thePortIsFoundHoweverItIsWritten() {
        assertThat(Main.port(List.of("run", "--port", "9000"))).isEqualTo("9000");
        assertThat(Main.port(List.of("run", "--port=9000"))).isEqualTo("9000");
        assertThat(Main.port(List.of("run"))).isNull();
    }

    private JsonNode head(String bucket) throws IOException {
        return JSON.readTree(installation
                .aws(S3Client.class)
                .getObjectAsBytes(r -> r.bucket(bucket).key("desired/stacks/one/HEAD.json"))
                .asByteArray());
    }

    private Integer logGroup(String name) {
        return installation
                .aws(CloudWatchLogsClient.class)
                .describeLogGroups(r -> r.logGroupNamePrefix(name))
                .logGroups()
                .stream()
                .map(g -> g.retentionInDays())
                .findFirst()
                .orElse(null);
    }

    private List<String> vpcs() {
        return installation.twin.account(Installation.ACCOUNT).inventory().stream()
                .filter(i -> i.type().equals("ec2:vpc"))
                .map(i -> i.id())
                .toList();
    }

    private StackView view(String stack) {
        return java.util.Objects.requireNonNull(running.engine())
                .stacks()
                .get(stack)
                .view();
    }

    private void until(String stack, java.util.function.Predicate<StackView> condition) {
        await(stack)
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> running.engine() != null
                        && running.engine().stacks().containsKey(stack)
                        && condition.test(view(stack)));
    }
}
