package dev.holdfast.model;

import java.time.Instant;

/**
 * The day on which something that a resource lives from ends by itself: AWS's standard support of what it runs, or a
 * certificate that is not renewed.
 *
 * @param of what ends, in short: {@code postgres 15}
 * @param ending the same, as the subject of a sentence: {@code AWS's standard support of postgres 15}
 * @param then what happens afterwards, in words
 */
public record SupportEnd(String of, String ending, Instant at, String then) {}
