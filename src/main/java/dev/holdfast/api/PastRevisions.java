package dev.holdfast.api;

import dev.holdfast.desired.LoadResult;
import dev.holdfast.model.Revision;
import jakarta.inject.Singleton;
import java.util.regex.Pattern;

/** The published revisions of a stack. */
@Singleton
public final class PastRevisions {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final RunningEngine running;

    public PastRevisions(RunningEngine running) {
        this.running = running;
    }

    /** @throws ApiException if there is no such revision, or it no longer validates */
    Revision of(String stack, String sha256) {
        running.find(stack);
        if (!SHA256.matcher(sha256).matches()) {
            throw new ApiException(400, "a revision is named by the 64 digits of its SHA-256; found '" + sha256 + "'");
        }
        return switch (running.source().past(stack, sha256)) {
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
