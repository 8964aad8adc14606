package dev.holdfast.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.api.SignIn;
import dev.holdfast.api.SignInSetup;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** People who sign in with an identity provider, and clients that try without a sign-in. */
@QuarkusTest
@Timeout(60)
class PeopleTest extends ApiCase {
    private static final String STACKS = "/api/v1/stacks";
    private static final String HELD = "/api/v1/stacks/held";

    @Inject
    SignIn signIn;

    private final IdentityProvider provider = new IdentityProvider();

    @BeforeEach
    void signInThere() {
        SignInSetup.use(signIn, provider.variables());
    }

    @AfterEach
    void signInNowhere() {
        SignInSetup.use(signIn, Map.of());
        provider.close();
    }

    private String token(String email, String... groups) {
        return provider.token(provider.claims(email, groups));
    }

    private record Route(String method, String path, String body, String role) {}

    /** The routes. Each request is refused for another reason, or its change lasts only for a short time. */
    private static final List<Route> ROUTES = List.of(
            new Route("GET", STACKS, null, "read"),
            new Route("GET", HELD, null, "read"),
            new Route("GET", HELD + "/resources", null, "read"),
            new Route("GET", HELD + "/plan", null, "read"),
            new Route("GET", HELD + "/drift", null, "read"),
            new Route("GET", HELD + "/graph", null, "read"),
            new Route("GET", HELD + "/events", null, "read"),
            new Route("GET", HELD + "/revisions", null, "read"),
            new Route("GET", HELD + "/audit", null, "read"),
            new Route("GET", "/api/v1/alerts", null, "read"),
            new Route("GET", "/api/v1/refusals", null, "read"),
            new Route("GET", "/api/v1/operator", null, "read"),
            new Route("GET", "/q/metrics", null, "read"),
            new Route("GET", "/q/openapi", null, "read"),
            new Route("POST", HELD + "/reconcile", "{}", "operate"),
            new Route("POST", HELD + "/retry", "{\"resource\":\"No/such\"}", "operate"),
            new Route("POST", HELD + "/pause", "{}", "operate"),
            new Route("DELETE", HELD + "/pause", null, "operate"),
            new Route("POST", HELD + "/approvals", "{\"steps\":[\"none\"]}", "approve"));

    @Test
    void eachRoleReachesItsRoutesAndNoOther() {
        for (String role : List.of("read", "operate", "approve")) {
            String token = token(role + "er@example.com", "holdfast-" + role, "everybody");
            for (Route route : ROUTES) {
                Answer answer = send(route.method(), route.path(), route.body(), token);
                boolean may = route.role().equals("read") || route.role().equals(role);

                assertThat(answer.status() != 403 && answer.status() != 401 && answer.status() < 500)
                        .as(role + " " + route + ": " + answer.text())
                        .isEqualTo(may);
                if (!may) {
                    answer.isProblem(403, role + "er@example.com has signed in and lacks the role", route.role());
                }
            }
        }
    }

    /** Several spellings of a path lead to the same method. */
    @Test
    void noSpellingOfThePathLendsTheRoleToApprove() {
        String operator = token("olga@example.com", "holdfast-operate");
        String reader = token("rita@example.com", "holdfast-read");
        for (String path : List.of(
                HELD + "/approvals",
                HELD + "/approvals/",
                HELD + "/approvals//",
                HELD + "//approvals",
                HELD + "/./approvals",
                HELD + "/pause/../approvals",
                HELD + "/approvals;role=approve",
                HELD + "/%61pprovals",
                HELD + "/approvals%2F",
                HELD + "/approvals?x=/pause",
                "/api//v1/stacks/held/approvals",
                "/api/v1/stacks;a=b/held/approvals")) {
            for (String token : List.of(operator, reader)) {
                assertThat(send("POST", path, "{\"steps\":[\"none\"]}", token).status())
                        .as(path)
                        .isIn(403, 404);
            }
        }
        assertThat(send("POST", HELD + "/pause/", "{}", token("anna@example.com", "holdfast-approve"))
                        .status())
                .isEqualTo(403);
    }

    /** The log, the trail and the metric get each refusal from the same place. */
    @Test
    void aRequestThatTheRoleForbidsIsRecorded() {
        double before = forbidden();

        send("POST", HELD + "/approvals/", "{\"steps\":[\"none\"]}", token("oscar@example.com", "holdfast-operate"))
                .isProblem(403, "lacks the role approve");

        assertThat(forbidden()).isEqualTo(before + 1);
    }

    private double forbidden() {
        return get("/q/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith("holdfast_http_refused_total") && line.contains("status=\"403\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void whoHasNoRoleReadsNothing() {
        for (Route route : ROUTES) {
            send(route.method(), route.path(), route.body(), token("eve@example.com", "everybody"))
                    .isProblem(403, "eve@example.com", "lacks the role");
        }
    }

    @Test
    void aTokenThatIsNotGoodIsNobody() {
        Map<String, Object> good = provider.claims("ann@example.com", "holdfast-approve");
        assertThat(send("GET", STACKS, null, provider.token(good)).status()).isEqualTo(200);

        Map<String, String> bad = new TreeMap<>();
        bad.put("expired", provider.token(with(good, "exp", Instant.now().getEpochSecond() - 60)));
        bad.put("for another audience", provider.token(with(good, "aud", "another")));
        bad.put("of another issuer", provider.token(with(good, "iss", "https://another.example")));
        bad.put("unsigned", IdentityProvider.token("none", good, provider.key));
        bad.put("signed by another key", IdentityProvider.token("RS256", good, IdentityProvider.pair()));
        bad.put("of another algorithm", IdentityProvider.token("HS256", good, provider.key));
        bad.put("changed", provider.token(good).replaceFirst("\\.[^.]{8}", ".AAAAAAAA"));
        bad.put("no token", "abc");
        bad.put("empty", "..");
        bad.put("of three words", "a.b.c");
        bad.put("of three objects", "e30.e30.e30");
        bad.put("of no text", "gICA.gICA.gICA");
        bad.forEach((how, token) -> {
            Answer answer = send("GET", STACKS, null, token);
            assertThat(answer.status()).as(how + ": " + answer.text()).isEqualTo(401);
            assertThat(answer.text()).doesNotContain("items");
        });
        assertThat(send("GET", STACKS, null, null).status()).isEqualTo(401);
        assertThat(send("GET", STACKS, null, Installation.TOKEN).status()).isEqualTo(200);
    }

    private static Map<String, Object> with(Map<String, Object> claims, String name, Object value) {
        Map<String, Object> changed = new TreeMap<>(claims);
        changed.put(name, value);
        return changed;
    }

    @Test
    void whatIsDoneIsDoneInTheNameOfThePersonWhateverTheClientSays() throws IOException, InterruptedException {
        // The names of entries begin with the time.
        String begun = Instant.now().minusSeconds(1).toString().replaceAll("[-:]|\\.\\d+Z", "");
        HttpRequest request = HttpRequest.newBuilder(root.resolve(HELD + "/pause"))
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token("olga@example.com", "holdfast-operate"))
                .header("Holdfast-User", "the boss")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"until\":\"" + Instant.now().plusSeconds(600) + "\",\"reason\":\"audit\"}"))
                .build();
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(202);
        }

        until(HELD, s -> s.path("pauses").path("*").path("by").asText().equals("olga@example.com"));
        until(
                HELD + "/audit?after=" + begun,
                a -> a.path("items")
                        .valueStream()
                        .anyMatch(e -> e.path("by").asText().equals("olga@example.com")));
        send("DELETE", HELD + "/pause", null, Installation.TOKEN);
        until(HELD, s -> s.path("pauses").isEmpty());
        assertThat(get(HELD + "/audit?after=" + begun).text()).doesNotContain("the boss");
    }

    @Test
    void aProviderThatIsDownKeepsNobodyOutWhoHasTheToken() {
        String token = token("ann@example.com", "holdfast-read");
        provider.close();
        SignInSetup.use(signIn, provider.variables());

        send("GET", STACKS, null, token).isProblem(503, "identity provider");
        assertThat(send("GET", STACKS, null, Installation.TOKEN).status()).isEqualTo(200);
        assertThat(send("GET", "/q/health/ready", null, null).status()).isEqualTo(200);
        assertThat(send("GET", "/", null, null).status()).isEqualTo(200);
    }

    @Test
    void aBrowserSignsInByTheCodeFlowAndItsCookieServesItsOwnPageOnly() throws IOException, InterruptedException {
        provider.person = "bob@example.com";
        provider.groups = List.of("holdfast-operate");
        CookieManager cookies = new CookieManager(null, CookiePolicy.ACCEPT_ALL);
        try (HttpClient browser = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(cookies)
                .build()) {
            URI at = root.resolve("/login");
            int hops = 0;
            HttpResponse<String> answer = fetch(browser, at, "GET");
            while (answer.statusCode() == 302 && hops++ < 6) {
                at = at.resolve(answer.headers().firstValue("location").orElseThrow());
                answer = fetch(browser, at, "GET");
            }
            assertThat(at.getPath()).as(answer.body()).isEqualTo("/");
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(cookies.getCookieStore().getCookies())
                    .anyMatch(c -> c.getName().startsWith("q_session") && c.isHttpOnly());

            assertThat(fetch(browser, root.resolve(STACKS), "GET").statusCode()).isEqualTo(200);
            assertThat(fetch(browser, root.resolve(HELD + "/reconcile"), "POST").statusCode())
                    .isEqualTo(202);
            assertThat(fetch(browser, root.resolve(HELD + "/approvals"), "POST").statusCode())
                    .isEqualTo(403);
            for (String path : List.of(HELD + "/reconcile", "/logout")) {
                HttpRequest forged = HttpRequest.newBuilder(root.resolve(path))
                        .header("Content-Type", "application/json")
                        .header("Origin", "https://attacker.example")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
                assertThat(browser.send(forged, HttpResponse.BodyHandlers.ofString())
                                .statusCode())
                        .isEqualTo(403);
            }
            assertThat(fetch(browser, root.resolve(STACKS), "GET").statusCode()).isEqualTo(200);

            HttpResponse<String> out = fetch(browser, root.resolve("/logout"), "POST");
            assertThat(out.statusCode()).isEqualTo(204);
            assertThat(out.headers().allValues("set-cookie"))
                    .isNotEmpty()
                    .allMatch(c -> c.startsWith("q_session") && c.contains("Max-Age=0"));
            assertThat(cookies.getCookieStore().getCookies())
                    .noneMatch(c -> c.getName().startsWith("q_session"));
            assertThat(fetch(browser, root.resolve(STACKS), "GET").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void aCookieIsTakenFromWhoeverSendsItAndNobodyElse() throws IOException, InterruptedException {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(root.resolve("/logout"))
                    .header("Cookie", "q_session_people-1=abc; q_session_people-1_chunk_1=x; other=y")
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.headers().allValues("set-cookie"))
                    .hasSize(2)
                    .allMatch(c -> c.startsWith("q_session_people-1"));
        }
        SignInSetup.use(signIn, Map.of());
        send("POST", "/logout", "{}", null).isProblem(401);
    }

    @Test
    void theSessionIsNotForOtherSitesAndNotForScripts() throws IOException, InterruptedException {
        try (HttpClient browser = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ALL))
                .build()) {
            HttpResponse<String> there = fetch(browser, root.resolve("/login"), "GET");
            assertThat(there.statusCode()).isEqualTo(302);
            URI authorize = URI.create(there.headers().firstValue("location").orElseThrow());
            assertThat(authorize.toString()).startsWith(provider.issuer()).contains("code_challenge=", "nonce=");
            HttpResponse<String> back = fetch(browser, authorize, "GET");
            HttpResponse<String> session = fetch(
                    browser, URI.create(back.headers().firstValue("location").orElseThrow()), "GET");

            assertThat(session.headers().allValues("set-cookie"))
                    .anySatisfy(cookie -> assertThat(cookie)
                            .startsWith("q_session")
                            .containsIgnoringCase("; HttpOnly")
                            .contains("; SameSite=Lax")
                            .doesNotContain(provider.person));
        }
    }

    @Test
    void aCookieThatNobodyIssuedIsNobody() throws IOException, InterruptedException {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(root.resolve(STACKS))
                    .header("Cookie", "q_session_people-1=abc; q_session=def")
                    .build();
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(401);
            assertThat(answer.headers().firstValue("Holdfast-Sign-In")).hasValue("/login");
        }
    }

    private static HttpResponse<String> fetch(HttpClient browser, URI uri, String method)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri);
        if (method.equals("POST")) {
            request.header("Content-Type", "application/json")
                    .header("Origin", "http://" + uri.getAuthority())
                    .POST(HttpRequest.BodyPublishers.ofString("{}"));
        }
        return browser.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
