package dev.holdfast.state;

import org.jspecify.annotations.Nullable;

/**
 * The revision that was last taken up.
 *
 * @param content its canonical form; null if it holds secret values, which are not kept here
 * @param number of the commit; 0 if the source has no commits
 */
public record KeptRevision(String sha256, @Nullable String content, long number) {}
