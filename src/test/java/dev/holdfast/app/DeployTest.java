package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.holdfast.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The template and the image match the program that they run. */
class DeployTest {
    private static final Path TEMPLATE = Path.of("deploy/holdfast.yaml");

    private static JsonNode resource(String name) throws IOException {
        return new ObjectMapper(new YAMLFactory())
                .readTree(Files.readString(TEMPLATE))
                .path("Resources")
                .path(name)
                .path("Properties");
    }

    private static JsonNode container() throws IOException {
        return resource("Task").path("ContainerDefinitions").path(0);
    }

    private static String sources() throws IOException {
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(Path.of("src/main"))) {
            for (Path file : files.filter(f -> f.toString().matches(".*\\.(java|properties)"))
                    .toList()) {
                all.append(Files.readString(file));
            }
        }
        return all.toString();
    }

    @Test
    void theDemoReadsTheSameEventsAsTheTemplate() throws IOException {
        Set<String> types = new TreeSet<>();
        for (String rule : List.of("CallRule", "ServiceRule", "TaskRule")) {
            resource(rule).path("EventPattern").path("detail-type").forEach(type -> types.add(type.asText()));
        }
        Set<String> demo = new TreeSet<>();
        new ObjectMapper().readTree(DemoEvents.PATTERN).path("detail-type").forEach(type -> demo.add(type.asText()));
        assertThat(demo).isEqualTo(types);
    }

    @Test
    void setsOnlyVariablesThatAreRead() throws IOException {
        Set<String> read = new TreeSet<>();
        Matcher names = Pattern.compile("HOLDFAST_[A-Z_]+").matcher(sources());
        while (names.find()) {
            read.add(names.group());
        }
        Set<String> set = Stream.concat(
                        names(container().path("Environment")),
                        names(container().at("/Secrets/Fn::If/1")))
                .filter(name -> name.startsWith("HOLDFAST_"))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(set)
                .contains(
                        "HOLDFAST_DESIRED_STATE",
                        "HOLDFAST_API_TOKEN",
                        "HOLDFAST_OIDC_ISSUER",
                        "HOLDFAST_OIDC_CLIENT_SECRET");
        assertThat(read).containsAll(set);
    }

    private static Stream<String> names(JsonNode variables) {
        return StreamSupport.stream(variables.spliterator(), false)
                .map(v -> v.has("Fn::If")
                        ? v.at("/Fn::If/1/Name").asText()
                        : v.path("Name").asText());
    }

    @Test
    void letsTheOperatorDoWhatItsPolicyHas() throws IOException {
        Set<String> wanted = OperatorPolicy.operator(
                        new InstallationConfig("s3://b/desired", "s3://b/.holdfast", "main", Set.of(), null, null),
                        "arn:aws:sns:eu-west-2:123456789012:t",
                        true)
                .stream()
                .flatMap(s -> s.actions().stream())
                .collect(Collectors.toCollection(TreeSet::new));

        OperatorPolicy.events(new ChangeEventSettings("https://sqs.eu-west-2.amazonaws.com/123456789012/q", true))
                .forEach(s -> wanted.addAll(s.actions()));
        wanted.add("sts:AssumeRole");
        wanted.addAll(Set.of(
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel"));
        assertThat(actions("TaskRole")).isEqualTo(wanted);
    }

    private static Set<String> actions(String role) throws IOException {
        Set<String> given = new TreeSet<>();
        resource(role).at("/Policies/0/PolicyDocument/Statement").forEach(s -> {
            JsonNode actions = s.has("Fn::If") ? s.at("/Fn::If/1/Action") : s.path("Action");
            if (actions.isArray()) {
                actions.forEach(a -> given.add(a.asText()));
            } else {
                given.add(actions.asText());
            }
        });
        return given;
    }

    /** The role of docs/examples/github/plan.yml: it pulls the image and reads, and writes nothing. */
    @Test
    void letsAPullRequestPlanAndWriteNothing() throws IOException {
        Set<String> wanted = OperatorPolicy.reader(
                        new InstallationConfig("s3://b/desired", "s3://b/.holdfast", "main", Set.of(), null, null))
                .stream()
                .flatMap(s -> s.actions().stream())
                .collect(Collectors.toCollection(TreeSet::new));
        wanted.addAll(Set.of(
                "ecr:GetAuthorizationToken",
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer"));

        assertThat(actions("ReaderRole")).isEqualTo(wanted);
        assertThat(resource("ReaderRole")
                        .at("/AssumeRolePolicyDocument/Statement/0/Condition/StringEquals")
                        .toString())
                .contains(":pull_request");
    }

    /** No principal can grant itself the right to sign by a policy of IAM. */
    @Test
    void onlyThePublisherSigns() throws IOException {
        JsonNode statements = resource("PublisherKey").at("/KeyPolicy/Statement");

        assertThat(statements).hasSize(2);
        assertThat(statements.path(0).path("Action").toString()).doesNotContain("Sign", "CreateGrant", "*");
        assertThat(statements.path(1).path("Principal").toString()).contains("PublisherRole");
        assertThat(statements.path(1).path("Action")).hasToString("[\"kms:GetPublicKey\",\"kms:Sign\"]");
        assertThat(actions("PublisherRole")).noneMatch(action -> action.startsWith("kms:"));
    }

    @Test
    void letsPeopleInOnlyWhereTheTemplateIsToldTo() throws IOException {
        assertThat(resource("Service").at("/EnableExecuteCommand/Fn::If"))
                .hasToString("[\"HasForwarding\",true,false]");
        assertThat(resource("SecurityGroup").has("SecurityGroupIngress")).isFalse();
    }

    @Test
    void asksForMetricsThatAreSent() throws IOException {
        JsonNode alarms = new ObjectMapper(new YAMLFactory())
                .readTree(Files.readString(TEMPLATE))
                .at("/Resources/Fn::ForEach::Alarms/2");
        String sources = sources();

        assertThat(alarms).hasSize(2).allSatisfy(alarm -> {
            assertThat(alarm.at("/Properties/Namespace").asText()).isEqualTo("Holdfast");
            assertThat(quoted(sources, alarm.at("/Properties/MetricName"))).isTrue();
            assertThat(alarm.at("/Properties/Dimensions"))
                    .isNotEmpty()
                    .allMatch(dimension -> quoted(sources, dimension.path("Name")));
        });
    }

    /** The body is JSON, and it queries metrics that the operator sends, in the operator's namespace. */
    @Test
    void showsMetricsThatAreSentOnItsDashboard() throws IOException {
        JsonNode widgets = new ObjectMapper()
                .readTree(resource("Dashboard").at("/DashboardBody/Fn::Sub").asText())
                .path("widgets");
        String sent = Files.readString(Path.of("src/main/java/dev/holdfast/alerts/CloudWatchMetrics.java"));
        Pattern search = Pattern.compile("\\{Holdfast,([\\w,]+)} MetricName=\"(\\w+)\"");
        Set<String> shown = new TreeSet<>();

        for (JsonNode widget : widgets) {
            JsonNode first = widget.at("/properties/metrics/0/0");
            if (first.isObject()) {
                Matcher found = search.matcher(first.path("expression").asText());
                assertThat(found.find()).as("%s", first).isTrue();
                shown.add(found.group(2));
                assertThat(sent).contains("\"" + found.group(2) + "\"");
                assertThat(found.group(1).split(",")).allMatch(name -> sent.contains("\"" + name + "\""));
            } else {
                assertThat(first.asText()).isEqualTo("AWS/ECS");
            }
        }
        assertThat(shown)
                .containsExactlyInAnyOrder(
                        "AlertsOpen", "DriftItems", "Resources", "SecondsSinceLastGoodPass", "StepsHeld");
    }

    private static boolean quoted(String sources, JsonNode name) {
        return sources.contains("\"" + name.asText() + "\"");
    }

    @Test
    void asksTheImageForItsHealthAsTheImageDoes() throws IOException {
        String probe = container().at("/HealthCheck/Command/3").asText();
        String docker = Files.readString(Path.of("Dockerfile"));

        assertThat(docker.replace("\\\\r\\\\n", "\\r\\n")).contains(probe);
        assertThat(docker).contains("USER 10001:10001").doesNotContain("USER root");
        JsonNode readOnly = container().at("/ReadonlyRootFilesystem/Fn::If");
        assertThat(readOnly.path(0).asText()).isEqualTo("HasForwarding");
        assertThat(readOnly.path(2).asBoolean()).isTrue();
    }

    /** Skipped if cfn-lint is not installed ({@code pip install cfn-lint}), but not in CI. */
    @Test
    void isCleanToCfnLint() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Programs.onPath("cfn-lint").toString(), TEMPLATE.toString(), "deploy/events-us-east-1.yaml")
                .redirectErrorStream(true)
                .start();

        String said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);

        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(said).isEmpty();
    }
}
