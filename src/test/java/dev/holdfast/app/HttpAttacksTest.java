package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests as only an attacker sends them, over the wire. */
@QuarkusTest
@Timeout(60)
class HttpAttacksTest extends ApiCase {
    private static final String APPROVALS = "/api/v1/stacks/held/approvals";

    /** @return everything that the server sends before it closes the connection */
    private String raw(String... lines) throws IOException {
        try (Socket socket = new Socket(root.getHost(), root.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(String.join("\r\n", lines)
                            .replace("TOKEN", Installation.TOKEN)
                            .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The server's own rule, which a newer one has to keep: RFC 9112, 6.1. */
    @Test
    void aRequestWithTwoLengthsIsRefusedAndWhatFollowsIsNotRead() throws IOException {
        String answers = raw(
                "POST " + APPROVALS + " HTTP/1.1",
                "Host: localhost",
                "Authorization: Bearer TOKEN",
                "Content-Type: application/json",
                "Content-Length: 6",
                "Transfer-Encoding: chunked",
                "",
                "0",
                "",
                "GET /q/health/live HTTP/1.1",
                "Host: localhost",
                "",
                "");

        assertThat(answers).startsWith("HTTP/1.1 400");
        assertThat(answers.split("HTTP/1.1 ", -1)).hasSize(2);
    }

    @Test
    void aReboundNameReadsNothing() throws IOException {
        for (String path : List.of("/api/v1/stacks", "/api/v1/stream", "/q/metrics", "/")) {
            String answer = raw(
                    "GET " + path + " HTTP/1.1",
                    "Host: attacker.example",
                    "Authorization: Bearer TOKEN",
                    "Connection: close",
                    "",
                    "");

            assertThat(answer).as(path).startsWith("HTTP/1.1 421").doesNotContain("tiny");
        }
    }

    @Test
    void thePathsAroundTheTokenLeadNowhere() throws IOException {
        for (String path : List.of(
                "//api/v1/stacks",
                "/app/../api/v1/stacks",
                "/%61pi/v1/stacks",
                "/api;a=b/v1/stacks",
                "/app/..;/api/v1/stacks",
                "/app/%2e%2e/api/v1/stacks",
                "/q/health/../metrics",
                "/q/health/%2e%2e/metrics")) {
            String answer = raw("GET " + path + " HTTP/1.1", "Host: localhost", "Connection: close", "", "");

            assertThat(answer).as(path).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void aPauseThatNeverEndsIsRefused() {
        for (String until : List.of("9999-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z")) {
            post("/api/v1/stacks/held/pause", "{\"until\":\"" + until + "\",\"reason\":\"x\"}")
                    .isProblem(400, "within a year");
        }
    }

    @Test
    void anyBodyGetsAnAnswerThatNamesThePlace() {
        String later = Instant.now().plus(Duration.ofHours(1)).toString();
        post(APPROVALS, "{\"steps\":[null]}").isProblem(400, "/steps/0");
        post(APPROVALS, "{\"steps\":[\"a\",null]}").isProblem(400, "/steps/1");
        post(APPROVALS, "{\"steps\":[{}]}").isProblem(400, "/steps/0");
        post(APPROVALS, "{\"steps\":{\"a\":1}}").isProblem(400, "/steps");
        post("/api/v1/stacks/held/pause", "{\"until\":{},\"reason\":\"x\"}").isProblem(400, "/until");
        List<String> values = List.of(
                "null",
                "true",
                "0",
                "-1",
                "1e400",
                "99999999999999999999999",
                "1.5",
                "\"\"",
                "\" \"",
                "\"\\u0000\"",
                "\"\\ud800\"",
                "\"/\"",
                "\"a/b\"",
                "\"../..\"",
                "\"+1000000000-12-31T23:59:59Z\"",
                "[]",
                "[null]",
                "[[]]",
                "{}",
                "{\"a\":null}",
                "\"" + "x".repeat(100_000) + "\"",
                "[".repeat(2_000) + "]".repeat(2_000),
                "[",
                "nul");
        for (String path : List.of("approvals", "retry", "pause", "reconcile")) {
            for (String value : values) {
                for (String body : List.of(
                        value,
                        "{\"steps\":" + value + "}",
                        "{\"steps\":[" + value + "]}",
                        "{\"resource\":" + value + "}",
                        "{\"until\":" + value + ",\"reason\":\"x\"}",
                        "{\"until\":\"" + later + "\",\"reason\":" + value + ",\"resource\":\"Vpc/no\"}",
                        "{\"until\":\"" + later + "\",\"reason\":\"x\",\"resource\":" + value.replace("null", "1")
                                + "}")) {
                    Answer answer = post("/api/v1/stacks/none-" + path + "/" + path, body);
                    Answer found = post("/api/v1/stacks/held/" + path, path.equals("reconcile") ? "" : body);

                    assertThat(answer.status()).as(path + " " + body).isIn(400, 404);
                    assertThat(found.status())
                            .as(path + " " + found.text() + " to " + body.substring(0, Math.min(200, body.length())))
                            .isIn(path.equals("reconcile") ? List.of(202) : List.of(400, 404, 409));
                }
            }
        }
        assertThat(post(APPROVALS, "{\"steps\":[\"" + "x".repeat(300_000) + "\"]}")
                        .status())
                .isEqualTo(413);
    }
}
