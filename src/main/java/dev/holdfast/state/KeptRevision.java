package dev.holdfast.state;

import dev.holdfast.desired.Publication;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The revision that was last taken up.
 *
 * @param content its canonical form; null if it holds secret values, which are not kept here
 * @param number of the commit; 0 if the source has no commits
 * @param published the commit; null if the source has none, or an older version kept the revision
 * @param authors of all commits since everything was last enforced
 */
public record KeptRevision(
        String sha256,
        @Nullable String content,
        long number,
        @Nullable Publication published,
        Set<String> authors) {
    /** An object that an older version wrote has fewer members. */
    @SuppressWarnings("NullAway")
    public KeptRevision {
        authors = authors == null ? Set.of() : new TreeSet<>(authors);
    }
}
