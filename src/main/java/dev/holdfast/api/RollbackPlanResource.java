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
 * The plan of a rollback to a former revision, and the command that makes the rollback. The operator itself makes none:
 * it may not write the desired state, because a writer there can use everything that the operator's role allows.
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

    /** @param revision the SHA-256 of the former revision */
    public record RollbackBody(@Nullable String revision) {}

    /** The plan of a rollback. */
    public record RollbackPlanJson(
            @Schema(description = "The commit that is the head now.")
            Head from,

            @Schema(description = "The newest commit of the former revision.")
            Head to,

            @Schema(description = "The changes of the rollback in AWS. The hashes of its steps approve nothing.")
            ApiModel.PlanJson plan,

            @Schema(description = "The losses that the rollback does not undo, in words.")
            List<String> lost,

            @Schema(description = "The limitations of the plan, in words.")
            List<String> remarks,

            @Schema(description = "The command with which a person who may publish makes the rollback.")
            String command) {}

    /** Reads the whole stack in AWS, and writes nothing. */
    @POST
    @Path("/{stack}/rollback-plan")
    @NeedsRole({AccessRole.OPERATE, AccessRole.APPROVE})
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
                    "commit " + target.number() + " is already the desired state of the stack " + stack
                            + ": there is nothing to roll back");
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
