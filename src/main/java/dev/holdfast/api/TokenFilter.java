package dev.holdfast.api;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/** Refuses every change without the token of this installation. */
public final class TokenFilter {
    private static final String BEARER = "Bearer ";

    private final RunningEngine running;

    public TokenFilter(RunningEngine running) {
        this.running = running;
    }

    /** @return the response that refuses the request, or null to let it pass */
    @ServerRequestFilter
    public @Nullable Response check(ContainerRequestContext request) {
        String method = request.getMethod();
        if (method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS") || running.open()) {
            return null;
        }
        String token = running.token();
        if (token == null) {
            return ProblemResponses.problem(
                    403, "HOLDFAST_API_TOKEN is not set for this operator, so nobody may change anything over HTTP");
        }
        String header = request.getHeaderString(HttpHeaders.AUTHORIZATION);
        boolean right = header != null
                && header.startsWith(BEARER)
                && MessageDigest.isEqual(
                        header.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
                        token.getBytes(StandardCharsets.UTF_8));
        return right
                ? null
                : ProblemResponses.problem(
                        401,
                        "this request needs the header 'Authorization: Bearer …' with the operator's HOLDFAST_API_TOKEN");
    }
}
