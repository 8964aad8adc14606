package dev.holdfast.model;

import java.time.Instant;

/**
 * The day on which AWS ends its standard support of what a resource runs.
 *
 * @param of what it runs: {@code postgres 15}
 * @param then what happens afterwards, in words
 */
public record SupportEnd(String of, Instant at, String then) {}
