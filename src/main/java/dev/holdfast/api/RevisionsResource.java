package dev.holdfast.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.desired.DesiredSource;
import dev.holdfast.desired.LoadResult;
import dev.holdfast.desired.RevisionDiff;
import dev.holdfast.kind.KindCatalog;
import dev.holdfast.model.Revision;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The content of published revisions, and how two of them differ. To go back to one is not offered here: the operator may not
 * write where the desired state is read, because a writer there decides everything that its role can do.
 */
@Path("/api/v1/stacks")
@Produces(MediaType.APPLICATION_JSON)
public class RevisionsResource {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final RunningEngine running;
    private final KindCatalog catalog;

    public RevisionsResource(RunningEngine running, KindCatalog catalog) {
        this.running = running;
        this.catalog = catalog;
    }

    /** The whole revision in its canonical form, with secrets hidden. */
    @GET
    @Path("/{stack}/revisions/{revision}")
    public JsonNode revision(@PathParam("stack") String stack, @PathParam("revision") String revision) {
        return RevisionDiff.shown(past(stack, revision), catalog);
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
        return RevisionDiffJson.of(stack, RevisionDiff.of(past(stack, from), past(stack, other), catalog));
    }

    private Revision past(String stack, String sha256) {
        running.find(stack);
        if (!SHA256.matcher(sha256).matches()) {
            throw new ApiException(400, "a revision is named by the 64 digits of its SHA-256; found '" + sha256 + "'");
        }
        DesiredSource source = Objects.requireNonNull(running.engine()).source();
        return switch (source.past(stack, sha256)) {
            case LoadResult.ValidRevision valid -> valid.revision();
            case LoadResult.RefusedRevision refused ->
                throw new ApiException(
                        409,
                        "the revision does not validate: " + refused.problems().getFirst());
            case LoadResult.UnsettledSource settling -> throw new ApiException(409, settling.reason());
            case LoadResult.NoDesiredState absent -> throw new ApiException(404, absent.reason());
        };
    }
}
