package dev.holdfast.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import dev.holdfast.aws.Faults;
import dev.holdfast.model.Fault;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import software.amazon.awssdk.core.exception.SdkException;

/** Turns exceptions into error responses according to RFC 9457, and records the requests that were forbidden. */
public final class ProblemResponses {
    private final CurrentVertxRequest current;
    private final RefusalLog refusals;

    public ProblemResponses(CurrentVertxRequest current, RefusalLog refusals) {
        this.current = current;
        this.refusals = refusals;
    }

    static final MediaType TYPE = new MediaType("application", "problem+json");

    record ProblemBody(String type, String title, int status, String detail) {}

    @ServerExceptionMapper
    public Response api(ApiException e) {
        if (e.status() == 403) {
            forbidden(String.valueOf(e.getMessage()));
        }
        return problem(e.status(), String.valueOf(e.getMessage()));
    }

    /** The gate admitted the request, and a rule behind it forbids the request. */
    private void forbidden(String why) {
        RoutingContext context = current.getCurrent();
        HttpServerRequest request = context.request();
        refusals.refused(
                new RequestGate.GateDecision.Refusal(403, why),
                RequestGate.person(context),
                request.method().name() + " " + context.normalizedPath(),
                RequestGate.address(request));
    }

    @ServerExceptionMapper
    public Response web(WebApplicationException e) {
        return problem(e.getResponse().getStatus(), String.valueOf(e.getMessage()));
    }

    @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
    public Response json(JsonProcessingException e) {
        return problem(400, "the request body is invalid" + place(e) + ": " + e.getOriginalMessage());
    }

    /** The JSON pointer of the field, if the mistake is in one. */
    private static String place(JsonProcessingException e) {
        return e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
                ? mapping.getPath().stream()
                        .map(step -> "/" + (step.getFieldName() == null ? step.getIndex() : step.getFieldName()))
                        .collect(Collectors.joining("", " at ", ""))
                : "";
    }

    /** The store that contains the requested data does not answer. */
    @ServerExceptionMapper
    public Response aws(SdkException e) {
        Fault fault = Faults.classify(e, List.of());
        return problem(503, fault.code() + ": " + fault.message());
    }

    @ServerExceptionMapper
    public Response file(UncheckedIOException e) {
        return problem(503, String.valueOf(e.getMessage()));
    }

    static Response problem(int status, String detail) {
        return Response.status(status).type(TYPE).entity(body(status, detail)).build();
    }

    static ProblemBody body(int status, String detail) {
        Response.Status known = Response.Status.fromStatusCode(status);
        return new ProblemBody("about:blank", known == null ? "Error" : known.getReasonPhrase(), status, detail);
    }
}
