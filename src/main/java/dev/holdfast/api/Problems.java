package dev.holdfast.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Errors as RFC 9457 has them. */
public final class Problems {
    private static final MediaType TYPE = new MediaType("application", "problem+json");

    record Body(String type, String title, int status, String detail) {}

    @ServerExceptionMapper
    public Response api(ApiException e) {
        return problem(e.status(), String.valueOf(e.getMessage()));
    }

    @ServerExceptionMapper
    public Response web(WebApplicationException e) {
        return problem(e.getResponse().getStatus(), String.valueOf(e.getMessage()));
    }

    @ServerExceptionMapper
    public Response json(JsonProcessingException e) {
        return problem(400, "the body is not what is wanted: " + e.getOriginalMessage());
    }

    static Response problem(int status, String detail) {
        Response.Status known = Response.Status.fromStatusCode(status);
        String title = known == null ? "Error" : known.getReasonPhrase();
        return Response.status(status)
                .type(TYPE)
                .entity(new Body("about:blank", title, status, detail))
                .build();
    }
}
