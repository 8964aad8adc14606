package dev.holdfast.api;

import dev.holdfast.desired.RevisionDiff;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The differences between two revisions of a stack; the value of a secret is never in it. */
public record RevisionDiffJson(
        String stack,

        @Schema(description = "The SHA-256 of the former revision.")
        String from,

        @Schema(description = "The SHA-256 of the other revision.")
        String to,

        @Schema(description = "The stack's settings, the composites, and the resources that no composite contains.")
        List<RevisionDiff.DocumentChange> documents,

        @Schema(description = "All resources, expanded.") List<RevisionDiff.DocumentChange> resources) {
    public static RevisionDiffJson of(String stack, RevisionDiff diff) {
        return new RevisionDiffJson(stack, diff.from(), diff.to(), diff.documents(), diff.resources());
    }
}
