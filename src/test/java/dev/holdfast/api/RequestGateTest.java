package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody without the token, or a page of another site, can ask for, and what refuses it. */
class RequestGateTest {
    private static final String STACKS = "/api/v1/stacks";
    private static final String TOKEN = "t0k3n";

    private final RunningEngine running = new RunningEngine();
    private final RequestGate gate = new RequestGate(running, " Holdfast.example.com,10.0.0.7 ");
    private final MultiMap headers =
            MultiMap.caseInsensitiveMultiMap().add("Host", "localhost:8080").add("Authorization", "Bearer " + TOKEN);

    private int get(String path) {
        return status(gate.refusal("GET", path, headers, "127.0.0.1"));
    }

    private int post() {
        return status(gate.refusal("POST", STACKS + "/prod/approvals", headers, "127.0.0.1"));
    }

    private static int status(RequestGate.@Nullable Refusal refusal) {
        return refusal == null ? 200 : refusal.status();
    }

    private void started(boolean open) {
        running.started(null, TOKEN, open);
    }

    @Test
    void withTheTokenEverythingIsRead() {
        started(false);

        assertThat(get(STACKS)).isEqualTo(200);
        assertThat(get("/q/metrics")).isEqualTo(200);
        assertThat(post()).isEqualTo(415);
        headers.set("Content-Type", "application/json; charset=utf-8");
        assertThat(post()).isEqualTo(200);
        headers.set("Authorization", "bearer " + TOKEN);
        assertThat(post()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                STACKS,
                "/api;a=b/v1/stacks",
                "/API/v1/stacks",
                "/app/;/api/v1/stacks",
                "/app/..;/api/v1/stacks",
                "/app/x.js;/api",
                "/q/health;/../metrics",
                "/q/health/live/x",
                "/q/metrics",
                "/q/openapi",
                "/q",
                "/other",
                "/app/a%2fb",
                "/app/.."
            })
    void withoutTheTokenNothingOfAnInstallationIsRead(String path) {
        started(false);
        headers.remove("Authorization");

        assertThat(get(path)).isEqualTo(401);
        headers.set("Authorization", "Bearer " + TOKEN + "x");
        assertThat(get(path)).isEqualTo(401);
        headers.set("Authorization", TOKEN);
        assertThat(get(path)).isEqualTo(401);
        running.started(null, null, false);
        assertThat(get(path)).isEqualTo(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/index.html",
                "/favicon.svg",
                "/app/main.js",
                "/app/views/parts.js",
                "/css/base.css",
                "/webjars/lit-html/3.3.2/lit-html.js",
                "/q/health",
                "/q/health/live",
                "/q/health/ready"
            })
    void thePageAndTheHealthAreForEverybody(String path) {
        started(false);
        headers.remove("Authorization");

        assertThat(get(path)).isEqualTo(200);
        assertThat(status(gate.refusal("HEAD", path, headers, "10.1.2.3"))).isEqualTo(200);
        assertThat(status(gate.refusal("DELETE", path, headers, "10.1.2.3"))).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "localhost, 200",
                "LOCALHOST:8080, 200",
                "127.0.0.1:1, 200",
                "[::1]:8080, 200",
                "holdfast.example.com, 200",
                "10.0.0.7:8080, 200",
                "attacker.example, 421",
                "attacker.example:8080, 421",
                "localhost.attacker.example, 421",
                "127.0.0.1.nip.io, 421",
                "localhost@attacker.example, 421",
                "'', 421",
                "none, 421"
            })
    void aNameThatIsNotOursIsNotAnswered(@Nullable String host, int expected) {
        for (boolean open : new boolean[] {true, false}) {
            started(open);
            headers.remove("Host");
            if (host != null) {
                headers.add("Host", host);
            }

            assertThat(get(STACKS)).isEqualTo(expected);
            assertThat(get("/")).isEqualTo(expected);
            // A health check of a container knows its address only.
            assertThat(get("/q/health/live")).isEqualTo(200);
        }
    }

    @Test
    void twoNamesAreNone() {
        started(true);
        headers.add("Host", "attacker.example");

        assertThat(get(STACKS)).isEqualTo(421);
    }

    @ParameterizedTest
    @CsvSource({
        "Sec-Fetch-Site, same-origin, 200",
        "Sec-Fetch-Site, none, 200",
        "Sec-Fetch-Site, same-site, 403",
        "Sec-Fetch-Site, cross-site, 403",
        "Origin, http://localhost:8080, 200",
        "Origin, https://localhost:8080, 200",
        "Origin, http://localhost:3000, 403",
        "Origin, http://attacker.example, 403",
        "Origin, null, 403",
        "Origin, '', 403"
    })
    void aPageOfAnotherSiteGetsNoAnswer(String header, String value, int expected) {
        for (boolean open : new boolean[] {true, false}) {
            started(open);
            headers.set("Content-Type", "application/json").set(header, value);

            assertThat(get(STACKS)).isEqualTo(expected);
            assertThat(post()).isEqualTo(expected);
        }
    }

    /** What a form of another site can send without that the browser asks first. */
    @ParameterizedTest
    @ValueSource(strings = {"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json"})
    void aPostThatNeedsNoPermissionOfTheBrowserIsRefused(String type) {
        started(true);
        if (!type.isEmpty()) {
            headers.set("Content-Type", type);
        }

        assertThat(post()).isEqualTo(415);
    }

    @Test
    void theDemoAnswersThisMachineOnly() {
        started(true);
        headers.remove("Authorization");

        assertThat(get(STACKS)).isEqualTo(200);
        assertThat(status(gate.refusal("GET", STACKS, headers, "0:0:0:0:0:0:0:1")))
                .isEqualTo(200);
        assertThat(status(gate.refusal("GET", STACKS, headers, "10.1.2.3"))).isEqualTo(403);
    }
}
