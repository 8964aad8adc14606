package dev.holdfast.desired;

/**
 * The commit that made a revision the desired one.
 *
 * @param location at which it was published, as the store names it
 */
public record Publication(String location, Head head) {}
