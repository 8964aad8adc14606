package dev.holdfast.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.RevisionDiff;
import dev.holdfast.kind.KindCatalog;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The content of published revisions, and the differences between two of them. */
@Path("/api/v1/stacks")
@Produces(MediaType.APPLICATION_JSON)
public class RevisionsResource {
    private final RunningEngine running;
    private final PastRevisions past;
    private final KindCatalog catalog;

    public RevisionsResource(RunningEngine running, PastRevisions past, KindCatalog catalog) {
        this.running = running;
        this.past = past;
        this.catalog = catalog;
    }

    /** The whole revision in its canonical form, with secrets hidden. */
    @GET
    @Path("/{stack}/revisions/{revision}")
    public JsonNode revision(@PathParam("stack") String stack, @PathParam("revision") String revision) {
        return RevisionDiff.shown(past.of(stack, revision), catalog);
    }

    /** @param to null: the revision that is enforced */
    @GET
    @Path("/{stack}/diff")
    public RevisionDiffJson diff(
            @PathParam("stack") String stack,
            @QueryParam("from") @Nullable String from,
            @QueryParam("to") @Nullable String to) {
        String enforced = running.find(stack).view().revision();
        String other = to == null ? enforced : to;
        if (from == null || other == null) {
            throw new ApiException(
                    400, "name two revisions: ?from=SHA256&to=SHA256; without 'to', the one that is enforced");
        }
        return RevisionDiffJson.of(stack, RevisionDiff.of(past.of(stack, from), past.of(stack, other), catalog));
    }
}
