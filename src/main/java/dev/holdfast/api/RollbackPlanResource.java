package dev.holdfast.api;

import dev.holdfast.desired.Head;
import dev.holdfast.engine.RollbackLosses;
import dev.holdfast.engine.StackView;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Condition;
import dev.holdfast.model.Revision;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the way back to a former revision would change, and the command that goes it. The operator does not go it: it may not
 * write where the desired state is read, because a writer there decides everything that its role can do.
 */
@Path("/api/v1/stacks")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public class RollbackPlanResource {
    private final RunningEngine running;
    private final RunningRollbacks rollbacks;
    private final PastRevisions past;
    private final KindCatalog catalog;

    public RollbackPlanResource(
            RunningEngine running, RunningRollbacks rollbacks, PastRevisions past, KindCatalog catalog) {
        this.running = running;
        this.rollbacks = rollbacks;
        this.past = past;
        this.catalog = catalog;
    }

    /** @param revision its SHA-256 */
    public record RollbackBody(@Nullable String revision) {}

    /** The plan of a way back. */
    public record RollbackPlanJson(
            @Schema(description = "The commit that is the head now.")
            Head from,

            @Schema(description = "The newest commit of the former revision.")
            Head to,

            @Schema(description = "What would change in AWS. The hashes of its steps approve nothing.")
            ApiModel.PlanJson plan,

            @Schema(description = "What does not come back, for people to read.")
            List<String> lost,

            @Schema(description = "What limits the plan, for people to read.")
            List<String> remarks,

            @Schema(description = "What a person who may publish types to go back.")
            String command) {}

    /** Reads the whole stack in AWS, and writes nothing. */
    @POST
    @Path("/{stack}/rollback-plan")
    public RollbackPlanJson plan(@PathParam("stack") String stack, @Nullable RollbackBody body) {
        if (body == null || body.revision() == null) {
            throw new ApiException(400, "the body must be {\"revision\": SHA256}");
        }
        String sha256 = body.revision();
        Revision former = past.of(stack, sha256);
        List<Head> heads = running.source().revisions(stack, StacksResource.REVISIONS);
        Head now = heads.isEmpty() ? null : heads.getFirst();
        Head target = heads.stream()
                .filter(head -> head.revision().equals(sha256))
                .findFirst()
                .orElse(null);
        if (now == null || target == null) {
            throw new ApiException(404, "none of the last " + heads.size() + " commits to " + stack + " is " + sha256);
        }
        if (now.revision().equals(sha256)) {
            throw new ApiException(
                    409,
                    "commit " + target.number() + " is what the stack " + stack + " desires now: it is no way back");
        }
        StackView view = rollbacks.planned(former).view();
        List<String> remarks = remarks(view);
        List<String> lost = new ArrayList<>(RollbackLosses.of(view, catalog));
        lost.addAll(RollbackLosses.always(former, catalog));
        return new RollbackPlanJson(
                now,
                target,
                ApiModel.plan(view),
                lost,
                remarks,
                rollbacks.planner().command(stack, sha256, now.signature() != null));
    }

    /** @throws ApiException if the plan could not be made */
    private static List<String> remarks(StackView view) {
        List<String> remarks = new ArrayList<>();
        for (Condition condition : view.conditions()) {
            if (condition.reason().equals(StackView.ORPHAN_SEARCH_FAILED)) {
                // The plan is valid, but it may lack deletions.
                remarks.add(String.valueOf(condition.message()));
            } else if (condition.type() != Condition.ConditionType.Paused) {
                throw new ApiException(409, "no plan can be made: " + condition.reason() + ": " + condition.message());
            }
        }
        return remarks;
    }
}
