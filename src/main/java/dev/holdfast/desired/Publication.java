package dev.holdfast.desired;

/**
 * The commit that made a revision the desired one.
 *
 * @param location the location of the publication, as the store names it
 */
public record Publication(String location, Head head) {}
