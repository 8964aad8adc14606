package dev.holdfast.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * Decides, before anything else looks at it, whether a request is answered: it has to be addressed to this operator, to
 * come from no other site, and to carry the token. Only the health checks and the files of the status page are for
 * everybody.
 */
@Singleton
public final class RequestGate {
    private static final String BEARER = "bearer ";
    /** The files of the page, which contain nothing of an installation. Nothing else is open, however it is spelt. */
    private static final Pattern PAGE =
            Pattern.compile("/(|index\\.html|favicon\\.svg|(app|css|webjars)/[A-Za-z0-9_/-]+(\\.[A-Za-z0-9_/-]+)*)");

    private static final Pattern HEALTH = Pattern.compile("/q/health(/(live|ready|started))?");
    /** Before the handlers of Quarkus itself. */
    private static final int FIRST = 10_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningEngine running;
    private final Set<String> hosts;

    @Inject
    public RequestGate(RunningEngine running) {
        this(
                running,
                ConfigProvider.getConfig()
                        .getOptionalValue("HOLDFAST_HTTP_HOSTS", String.class)
                        .orElse(""));
    }

    /** @param others the names, apart from this machine's, under which people reach the operator; separated by commas */
    RequestGate(RunningEngine running, String others) {
        this.running = running;
        this.hosts = Stream.concat(Stream.of("localhost", "127.0.0.1", "::1"), Stream.of(others.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    record Refusal(int status, String why) {}

    void register(@Observes Filters filters) {
        filters.register(this::decide, FIRST);
    }

    private void decide(RoutingContext context) {
        HttpServerRequest request = context.request();
        Refusal refusal = refusal(
                request.method().name(),
                context.normalizedPath(),
                request.headers(),
                request.remoteAddress() == null
                        ? ""
                        : String.valueOf(request.remoteAddress().hostAddress()));
        if (refusal == null) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(refusal.status())
                .putHeader("Content-Type", ProblemResponses.TYPE.toString())
                .end(text(ProblemResponses.body(refusal.status(), refusal.why())));
    }

    private static String text(ProblemResponses.ProblemBody problem) {
        try {
            return JSON.writeValueAsString(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * @param from the address of the client, as text
     * @return null: the request is answered
     */
    @Nullable
    Refusal refusal(String method, String path, MultiMap headers, String from) {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (reads && HEALTH.matcher(path).matches()) {
            return null;
        }
        Refusal elsewhere = addressedElsewhere(headers);
        if (elsewhere != null || (reads && PAGE.matcher(path).matches())) {
            return elsewhere;
        }
        Refusal foreign = ofAnotherSite(headers);
        if (foreign != null) {
            return foreign;
        }
        if (method.equals("POST") && !isJson(headers.get("Content-Type"))) {
            return new Refusal(415, "a POST needs the header 'Content-Type: application/json', even without a body");
        }
        return withoutToken(headers, from);
    }

    /**
     * A name that somebody else's DNS lets point here makes a browser take their page for ours.
     *
     * @see <a href="https://owasp.org/www-community/attacks/DNS_Rebinding">DNS rebinding</a>
     */
    private @Nullable Refusal addressedElsewhere(MultiMap headers) {
        String host = headers.getAll("Host").size() == 1 ? name(headers.get("Host")) : null;
        return host != null && hosts.contains(host)
                ? null
                : new Refusal(
                        421,
                        "the Host header of this request is none of this operator's names; HOLDFAST_HTTP_HOSTS lists"
                                + " them, besides localhost, 127.0.0.1 and [::1]");
    }

    /** The name without port and brackets, or null. */
    private static @Nullable String name(String authority) {
        HostAndPort parsed = HostAndPort.parseAuthority(authority, -1);
        return parsed == null ? null : parsed.host().toLowerCase(Locale.ROOT).replaceAll("^\\[|]$", "");
    }

    /** @see <a href="https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header">Sec-Fetch-Site</a> */
    private static @Nullable Refusal ofAnotherSite(MultiMap headers) {
        String site = headers.get("Sec-Fetch-Site");
        String origin = headers.get("Origin");
        boolean foreign = (site != null && !site.equals("same-origin") && !site.equals("none"))
                || (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(headers.get("Host")));
        return foreign ? new Refusal(403, "this request was made by a page of another site") : null;
    }

    private static boolean isJson(@Nullable String type) {
        return type != null && type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
    }

    private @Nullable Refusal withoutToken(MultiMap headers, String from) {
        if (running.open()) {
            return from.equals("127.0.0.1") || from.equals("::1") || from.equals("0:0:0:0:0:0:0:1")
                    ? null
                    : new Refusal(403, "the demo answers this machine only");
        }
        String token = running.token();
        if (token == null) {
            return new Refusal(
                    403,
                    "HOLDFAST_API_TOKEN is not set for this operator, so nobody may read or change anything over HTTP");
        }
        String header = headers.get("Authorization");
        boolean right = header != null
                && header.toLowerCase(Locale.ROOT).startsWith(BEARER)
                && MessageDigest.isEqual(
                        header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
        return right
                ? null
                : new Refusal(
                        401,
                        "this request needs the header 'Authorization: Bearer …' with the operator's HOLDFAST_API_TOKEN");
    }
}
