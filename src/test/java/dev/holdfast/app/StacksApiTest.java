package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.api.RunningEngine;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.EventLog;
import dev.holdfast.model.Event;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Every endpoint of the HTTP API, its shapes and its refusals, of a daemon that works on a twin. */
@QuarkusTest
class StacksApiTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Inject
    Parts parts;

    @Inject
    Daemon daemon;

    @Inject
    RunningEngine running;

    @TestHTTPResource
    URI root;

    private Installation installation;

    private record Answer(int status, String type, String text) {
        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new AssertionError(text, e);
            }
        }

        /** RFC 9457, with words that say what to do. */
        Answer isProblem(int expected, String... words) {
            assertThat(status).as(text).isEqualTo(expected);
            assertThat(type).isEqualTo("application/problem+json");
            assertThat(fields(json())).containsExactly("type", "title", "status", "detail");
            assertThat(json().path("status").asInt()).isEqualTo(expected);
            for (String word : words) {
                assertThat(json().path("detail").asText()).contains(word);
            }
            return this;
        }
    }

    @BeforeEach
    void start() {
        installation = Installation.running(parts, daemon);
        for (String stack : List.of("tiny", "held")) {
            until("/api/v1/stacks/" + stack, s -> s.path("status").asText().equals("Synced"));
        }
    }

    @Test
    void stacksAreListedWithWhatTheyAre() {
        JsonNode body = get("/api/v1/stacks").json();

        assertThat(fields(body)).containsExactly("items");
        assertThat(names(body, "name")).contains("tiny", "held");
    }

    @Test
    void aStackSaysHowItStands() {
        JsonNode stack = get("/api/v1/stacks/tiny").json();

        assertThat(fields(stack))
                .startsWith(
                        "name",
                        "region",
                        "account",
                        "mode",
                        "status",
                        "revision",
                        "revisionErrors",
                        "conditions",
                        "counts",
                        "lastPass");
        assertThat(stack.path("region").asText()).isEqualTo("eu-west-2");
        assertThat(stack.path("account").asText()).isEqualTo("123456789012");
        assertThat(stack.path("mode").asText()).isEqualTo("Enforce");
        assertThat(stack.path("revision").asText()).matches("[0-9a-f]{64}");
        assertThat(stack.path("revisionErrors")).isEmpty();
        assertThat(stack.path("counts").path("Synced").asInt()).isEqualTo(3);
        JsonNode pass = stack.path("lastPass");
        assertThat(fields(pass)).containsExactly("startedAt", "durationMs", "requests", "writes");
        assertThat(Instant.parse(pass.path("startedAt").asText())).isBefore(Instant.now());
        int total = pass.path("requests").path("total").asInt();
        int sum = 0;
        for (JsonNode count : pass.path("requests").path("byOperation")) {
            sum += count.asInt();
        }
        assertThat(total).isPositive().isEqualTo(sum);
    }

    @Test
    void whatIsNotThereIsAProblemThatNamesWhatIs() {
        get("/api/v1/stacks/nope").isProblem(404, "nope", "tiny");
        for (String part : List.of("/resources", "/drift", "/plan", "/events", "/revisions")) {
            get("/api/v1/stacks/nope" + part).isProblem(404, "nope");
        }
        get("/api/v1/stacks/tiny/resources/Vpc/other").isProblem(404, "tiny", "Vpc/other");
        get("/api/v1/nothing").isProblem(404);
        post("/api/v1/stacks/nope/reconcile", "").isProblem(404, "nope");
    }

    @Test
    void resourcesAreFilteredByKindAndStatus() {
        assertThat(names(get("/api/v1/stacks/tiny/resources").json(), "kind"))
                .containsExactly("LogGroup", "SecurityGroup", "Vpc");
        assertThat(names(get("/api/v1/stacks/tiny/resources?kind=Vpc").json(), "kind"))
                .containsExactly("Vpc");
        assertThat(names(
                        get("/api/v1/stacks/tiny/resources?status=Synced&kind=LogGroup")
                                .json(),
                        "kind"))
                .containsExactly("LogGroup");
        assertThat(get("/api/v1/stacks/tiny/resources?status=Stalled").json().path("items"))
                .isEmpty();
        get("/api/v1/stacks/tiny/resources?status=Fine").isProblem(400, "Fine", "Synced");
    }

    @Test
    void aResourceIsAsTheDesignPrintsIt() {
        JsonNode group = get("/api/v1/stacks/tiny/resources/SecurityGroup/web").json();

        assertThat(fields(group)).containsExactly("apiVersion", "kind", "metadata", "spec", "status");
        assertThat(fields(group.path("metadata"))).containsExactly("name", "stack", "owner");
        JsonNode status = group.path("status");
        assertThat(fields(status))
                .startsWith(
                        "physicalId",
                        "status",
                        "reason",
                        "message",
                        "conditions",
                        "outputs",
                        "drift",
                        "observedAt",
                        "observedAtByFacet",
                        "lastChange");
        assertThat(status.path("physicalId").asText()).startsWith("sg-");
        assertThat(status.path("outputs").path("id")).isEqualTo(status.path("physicalId"));
        JsonNode ready = status.path("conditions").path(0);
        assertThat(ready.path("type").asText()).isEqualTo("Ready");
        assertThat(ready.path("status").asText()).isEqualTo("True");
        assertThat(ready.path("observedRevision").asText()).matches("[0-9a-f]{64}");
        assertThat(fields(status.path("lastChange"))).containsExactly("at", "action", "revision");
        assertThat(group.path("spec").path("ingress").path(0).path("fromPort").asInt())
                .isEqualTo(443);
    }

    @Test
    void driftIsReportedUntilAFreshReadShowsItRepaired() {
        String id = get("/api/v1/stacks/tiny/resources/SecurityGroup/web")
                .json()
                .path("status")
                .path("physicalId")
                .asText();

        installation
                .aws(Ec2Client.class)
                .authorizeSecurityGroupIngress(r -> r.groupId(id)
                        .ipPermissions(p ->
                                p.ipProtocol("tcp").fromPort(22).toPort(22).ipRanges(c -> c.cidrIp("10.9.0.0/16"))));

        JsonNode drift = until(
                "/api/v1/stacks/tiny/drift",
                d -> d.path("items").size() == 1
                        && d.path("items").path(0).path("state").asText().equals("Repaired")
                        && d.path("inSync").asBoolean());
        assertThat(fields(drift)).containsExactly("stack", "revision", "observedAt", "inSync", "items");
        JsonNode item = drift.path("items").path(0);
        assertThat(fields(item))
                .containsExactly("resource", "physicalId", "type", "state", "firstSeen", "repairedAt", "fields");
        assertThat(item.path("resource").asText()).isEqualTo("SecurityGroup/web");
        assertThat(item.path("physicalId").asText()).isEqualTo(id);
        assertThat(item.path("type").asText()).isEqualTo("Modified");
        assertThat(Instant.parse(item.path("repairedAt").asText()))
                .isAfterOrEqualTo(Instant.parse(item.path("firstSeen").asText()));
        JsonNode field = item.path("fields").path(0);
        assertThat(fields(field)).containsExactly("path", "cause", "desired", "observed");
        assertThat(field.path("path").asText()).startsWith("/ingress/").contains("22");
        assertThat(field.path("cause").asText()).isEqualTo("Drift");
        assertThat(field.path("desired").isNull()).isTrue();
        assertThat(field.path("observed").path("fromPort").asInt()).isEqualTo(22);
    }

    @Test
    void aHeldStepIsPlannedApprovedByItsHashAndDone() {
        CloudWatchLogsClient logs = installation.aws(CloudWatchLogsClient.class);
        logs.putRetentionPolicy(r -> r.logGroupName("/held/app").retentionInDays(3));
        assertThat(post("/api/v1/stacks/held/reconcile", "").status()).isEqualTo(202);

        JsonNode plan = until("/api/v1/stacks/held/plan", p -> p.path("steps").size() == 1);
        JsonNode step = plan.path("steps").path(0);
        assertThat(step.path("resource").asText()).isEqualTo("LogGroup/app");
        assertThat(step.path("action").asText()).isEqualTo("Update");
        assertThat(step.path("verdict").path("type").asText()).isEqualTo("Held");
        assertThat(step.path("verdict").path("reason").asText()).isEqualTo("LimitExceeded");
        assertThat(step.path("approvable").asBoolean()).isTrue();
        assertThat(step.path("changes").path(0).path("path").asText()).isEqualTo("/retentionInDays");
        until("/api/v1/stacks/held", s -> s.path("status").asText().equals("AwaitingApproval"));

        String hash = step.path("hash").asText();
        post("/api/v1/stacks/held/approvals", "{\"steps\":[\"" + hash + "\",\"0123456789abcdef\"]}")
                .isProblem(409, "0123456789abcdef", "nothing was approved");
        assertThat(logs.describeLogGroups(r -> r.logGroupNamePrefix("/held/app"))
                        .logGroups()
                        .getFirst()
                        .retentionInDays())
                .isEqualTo(3);

        assertThat(post("/api/v1/stacks/held/approvals", "{\"steps\":[\"" + hash + "\"]}")
                        .status())
                .isEqualTo(202);

        until("/api/v1/stacks/held", s -> s.path("status").asText().equals("Synced"));
        assertThat(logs.describeLogGroups(r -> r.logGroupNamePrefix("/held/app"))
                        .logGroups()
                        .getFirst()
                        .retentionInDays())
                .isEqualTo(7);
        until("/api/v1/stacks/held/plan", p -> p.path("steps").isEmpty());
        post("/api/v1/stacks/held/approvals", "{\"steps\":[\"" + hash + "\"]}").isProblem(409, hash);
    }

    @Test
    void aRequestedPassComesBeforeTheIntervalIsOver() {
        String before = get("/api/v1/stacks/held")
                .json()
                .path("lastPass")
                .path("startedAt")
                .asText();

        assertThat(post("/api/v1/stacks/held/reconcile", "").status()).isEqualTo(202);

        until(
                "/api/v1/stacks/held",
                s -> Instant.parse(s.path("lastPass").path("startedAt").asText())
                        .isAfter(Instant.parse(before)));
    }

    @Test
    void eventsPageForwards() {
        EventLog log = engine().stacks().get("held").events();
        long from = log.last();
        for (int i = 0; i < 501; i++) {
            log.add(null, Event.Severity.Info, "Counted", "event " + i);
        }

        JsonNode first = get("/api/v1/stacks/held/events?after=" + from).json();
        JsonNode second = get("/api/v1/stacks/held/events?after="
                        + first.path("next").asText())
                .json();

        assertThat(fields(first)).containsExactly("items", "next");
        assertThat(first.path("items")).hasSize(500);
        assertThat(fields(first.path("items").path(0)))
                .containsExactly("id", "at", "stack", "resource", "severity", "reason", "message");
        assertThat(fields(second)).containsExactly("items");
        assertThat(second.path("items").path(0).path("id").asLong()).isEqualTo(from + 501);
        get("/api/v1/stacks/held/events?after=now").isProblem(400, "now");
    }

    @Test
    void revisionsAreTheCommits() {
        JsonNode body = get("/api/v1/stacks/tiny/revisions").json();

        assertThat(fields(body)).containsExactly("items");
        JsonNode head = body.path("items").path(0);
        assertThat(fields(head))
                .containsExactly("revision", "previous", "number", "author", "message", "commit", "time");
        assertThat(head.path("revision"))
                .isEqualTo(get("/api/v1/stacks/tiny").json().path("revision"));
        assertThat(head.path("author").asText()).isEqualTo("ann");
    }

    @Test
    void aPauseIsShownAndEndsByAWord() {
        String until = Instant.now().plus(Duration.ofHours(1)).toString();

        assertThat(post("/api/v1/stacks/held/pause", "{\"until\":\"" + until + "\",\"reason\":\"incident 12\"}")
                        .status())
                .isEqualTo(202);

        JsonNode paused =
                until("/api/v1/stacks/held", s -> s.path("status").asText().equals("Paused"));
        // Other conditions may hold at the same time: another test's denied read is one for some minutes.
        assertThat(paused.path("conditions"))
                .anySatisfy(c -> {
                    assertThat(c.path("type").asText()).isEqualTo("Paused");
                    assertThat(c.path("message").asText()).contains("incident 12");
                });
        assertThat(send("DELETE", "/api/v1/stacks/held/pause", null, Installation.TOKEN)
                        .status())
                .isEqualTo(202);
        until("/api/v1/stacks/held", s -> s.path("status").asText().equals("Synced"));
    }

    @Test
    void oneResourceIsPausedAndResumed() {
        String until = Instant.now().plus(Duration.ofHours(1)).toString();
        assertThat(post(
                                "/api/v1/stacks/tiny/pause",
                                "{\"until\":\"" + until + "\",\"reason\":\"by hand\",\"resource\":\"LogGroup/app\"}")
                        .status())
                .isEqualTo(202);
        until("/api/v1/stacks/tiny", s -> s.path("pauses").has("LogGroup/app"));
        CloudWatchLogsClient logs = installation.aws(CloudWatchLogsClient.class);

        logs.putRetentionPolicy(r -> r.logGroupName("/tiny/app").retentionInDays(5));

        until(
                "/api/v1/stacks/tiny/resources/LogGroup/app",
                r -> r.path("status").path("status").asText().equals("Paused"));
        assertThat(send("DELETE", "/api/v1/stacks/tiny/pause?resource=LogGroup/app", null, Installation.TOKEN)
                        .status())
                .isEqualTo(202);
        until("/api/v1/stacks/tiny", s -> s.path("status").asText().equals("Synced"));
        assertThat(logs.describeLogGroups(r -> r.logGroupNamePrefix("/tiny/app"))
                        .logGroups()
                        .getFirst()
                        .retentionInDays())
                .isEqualTo(7);
    }

    @Test
    void bodiesThatAreNotWhatIsWantedAreRefusedInWords() {
        String later = Instant.now().plus(Duration.ofHours(1)).toString();
        post("/api/v1/stacks/held/approvals", "{}").isProblem(400, "steps");
        post("/api/v1/stacks/held/approvals", "").isProblem(400, "steps");
        post("/api/v1/stacks/held/approvals", "{\"steps\":7}").isProblem(400);
        post("/api/v1/stacks/held/approvals", "{\"steps\"").isProblem(400);
        post("/api/v1/stacks/held/retry", "{}").isProblem(400, "resource");
        post("/api/v1/stacks/held/retry", "{\"resource\":\"LogGroup/nope\"}").isProblem(404, "LogGroup/nope");
        post("/api/v1/stacks/held/retry", "{\"resource\":\"nope\"}").isProblem(404, "nope");
        post("/api/v1/stacks/held/pause", "{\"until\":\"" + later + "\"}").isProblem(400, "reason");
        post("/api/v1/stacks/held/pause", "{\"until\":\"soon\",\"reason\":\"x\"}")
                .isProblem(400);
        post("/api/v1/stacks/held/pause", "{\"until\":\"2001-01-01T00:00:00Z\",\"reason\":\"x\"}")
                .isProblem(400, "over already");
        post("/api/v1/stacks/held/pause", "{\"until\":\"" + later + "\",\"reason\":\"x\",\"resource\":\"Vpc/no\"}")
                .isProblem(404, "Vpc/no");
        assertThat(post("/api/v1/stacks/held/retry", "{\"resource\":\"LogGroup/app\"}")
                        .status())
                .isEqualTo(202);
    }

    @Test
    void nobodyChangesAnythingWithoutTheToken() {
        String path = "/api/v1/stacks/held/reconcile";

        send("POST", path, "", null).isProblem(401, "HOLDFAST_API_TOKEN");
        send("POST", path, "", "wrong").isProblem(401);
        send("POST", path, "", Installation.TOKEN + "x").isProblem(401);
        send("DELETE", "/api/v1/stacks/held/pause", null, null).isProblem(401);
        assertThat(send("POST", path, "", Installation.TOKEN).status()).isEqualTo(202);
        assertThat(send("GET", "/api/v1/stacks", null, null).status()).isEqualTo(200);
    }

    @Test
    void withoutATokenOfItsOwnTheOperatorRefusesAllChangesButInTheDemo() {
        String path = "/api/v1/stacks/held/reconcile";
        try {
            running.started(engine(), null, false);
            send("POST", path, "", Installation.TOKEN).isProblem(403, "HOLDFAST_API_TOKEN is not set");
            running.started(engine(), null, true);
            assertThat(send("POST", path, "", null).status()).isEqualTo(202);
        } finally {
            running.started(engine(), Installation.TOKEN, false);
        }
    }

    @Test
    void healthSaysWhetherTheDesiredStateCanBeRead() {
        for (String check : List.of("live", "ready", "started")) {
            Answer answer = get("/q/health/" + check);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.json().path("status").asText()).isEqualTo("UP");
        }
        assertThat(get("/q/health/ready").text()).contains("desired-state");
    }

    @Test
    void theApiDescribesItself() {
        Answer answer = get("/q/openapi");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.text())
                .contains("/api/v1/stacks/{stack}/resources/{kind}/{name}")
                .contains("/api/v1/stacks/{stack}/approvals");
    }

    @Test
    void metricsAreByStack() {
        String text = get("/q/metrics").text();

        for (String metric : List.of(
                "holdfast_pass_seconds_count{stack=\"tiny\"}",
                "holdfast_pass_seconds_sum{stack=\"tiny\"}",
                "holdfast_requests_total{operation=\"ec2:DescribeVpcs\",stack=\"tiny\"}",
                "holdfast_writes_total{stack=\"tiny\"}",
                "holdfast_drift_items{stack=\"tiny\"}",
                "holdfast_resources{stack=\"tiny\",status=\"Synced\"}",
                "holdfast_last_good_pass_age_seconds{stack=\"tiny\"}")) {
            assertThat(text).contains(metric);
        }
        assertThat(value(text, "holdfast_resources{stack=\"tiny\",status=\"Synced\"}"))
                .isEqualTo(3);
        assertThat(value(text, "holdfast_writes_total{stack=\"tiny\"}")).isGreaterThanOrEqualTo(3);
        assertThat(value(text, "holdfast_last_good_pass_age_seconds{stack=\"tiny\"}"))
                .isLessThan(60);
    }

    @Test
    void theStatusPageIsServed() {
        assertThat(get("/").text()).contains("<html", "Holdfast");
    }

    private Engine engine() {
        return java.util.Objects.requireNonNull(running.engine());
    }

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(l -> l.startsWith(name + " "))
                .mapToDouble(l -> Double.parseDouble(l.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static List<String> names(JsonNode body, String field) {
        return body.path("items").valueStream().map(i -> i.path(field).asText()).toList();
    }

    private JsonNode until(String path, Predicate<JsonNode> condition) {
        return await(path)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> get(path).json(), condition);
    }

    private Answer get(String path) {
        return send("GET", path, null, null);
    }

    private Answer post(String path, String body) {
        return send("POST", path, body, Installation.TOKEN);
    }

    private Answer send(String method, String path, @Nullable String body, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null && !body.isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse("").replaceFirst(";.*", ""),
                    response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }
}
