package dev.holdfast.api;

import dev.holdfast.desired.Head;
import dev.holdfast.engine.Engine;
import dev.holdfast.engine.ResourceView;
import dev.holdfast.engine.StackReconciler;
import dev.holdfast.engine.StackView;
import dev.holdfast.model.Event;
import dev.holdfast.model.ResourceId;
import dev.holdfast.model.Status;
import dev.holdfast.state.AuditTrail;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import java.util.List;
import java.util.Objects;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Stacks and their status. */
@Path("/api/v1/stacks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class StacksResource {
    private static final int EVENTS = 500;
    static final int REVISIONS = 50;
    /** The entries of a page: few, because each entry is an object of its own. */
    private static final int AUDIT = 50;

    private final RunningEngine running;

    private final ViewTags tags;

    public StacksResource(RunningEngine running, ViewTags tags) {
        this.running = running;
        this.tags = tags;
    }

    @GET
    public ApiModel.ItemList<ApiModel.StackJson> stacks() {
        return new ApiModel.ItemList<>(
                running.stacks().values().stream()
                        .map(s -> ApiModel.stack(s.view()))
                        .toList(),
                null);
    }

    @GET
    @Path("/{stack}")
    public ApiModel.StackJson stack(@PathParam("stack") String stack) {
        return ApiModel.stack(find(stack).view());
    }

    /**
     * The answer carries an ETag. A request that sends it as If-None-Match is answered with 304 as long as nothing has
     * changed.
     */
    @GET
    @Path("/{stack}/resources")
    public RestResponse<ApiModel.ItemList<ApiModel.ResourceJson>> resources(
            @PathParam("stack") String stack,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("status") @Nullable String status,
            @Context Request request) {
        Status wanted = status == null ? null : statusOf(status);
        StackView view = find(stack).view();
        EntityTag tag = tags.of(view, kind + " " + wanted);
        if (request.evaluatePreconditions(tag) != null) {
            return RestResponse.ResponseBuilder.<ApiModel.ItemList<ApiModel.ResourceJson>>create(304)
                    .tag(tag)
                    .build();
        }
        return RestResponse.ResponseBuilder.ok(listed(view, kind, wanted))
                .tag(tag)
                .build();
    }

    private static ApiModel.ItemList<ApiModel.ResourceJson> listed(
            StackView view, @Nullable String kind, @Nullable Status wanted) {
        String region = ApiModel.region(view);
        return new ApiModel.ItemList<>(
                KeptView.rows(view).values().stream()
                        .filter(r -> kind == null || r.id().kind().equals(kind))
                        .filter(r -> wanted == null || r.status() == wanted)
                        .map(r -> ApiModel.resource(r, region))
                        .toList(),
                null);
    }

    private static Status statusOf(String text) {
        for (Status status : Status.values()) {
            if (status.name().equalsIgnoreCase(text)) {
                return status;
            }
        }
        throw new ApiException(400, "there is no status '" + text + "'; the values are " + List.of(Status.values()));
    }

    @GET
    @Path("/{stack}/resources/{kind}/{name}")
    public ApiModel.ResourceJson resource(
            @PathParam("stack") String stack, @PathParam("kind") String kind, @PathParam("name") String name) {
        StackView whole = find(stack).view();
        ResourceView view = KeptView.rows(whole).get(new ResourceId(kind, name));
        if (view == null) {
            throw new ApiException(404, "stack " + stack + " has no resource " + kind + "/" + name);
        }
        return ApiModel.resource(view, ApiModel.region(whole));
    }

    @GET
    @Path("/{stack}/drift")
    public ApiModel.DriftJson drift(@PathParam("stack") String stack) {
        return ApiModel.drift(find(stack).view());
    }

    @GET
    @Path("/{stack}/plan")
    public ApiModel.PlanJson plan(@PathParam("stack") String stack) {
        return ApiModel.plan(find(stack).view());
    }

    @GET
    @Path("/{stack}/graph")
    public ApiModel.GraphJson graph(@PathParam("stack") String stack) {
        return ApiModel.graph(find(stack).view());
    }

    /** Pages forwards: {@code next} is the value of {@code after} for the next page. */
    @GET
    @Path("/{stack}/events")
    public ApiModel.ItemList<Event> events(
            @PathParam("stack") String stack, @QueryParam("after") @DefaultValue("0") String after) {
        List<Event> events = find(stack).events().after(id(after));
        List<Event> page = events.subList(0, Math.min(EVENTS, events.size()));
        return new ApiModel.ItemList<>(
                page, page.size() < events.size() ? Long.toString(page.getLast().id()) : null);
    }

    private static long id(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ApiException(400, "'after' must be the id of an event; found '" + text + "'");
        }
    }

    @GET
    @Path("/{stack}/revisions")
    public ApiModel.ItemList<Head> revisions(@PathParam("stack") String stack) {
        find(stack);
        Engine engine = running.engine();
        return new ApiModel.ItemList<>(
                engine == null ? List.of() : engine.source().revisions(stack, REVISIONS), null);
    }

    /** The requests of people and the results. Pages forwards like the events, by the names of the entries. */
    @GET
    @Path("/{stack}/audit")
    public ApiModel.ItemList<AuditTrail.AuditEntry> audit(
            @PathParam("stack") String stack, @QueryParam("after") @DefaultValue("") String after) {
        find(stack);
        List<AuditTrail.AuditEntry> entries =
                Objects.requireNonNull(running.engine()).inbox(stack).trail().after(after, AUDIT + 1);
        List<AuditTrail.AuditEntry> page = entries.subList(0, Math.min(AUDIT, entries.size()));
        return new ApiModel.ItemList<>(
                page, page.size() < entries.size() ? page.getLast().entry() : null);
    }

    private StackReconciler find(String stack) {
        return running.find(stack);
    }
}
