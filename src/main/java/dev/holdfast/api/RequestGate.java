package dev.holdfast.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.holdfast.api.RequestGate.GateDecision.AskProvider;
import dev.holdfast.api.RequestGate.GateDecision.ForEverybody;
import dev.holdfast.api.RequestGate.GateDecision.MadeBy;
import dev.holdfast.api.RequestGate.GateDecision.Refusal;
import dev.holdfast.api.RequestGate.GateDecision.SignOut;
import dev.holdfast.model.SafeText;
import io.quarkus.oidc.OIDCException;
import io.quarkus.security.AuthenticationCompletionException;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.AuthenticationRedirectException;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.vertx.core.MultiMap;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides, before any other code handles it, whether a request is answered. A request must be addressed to this
 * operator and must not come from another site. Its author must have the token, or must have signed in and have the
 * required role. Only the health checks and the files of the status page are open to everybody.
 */
@Singleton
public final class RequestGate {
    private static final String BEARER = "bearer ";
    /** The files of the page, which contain no data of an installation. No other path is open, however it is spelt. */
    private static final Pattern PAGE =
            Pattern.compile("/(|index\\.html|favicon\\.svg|(app|css|webjars)/[A-Za-z0-9_/-]+(\\.[A-Za-z0-9_/-]+)*)");

    private static final Pattern HEALTH = Pattern.compile("/q/health(/(live|ready|started))?");
    /** The priority of the gate, which runs before the handlers of Quarkus. */
    private static final int FIRST = 10_000;

    /** The form of a token that a provider signs: https://www.rfc-editor.org/rfc/rfc7515 3.1. */
    private static final Pattern SIGNED = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

    private static final String PERSON = Person.class.getName();

    private static final String UNKNOWN = "this request needs a person who has signed in at " + SignIn.PATH
            + ", or the header 'Authorization: Bearer …' with a token that the identity provider has issued for this"
            + " operator and that has not expired, or with the operator's HOLDFAST_API_TOKEN";

    private static final Logger LOG = Logger.getLogger(RequestGate.class);

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningEngine running;
    private final SignIn signIn;
    private final Instance<HttpAuthenticator> authenticator;
    private final RefusalLog refusals;
    private final Set<String> hosts;

    @Inject
    public RequestGate(
            RunningEngine running, SignIn signIn, Instance<HttpAuthenticator> authenticator, RefusalLog refusals) {
        this(
                running,
                signIn,
                authenticator,
                refusals,
                ConfigProvider.getConfig()
                        .getOptionalValue("HOLDFAST_HTTP_HOSTS", String.class)
                        .orElse(""));
    }

    /**
     * @param others the names, other than this machine's, under which people reach the operator; separated by commas
     */
    RequestGate(
            RunningEngine running,
            SignIn signIn,
            Instance<HttpAuthenticator> authenticator,
            RefusalLog refusals,
            String others) {
        this.running = running;
        this.signIn = signIn;
        this.authenticator = authenticator;
        this.refusals = refusals;
        this.hosts = Stream.concat(Stream.of("localhost", "127.0.0.1", "::1"), Stream.of(others.split(",", -1)))
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The decision about a request. */
    sealed interface GateDecision {
        /** The request is open to everybody. */
        record ForEverybody() implements GateDecision {}

        /** The request is answered if this person has the required role. */
        record MadeBy(Person person) implements GateDecision {}

        /** The identity provider has to identify the author of the request. */
        record AskProvider() implements GateDecision {}

        /** The answer makes the browser delete its session. */
        record SignOut() implements GateDecision {}

        record Refusal(int status, String why) implements GateDecision {}
    }

    void register(@Observes Filters filters) {
        filters.register(this::decide, FIRST);
    }

    /** @return the author of a request that this gate has admitted; null if the request is open to everybody */
    static @Nullable Person person(RoutingContext context) {
        return context.get(PERSON);
    }

    /** @return the author of the current request, which this gate has admitted and which is not open to everybody */
    static Person admitted(CurrentVertxRequest current) {
        return Objects.requireNonNull(person(current.getCurrent()), "the gate lets nobody else through");
    }

    private void decide(RoutingContext context) {
        HttpServerRequest request = context.request();
        GateDecision decision =
                decision(request.method().name(), context.normalizedPath(), request.headers(), address(request));
        switch (decision) {
            case ForEverybody open -> context.next();
            case MadeBy(Person person) -> answer(context, person);
            case AskProvider ask -> authenticate(context);
            case SignOut out -> signOut(context);
            case Refusal refusal -> refuse(context, refusal, null);
        }
    }

    /** The address of the client, as text; empty if the connection is closed. */
    static String address(HttpServerRequest request) {
        return request.remoteAddress() == null
                ? ""
                : String.valueOf(request.remoteAddress().hostAddress());
    }

    private void answer(RoutingContext context, Person person) {
        String missing = AccessRole.missing(
                AccessRole.admitted(context.request().method().name()), person);
        if (missing != null) {
            refuse(context, new Refusal(403, missing), person);
            return;
        }
        context.put(PERSON, person);
        context.next();
    }

    /** Needs no sign-in, because it deletes only the cookies that the browser sends. */
    private void signOut(RoutingContext context) {
        HttpServerResponse response = context.response().setStatusCode(204);
        signIn.forgotten(context.request().cookies().stream()
                        .map(Cookie::getName)
                        .collect(Collectors.toSet()))
                .forEach(cookie -> response.headers().add("Set-Cookie", cookie));
        response.putHeader("Cache-Control", "no-store").end();
    }

    private void authenticate(RoutingContext context) {
        // Any part of the body that was read before the provider answers would be lost.
        context.request().pause();
        HttpAuthenticator people = authenticator.get();
        people.attemptAuthentication(context)
                .subscribe()
                .with(identity -> authenticated(context, people, identity), failure -> failed(context, failure));
    }

    private void authenticated(RoutingContext context, HttpAuthenticator people, @Nullable SecurityIdentity identity) {
        OidcSettings settings = signIn.settings();
        Person person = identity == null || settings == null ? null : SignIn.person(settings, identity);
        boolean login = context.normalizedPath().equals(SignIn.PATH);
        if (person == null && login) {
            people.sendChallenge(context).subscribe().with(sent -> end(context), failure -> failed(context, failure));
        } else if (person == null) {
            refuse(context, new Refusal(401, UNKNOWN), null);
        } else if (login) {
            context.response().setStatusCode(302).putHeader("Location", "/").end();
        } else {
            context.request().resume();
            answer(context, person);
        }
    }

    private static void end(RoutingContext context) {
        if (!context.response().ended()) {
            context.response().end();
        }
    }

    private void failed(RoutingContext context, Throwable failure) {
        switch (failure) {
            case AuthenticationRedirectException redirect ->
                context.response()
                        .setStatusCode(redirect.getCode())
                        .putHeader("Location", redirect.getRedirectUri())
                        .putHeader("Cache-Control", "no-store")
                        .end();
            case AuthenticationFailedException unknown
            when !(unknown.getCause() instanceof OIDCException) -> refuse(context, new Refusal(401, UNKNOWN), null);
            case IllegalArgumentException unreadable -> refuse(context, new Refusal(401, UNKNOWN), null);
            case DecodeException unreadable -> refuse(context, new Refusal(401, UNKNOWN), null);
            case AuthenticationCompletionException unfinished ->
                refuse(context, new Refusal(401, "the sign-in was not completed; begin again at " + SignIn.PATH), null);
            default -> {
                LOG.warnf(
                        "the request to the identity provider failed: %s",
                        SafeText.line(String.valueOf(failure.getMessage())));
                refuse(
                        context,
                        new Refusal(
                                503,
                                "the identity provider does not answer, so nobody can sign in; the API token works"),
                        null);
            }
        }
    }

    private void refuse(RoutingContext context, Refusal refusal, @Nullable Person person) {
        HttpServerRequest request = context.request();
        refusals.refused(refusal, person, request.method().name() + " " + context.normalizedPath(), address(request));
        HttpServerResponse response = context.response();
        if (response.ended()) {
            return;
        }
        if (refusal.status() == 401 && signIn.settings() != null) {
            // The status page shows this address as a link.
            response.putHeader("Holdfast-Sign-In", SignIn.PATH);
        }
        if (person != null && person.signedIn()) {
            // A person who has signed in without a role must be able to sign out.
            response.putHeader("Holdfast-Sign-Out", SignIn.OUT);
        }
        request.resume();
        response.setStatusCode(refusal.status())
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

    /** @param from the address of the client, as text */
    GateDecision decision(String method, String path, MultiMap headers, String from) {
        boolean reads = method.equals("GET") || method.equals("HEAD");
        if (reads && HEALTH.matcher(path).matches()) {
            return new ForEverybody();
        }
        Refusal elsewhere = addressedElsewhere(headers);
        if (elsewhere != null) {
            return elsewhere;
        }
        if (reads && PAGE.matcher(path).matches()) {
            return new ForEverybody();
        }
        if (method.equals("GET") && path.equals(SignIn.PATH) && signIn.settings() != null) {
            // The provider's site redirects the browser to this path, so that the check of the site would refuse it.
            return new AskProvider();
        }
        Refusal foreign = ofAnotherSite(headers);
        if (foreign != null) {
            return foreign;
        }
        if (method.equals("POST") && !isJson(headers.get("Content-Type"))) {
            return new Refusal(415, "a POST needs the header 'Content-Type: application/json', even without a body");
        }
        if (method.equals("POST") && path.equals(SignIn.OUT) && signIn.settings() != null) {
            return new SignOut();
        }
        return madeBy(headers, from);
    }

    /**
     * If an attacker's DNS name points to this operator, a browser treats the attacker's page as ours.
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
                                + " them, in addition to localhost, 127.0.0.1 and [::1]");
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

    private GateDecision madeBy(MultiMap headers, String from) {
        if (running.open()) {
            return from.equals("127.0.0.1") || from.equals("::1") || from.equals("0:0:0:0:0:0:0:1")
                    ? new MadeBy(Person.ANYBODY)
                    : new Refusal(403, "the demo answers this machine only");
        }
        String token = running.token();
        String header = headers.get("Authorization");
        boolean bears = header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER);
        boolean right = token != null
                && bears
                && MessageDigest.isEqual(
                        header.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
        if (right) {
            return new MadeBy(Person.TOKEN);
        }
        if (signIn.settings() != null) {
            boolean asks = header == null
                    ? headers.contains("Cookie")
                    : bears
                            && SIGNED.matcher(header.substring(BEARER.length()).strip())
                                    .matches();
            return asks ? new AskProvider() : new Refusal(401, UNKNOWN);
        }
        return token == null
                ? new Refusal(
                        403,
                        "HOLDFAST_API_TOKEN is not set for this operator, and HOLDFAST_OIDC_ISSUER is not either, so"
                                + " nobody may read or change anything over HTTP")
                : new Refusal(
                        401,
                        "this request needs the header 'Authorization: Bearer …' with the operator's HOLDFAST_API_TOKEN");
    }
}
