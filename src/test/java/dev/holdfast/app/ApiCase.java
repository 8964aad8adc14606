package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.engine.Engine;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** The common part of tests of the HTTP API: a daemon that works on a twin, and a client. */
abstract class ApiCase extends ApplicationCase {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    Installation installation;

    /** The response. */
    record Answer(int status, String type, String text) {
        JsonNode json() {
            try {
                return JSON.readTree(text);
            } catch (IOException e) {
                throw new AssertionError(text, e);
            }
        }

        /** Expects a response according to RFC 9457 that contains the words. */
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
        installation = Installation.running(this);
        for (String stack : List.of("tiny", "held")) {
            until("/api/v1/stacks/" + stack, s -> s.path("status").asText().equals("Synced"));
        }
    }

    Engine engine() {
        return Objects.requireNonNull(running.engine());
    }

    static List<String> fields(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    static List<String> names(JsonNode body, String field) {
        return body.path("items").valueStream().map(i -> i.path(field).asText()).toList();
    }

    JsonNode until(String path, Predicate<JsonNode> condition) {
        return await(path)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> get(path).json(), condition);
    }

    Answer get(String path) {
        return send("GET", path, null, Installation.TOKEN);
    }

    Answer post(String path, String body) {
        return send("POST", path, body, Installation.TOKEN);
    }

    Answer send(String method, String path, @Nullable String body, @Nullable String token) {
        HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path))
                .timeout(Duration.ofSeconds(20))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(
                    response.statusCode(),
                    response.headers().firstValue("content-type").orElse("").replaceFirst(";.*", ""),
                    response.body());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(method + " " + path, e);
        }
    }
}
