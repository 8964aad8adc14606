package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.engine.Engine;
import dev.holdfast.state.RequestAnswer;
import dev.holdfast.state.UserRequest;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/**
 * Two replicas on one twin and one state. The daemon, whose API the test calls, does not hold the stack. The other
 * replica holds it, and acts only while the test ticks it.
 */
@QuarkusTest
class ReplicasApiTest extends ApiCase {
    private static final String SHARED = "shared";
    private static final String STACK = "/api/v1/stacks/" + SHARED;

    @Test
    void whatIsAskedOfAReplicaThatDoesNotHoldTheStackIsStoredAndCarriedOutByTheOneThatDoes() {
        Engine daemons = engine();
        try (Operator replica = installation.replica(SHARED);
                Engine holder = replica.engine(event -> {}, replica.reporting(AlertSettings.NONE, event -> {}), null)) {
            // Before there is a revision: no other replica knows the stack yet.
            until(holder, () -> holder.holds(SHARED));
            installation.publish(SHARED, Installation.NO_UPDATES, Installation.LOGS.formatted(SHARED));
            until(holder, () -> status(holder).equals("Synced"));
            String sevenDays = Installation.LOGS.formatted(SHARED);
            installation.publish(
                    SHARED, Installation.NO_UPDATES, sevenDays.replace("'retentionInDays':7", "'retentionInDays':3"));
            until(holder, () -> status(holder).equals("AwaitingApproval"));
            until(holder, () -> get(STACK).status() == 200);
            assertThat(daemons.holds(SHARED)).isFalse();
            String hash = holder.heldSteps(SHARED).getFirst().hash();
            String until = Instant.now().plus(Duration.ofHours(1)).toString();

            Map<String, JsonNode> asked = new TreeMap<>();
            asked.put("Paused", accepted("/pause", "{\"until\":\"" + until + "\",\"reason\":\"incident 12\"}"));
            assertThat(daemons.inbox(SHARED).read().requests())
                    .extracting(UserRequest::id)
                    .containsExactly(asked.get("Paused").path("request").asText());
            assertThat(holder.stacks().get(SHARED).view().pauses()).isEmpty();
            until(holder, () -> status(holder).equals("Paused"));
            asked.put("Resumed", json(send("DELETE", STACK + "/pause", null, Installation.TOKEN)));
            until(holder, () -> status(holder).equals("AwaitingApproval"));
            asked.put("Retried", accepted("/retry", "{\"resource\":\"LogGroup/app\"}"));
            asked.put("Approved", accepted("/approvals", "{\"steps\":[\"" + hash + "\"]}"));
            asked.put("ReconcileRequested", accepted("/reconcile", ""));
            assertThat(retention()).isEqualTo(7);
            until(holder, () -> asked.values().stream().allMatch(request -> answer(daemons, request) != null));
            until(holder, () -> status(holder).equals("Synced"));

            assertThat(retention()).isEqualTo(3);
            assertThat(daemons.inbox(SHARED).read().requests()).isEmpty();
            asked.forEach((reason, request) -> {
                assertThat(answer(daemons, request)).as(reason).matches(RequestAnswer::carriedOut);
                assertThat(request.path("by").asText()).contains("the bearer of the API token from 127.0.0.1");
            });
            List<JsonNode> trail = items(STACK + "/audit");
            List<JsonNode> events = itemsOf(holder, STACK + "/events");
            asked.forEach((reason, request) -> {
                String by = request.path("by").asText();
                String at = request.path("at").asText();
                assertThat(events)
                        .filteredOn(e -> e.path("reason").asText().equals(reason))
                        .singleElement()
                        .satisfies(e -> assertThat(e.path("message").asText())
                                .startsWith(by)
                                .endsWith(", at " + at));
                assertThat(trail)
                        .filteredOn(e -> e.path("at").asText().equals(at))
                        .anyMatch(e -> e.path("by").asText().equals(by));
            });
        }
    }

    private JsonNode accepted(String path, String body) {
        return json(post(STACK + path, body));
    }

    private static JsonNode json(Answer answer) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        return answer.json();
    }

    private static RequestAnswer answer(Engine engine, JsonNode request) {
        return engine.inbox(SHARED).read().answerTo(request.path("request").asText());
    }

    private static String status(Engine engine) {
        return engine.stacks().get(SHARED).view().status();
    }

    private List<JsonNode> items(String path) {
        return get(path).json().path("items").valueStream().toList();
    }

    /** The answer of the other replica's API. */
    private List<JsonNode> itemsOf(Engine other, String path) {
        Engine own = engine();
        try {
            running.started(other, Installation.TOKEN, false);
            return items(path);
        } finally {
            running.started(own, Installation.TOKEN, false);
        }
    }

    private static void until(Engine ticked, BooleanSupplier done) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            ticked.tick();
            return done.getAsBoolean();
        });
    }

    private int retention() {
        return installation
                .aws(CloudWatchLogsClient.class)
                .describeLogGroups(r -> r.logGroupNamePrefix("/" + SHARED + "/app"))
                .logGroups()
                .getFirst()
                .retentionInDays();
    }
}
