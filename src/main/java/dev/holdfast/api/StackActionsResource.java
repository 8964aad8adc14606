package dev.holdfast.api;

import dev.holdfast.engine.Engine;
import dev.holdfast.engine.NeededApprovals;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Step;
import dev.holdfast.state.HeldStep;
import dev.holdfast.state.RequestInbox;
import dev.holdfast.state.RequestedAct;
import dev.holdfast.state.UserRequest;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * The requests that people may make for a stack. Each request is stored before it is answered with 202, so any replica
 * accepts it. The replica that holds the stack carries it out within seconds, and reports the result as an event.
 */
@Path("/api/v1/stacks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class StackActionsResource {
    /** A header in which a command names its user. It proves nothing, so the token's bearer is recorded too. */
    private static final String USER = "Holdfast-User";

    private static final int USER_LENGTH = 64;

    /** The longest pause. With a pause that never ends, nobody would attend to the stack. */
    private static final Duration LONGEST_PAUSE = Duration.ofDays(366);

    private final RunningEngine running;
    private final SignIn signIn;
    private final CurrentVertxRequest current;

    public StackActionsResource(RunningEngine running, SignIn signIn, CurrentVertxRequest current) {
        this.running = running;
        this.signIn = signIn;
        this.current = current;
    }

    @POST
    @Consumes(MediaType.WILDCARD)
    @Path("/{stack}/reconcile")
    @NeedsRole(AccessRole.OPERATE)
    public Response reconcile(@PathParam("stack") String stack, @Context HttpServerRequest http) {
        running.find(stack);
        return store(stack, http, new RequestedAct.Reconcile(), List.of());
    }

    @POST
    @Path("/{stack}/approvals")
    @NeedsRole(AccessRole.APPROVE)
    public Response approve(
            @PathParam("stack") String stack, @Context HttpServerRequest http, ApiModel.@Nullable ApprovalsBody body) {
        StackReconciler reconciler = running.find(stack);
        if (body == null || body.steps() == null || body.steps().isEmpty()) {
            throw new ApiException(400, "the body must be {\"steps\": [hash, …]}");
        }
        int nothing = body.steps().indexOf(null);
        if (nothing >= 0) {
            throw new ApiException(
                    400, "the request body is invalid at /steps/" + nothing + ": expected a hash, found null");
        }
        List<String> steps = List.copyOf(body.steps());
        Person person = RequestGate.admitted(current);
        String forbidden = reconciler.mayNotApprove(person.signedIn() ? person.name() : null);
        if (forbidden != null) {
            throw new ApiException(403, forbidden);
        }
        if (holds(stack)) {
            Set<String> planned = reconciler.view().verdicts().keySet().stream()
                    .map(Step::hash)
                    .collect(Collectors.toSet());
            List<String> unknown =
                    steps.stream().filter(h -> !planned.contains(h)).toList();
            if (!unknown.isEmpty()) {
                throw new ApiException(
                        409,
                        "the plan has no step with the hash " + String.join(", ", unknown)
                                + "; nothing was approved. GET …/plan shows the steps and their hashes");
            }
        }
        List<HeldStep> needs = NeededApprovals.besides(steps, engine().heldSteps(stack));
        return store(stack, http, new RequestedAct.Approve(steps), needs);
    }

    @POST
    @Path("/{stack}/retry")
    @NeedsRole(AccessRole.OPERATE)
    public Response retry(
            @PathParam("stack") String stack, @Context HttpServerRequest http, ApiModel.@Nullable RetryBody body) {
        running.find(stack);
        if (body == null || body.resource() == null) {
            throw new ApiException(400, "the body must be {\"resource\": \"Kind/name\"}");
        }
        ResourceId id = known(stack, body.resource());
        ResourceView view = running.find(stack).view().resources().get(id);
        String nothing = holds(stack) && view != null ? view.nothingToRetry() : null;
        if (nothing != null) {
            throw new ApiException(409, "there is nothing to retry: " + nothing);
        }
        return store(stack, http, new RequestedAct.Retry(id), List.of());
    }

    @POST
    @Path("/{stack}/pause")
    @NeedsRole(AccessRole.OPERATE)
    public Response pause(
            @PathParam("stack") String stack, @Context HttpServerRequest http, ApiModel.@Nullable PauseBody body) {
        running.find(stack);
        if (body == null
                || body.until() == null
                || body.reason() == null
                || body.reason().isBlank()) {
            throw new ApiException(
                    400,
                    "the body must be {\"until\": time, \"reason\": text, \"resource\"?: \"Kind/name\"}: a pause ends by"
                            + " itself and states its reason");
        }
        if (!body.until().isAfter(Instant.now())) {
            throw new ApiException(400, "'until' must lie in the future; found " + body.until());
        }
        if (body.until().isAfter(Instant.now().plus(LONGEST_PAUSE))) {
            throw new ApiException(400, "'until' must lie within a year; found " + body.until());
        }
        ResourceId resource = body.resource() == null ? null : known(stack, body.resource());
        return store(stack, http, new RequestedAct.PauseUntil(resource, body.until(), body.reason()), List.of());
    }

    @DELETE
    @Consumes(MediaType.WILDCARD)
    @Path("/{stack}/pause")
    @NeedsRole(AccessRole.OPERATE)
    public Response resume(
            @PathParam("stack") String stack,
            @Context HttpServerRequest http,
            @QueryParam("resource") @Nullable String resource) {
        running.find(stack);
        return store(stack, http, new RequestedAct.Resume(resource == null ? null : known(stack, resource)), List.of());
    }

    /** @param needs held steps that have to be approved too before the request can take effect */
    private Response store(String stack, HttpServerRequest http, RequestedAct act, List<HeldStep> needs) {
        String refusal = act.refusal();
        if (refusal != null) {
            throw new ApiException(400, refusal);
        }
        Person person = RequestGate.admitted(current);
        UserRequest request = UserRequest.of(Instant.now(), requester(person, http), act);
        try {
            RequestInbox inbox = engine().inbox(stack);
            if (person.signedIn()) {
                inbox.addVouched(request, person.name());
            } else {
                inbox.add(request);
            }
        } catch (SdkException | UncheckedIOException e) {
            throw new ApiException(503, "the request could not be stored, and nothing was done: " + e.getMessage());
        }
        engine().lookForRequests(stack);
        return Response.accepted(ApiModel.RequestJson.of(request, needs)).build();
    }

    /** The author of the request. Where people sign in, the client's claim about its user does not count. */
    private String requester(Person person, HttpServerRequest http) {
        String from = http.remoteAddress() == null
                ? ""
                : " from " + http.remoteAddress().hostAddress();
        if (person.signedIn()) {
            return person.name();
        }
        if (signIn.settings() != null) {
            return person.name() + from;
        }
        String claimed = http.getHeader(USER);
        String name =
                claimed == null ? "" : claimed.replaceAll("[^\\p{Graph} ]", "").strip();
        String bearer = (running.open() ? person.name() : "the bearer of the API token") + from;
        return name.isEmpty() ? bearer : name.substring(0, Math.min(name.length(), USER_LENGTH)) + " (" + bearer + ")";
    }

    private Engine engine() {
        return Objects.requireNonNull(running.engine());
    }

    /**
     * Whether this replica knows the plan of the stack. If not, the replica that holds the stack checks the request.
     */
    private boolean holds(String stack) {
        return engine().holds(stack) && running.find(stack).view().plan() != null;
    }

    private ResourceId known(String stack, String text) {
        int slash = text.indexOf('/');
        ResourceId id = slash <= 0 || slash == text.length() - 1 ? null : ResourceId.parse(text);
        if (id == null
                || (holds(stack) && !running.find(stack).view().resources().containsKey(id))) {
            throw new ApiException(404, "stack " + stack + " has no resource " + text);
        }
        return id;
    }
}
