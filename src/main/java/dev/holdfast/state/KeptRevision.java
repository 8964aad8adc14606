package dev.holdfast.state;

import dev.holdfast.desired.Publication;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The revision that was accepted last.
 *
 * @param content the canonical form of the revision; null if it contains secret values, which the state does not keep
 * @param number the number of the commit; 0 if the source has no commits
 * @param published the commit; null if the source has no commits, or if an older version kept the revision
 * @param authors the authors of all commits since a revision was last enforced as a whole
 * @param unknownAfter the number of the commit after which the history does not name all authors; null: {@code authors}
 *     is complete
 */
public record KeptRevision(
        String sha256,
        @Nullable String content,
        long number,
        @Nullable Publication published,
        Set<String> authors,
        @Nullable Long unknownAfter) {
    /** An object that an older version wrote has fewer members. */
    @SuppressWarnings("NullAway")
    public KeptRevision {
        authors = authors == null ? Set.of() : new TreeSet<>(authors);
    }
}
