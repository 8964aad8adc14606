package dev.holdfast.state;

import dev.holdfast.desired.Publication;
import org.jspecify.annotations.Nullable;

/**
 * The revision that was last taken up.
 *
 * @param content its canonical form; null if it holds secret values, which are not kept here
 * @param number of the commit; 0 if the source has no commits
 * @param published the commit; null if the source has none, or an older version kept the revision
 */
public record KeptRevision(
        String sha256,
        @Nullable String content,
        long number,
        @Nullable Publication published) {}
