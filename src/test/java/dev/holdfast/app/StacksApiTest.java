package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.holdfast.engine.EventLog;
import dev.holdfast.model.Event;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** All read endpoints of the HTTP API, their response bodies and their refusals. */
@QuarkusTest
class StacksApiTest extends ApiCase {
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
    void theResourcesAreNotToldAgainWhileTheyAreTheSame() throws IOException, InterruptedException {
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> first = resources(http, "/api/v1/stacks/tiny/resources", "\"other\"");
            String tag = first.headers().firstValue("ETag").orElseThrow();

            HttpResponse<String> other = resources(http, "/api/v1/stacks/tiny/resources?kind=Vpc", tag);
            HttpResponse<String> again = resources(http, "/api/v1/stacks/tiny/resources", tag);

            assertThat(first.statusCode()).isEqualTo(200);
            assertThat(first.body()).contains("Vpc");
            assertThat(other.statusCode()).isEqualTo(200);
            // A pass may have run between the two requests.
            boolean same = again.headers().firstValue("ETag").orElseThrow().equals(tag);
            assertThat(again.statusCode()).isEqualTo(same ? 304 : 200);
            assertThat(again.body().isEmpty()).isEqualTo(same);
        }
    }

    private HttpResponse<String> resources(HttpClient http, String path, String tag)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(root.resolve(path))
                        .header("Authorization", "Bearer " + Installation.TOKEN)
                        .header("If-None-Match", tag)
                        .build(),
                HttpResponse.BodyHandlers.ofString());
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
        assertThat(status.path("region").asText()).isEqualTo(Installation.REGION);
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
                d -> entry(d, "SecurityGroup/web").path("state").asText().equals("Repaired")
                        && d.path("inSync").asBoolean());
        assertThat(fields(drift)).containsExactly("stack", "revision", "observedAt", "inSync", "items");
        JsonNode item = entry(drift, "SecurityGroup/web");
        assertThat(fields(item))
                .containsExactly("resource", "physicalId", "type", "state", "firstSeen", "repairedAt", "fields", "by");
        assertThat(item.path("physicalId").asText()).isEqualTo(id);
        assertThat(item.path("type").asText()).isEqualTo("Modified");
        assertThat(Instant.parse(item.path("repairedAt").asText()))
                .isAfterOrEqualTo(Instant.parse(item.path("firstSeen").asText()));
        JsonNode field = item.path("fields").path(0);
        assertThat(fields(field)).containsExactly("path", "cause", "desired", "observed", "words");
        assertThat(field.path("words").asText()).isEqualTo("ingress: tcp 22 from 10.9.0.0/16");
        assertThat(field.path("path").asText()).startsWith("/ingress/").contains("22");
        assertThat(field.path("cause").asText()).isEqualTo("Drift");
        assertThat(field.path("desired").isNull()).isTrue();
        assertThat(field.path("observed").path("fromPort").asInt()).isEqualTo(22);
    }

    /** Other tests leave drift entries of other resources, which are shown for a day. */
    private static JsonNode entry(JsonNode drift, String resource) {
        return drift.path("items")
                .valueStream()
                .filter(i -> i.path("resource").asText().equals(resource))
                .findFirst()
                .orElse(MissingNode.getInstance());
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
                .containsExactly("revision", "previous", "number", "author", "message", "commit", "time", "signature");
        assertThat(head.path("revision"))
                .isEqualTo(get("/api/v1/stacks/tiny").json().path("revision"));
        assertThat(head.path("author").asText()).isEqualTo("ann");
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
                .contains("/api/v1/stacks/{stack}/approvals")
                .contains("scheme: bearer");
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

    private static double value(String metrics, String name) {
        return metrics.lines()
                .filter(l -> l.startsWith(name + " "))
                .mapToDouble(l -> Double.parseDouble(l.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }
}
