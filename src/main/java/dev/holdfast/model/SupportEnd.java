package dev.holdfast.model;

import java.time.Instant;

/**
 * The date on which a prerequisite of a resource ends: AWS's standard support of its engine, or a
 * certificate that is not renewed.
 *
 * @param of the short name of the prerequisite: {@code postgres 15}
 * @param ending the same, as the subject of a sentence: {@code AWS's standard support of postgres 15}
 * @param then the consequence, in words
 */
public record SupportEnd(String of, String ending, Instant at, String then) {}
