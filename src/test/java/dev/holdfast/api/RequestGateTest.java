package dev.holdfast.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.holdfast.api.RequestGate.GateDecision;
import dev.holdfast.twin.DrivenClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.MultiMap;
import jakarta.ws.rs.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests that a client without the token, or a page of another site, can make, and their refusals. */
class RequestGateTest {
    private static final String STACKS = "/api/v1/stacks";
    private static final String TOKEN = "t0k3n";

    private final RunningEngine running = new RunningEngine();
    private final SignIn signIn = new SignIn();
    private final RequestGate gate = new RequestGate(
            running,
            signIn,
            null,
            new RefusalLog(new SimpleMeterRegistry(), running),
            " Holdfast.example.com,10.0.0.7 ");
    private final MultiMap headers =
            MultiMap.caseInsensitiveMultiMap().add("Host", "localhost:8080").add("Authorization", "Bearer " + TOKEN);

    private int get(String path) {
        return status(gate.decision("GET", path, headers, "127.0.0.1"));
    }

    private int post() {
        return status(gate.decision("POST", STACKS + "/prod/approvals", headers, "127.0.0.1"));
    }

    private static int status(GateDecision decision) {
        return decision instanceof GateDecision.Refusal refusal ? refusal.status() : 200;
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
        assertThat(status(gate.decision("HEAD", path, headers, "10.1.2.3"))).isEqualTo(200);
        assertThat(status(gate.decision("DELETE", path, headers, "10.1.2.3"))).isEqualTo(401);
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
            // A container's health check knows only the address, which is not one of the names.
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

    /** The content types that a form of another site can send without a preflight request of the browser. */
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
        assertThat(status(gate.decision("GET", STACKS, headers, "0:0:0:0:0:0:0:1")))
                .isEqualTo(200);
        assertThat(status(gate.decision("GET", STACKS, headers, "10.1.2.3"))).isEqualTo(403);
    }

    @Test
    void whereNobodySignsInThereIsNoLoginAndNoCookieCounts() {
        started(false);
        headers.remove("Authorization");
        headers.set("Cookie", "q_session=x");

        assertThat(get("/login")).isEqualTo(401);
        assertThat(get(STACKS)).isEqualTo(401);
    }

    @Test
    void whoSignsInIsAskedForAndTheTokenStaysGood() {
        started(false);
        signIn.configure(
                OidcSettings.read(name -> name.matches("HOLDFAST_OIDC_(ISSUER|CLIENT_ID)") ? "https://id" : ""));

        assertThat(gate.decision("GET", STACKS, headers, "10.1.2.3")).isEqualTo(new GateDecision.MadeBy(Person.TOKEN));
        headers.set("Authorization", "Bearer other");
        assertThat(get(STACKS)).isEqualTo(401);
        headers.set("Authorization", "Bearer a.b.");
        assertThat(get(STACKS)).isEqualTo(401);
        headers.set("Authorization", "Bearer a.b.c");
        assertThat(gate.decision("GET", STACKS, headers, "10.1.2.3")).isEqualTo(new GateDecision.AskProvider());
        headers.remove("Authorization");
        assertThat(get(STACKS)).isEqualTo(401);
        headers.set("Cookie", "q_session=x");
        assertThat(gate.decision("GET", STACKS, headers, "10.1.2.3")).isEqualTo(new GateDecision.AskProvider());
        headers.set("Origin", "https://attacker.example");
        assertThat(get(STACKS)).isEqualTo(403);
        headers.remove("Origin").set("Sec-Fetch-Site", "cross-site");
        assertThat(get(STACKS)).isEqualTo(403);
        assertThat(gate.decision("GET", "/login", headers, "10.1.2.3")).isEqualTo(new GateDecision.AskProvider());
        assertThat(status(gate.decision("POST", "/login", headers, "10.1.2.3"))).isEqualTo(403);
        running.started(null, null, false);
        headers.remove("Sec-Fetch-Site").remove("Cookie");
        assertThat(get(STACKS)).isEqualTo(401);
    }

    /** The needed role belongs to the method, because several spellings of a path lead to the same method. */
    @Test
    void eachMethodThatChangesSomethingNeedsItsRole() {
        Map<String, Set<AccessRole>> needed = new TreeMap<>();
        for (JavaClass type : new ClassFileImporter().importPackages("dev.holdfast.api")) {
            for (JavaMethod method : type.getMethods()) {
                boolean changes = method.getAnnotations().stream()
                        .map(annotation -> annotation.getRawType())
                        .anyMatch(annotation -> annotation.isMetaAnnotatedWith(HttpMethod.class)
                                && !annotation.getSimpleName().equals("GET"));
                if (changes) {
                    needed.put(
                            method.getName(),
                            method.isAnnotatedWith(NeedsRole.class)
                                    ? Set.of(method.getAnnotationOfType(NeedsRole.class)
                                            .value())
                                    : Set.of());
                }
            }
        }

        assertThat(needed)
                .isEqualTo(Map.of(
                        "approve", Set.of(AccessRole.APPROVE),
                        "reconcile", Set.of(AccessRole.OPERATE),
                        "retry", Set.of(AccessRole.OPERATE),
                        "pause", Set.of(AccessRole.OPERATE),
                        "resume", Set.of(AccessRole.OPERATE),
                        "plan", Set.of(AccessRole.OPERATE, AccessRole.APPROVE)));
    }

    @Test
    void theGateAdmitsReadersToReadOnly() {
        for (AccessRole given : AccessRole.ALL) {
            Person person = Person.signedIn("ann", Set.of(given));

            assertThat(AccessRole.missing(AccessRole.admitted("GET"), person)).isNull();
            assertThat(AccessRole.missing(AccessRole.admitted("HEAD"), person)).isNull();
            for (String method : List.of("POST", "DELETE", "PUT", "PATCH", "OPTIONS", "ANY")) {
                assertThat(AccessRole.missing(AccessRole.admitted(method), person) != null)
                        .as(given + " " + method)
                        .isEqualTo(given == AccessRole.READ);
            }
        }
        assertThat(AccessRole.missing(AccessRole.admitted("GET"), Person.signedIn("ann", Set.of())))
                .contains("the role read", "HOLDFAST_OIDC_READ");
        assertThat(AccessRole.missing(Set.of(AccessRole.APPROVE, AccessRole.OPERATE), Person.signedIn("ann", Set.of())))
                .contains("the role operate or approve", "HOLDFAST_OIDC_OPERATE or HOLDFAST_OIDC_APPROVE");
        assertThat(AccessRole.missing(Set.of(AccessRole.APPROVE), Person.TOKEN)).isNull();
    }

    @Test
    void refusalsAreToldOnceAMinuteAndOnlySoManyOfThem() {
        DrivenClock clock = new DrivenClock(Instant.parse("2026-01-01T00:00:00Z"));
        RefusalLog log = new RefusalLog(new SimpleMeterRegistry(), running, clock);
        GateDecision.Refusal refusal = new GateDecision.Refusal(403, "no");
        Person ann = Person.signedIn("ann", Set.of());

        assertThat(log.refused(refusal, ann, "GET /a", "10.0.0.1")).isTrue();
        assertThat(log.refused(refusal, ann, "GET /a", "10.0.0.1")).isFalse();
        assertThat(log.refused(refusal, null, "GET /a", "10.0.0.1")).isTrue();
        int told = 2;
        for (int i = 0; i < 1000; i++) {
            told += log.refused(refusal, ann, "GET /" + i, "10.0.0.1") ? 1 : 0;
        }
        assertThat(told).isEqualTo(RefusalLog.MOST);
        clock.advance(Duration.ofMinutes(1));
        assertThat(log.refused(refusal, ann, "GET /a", "10.0.0.1")).isTrue();
    }
}
