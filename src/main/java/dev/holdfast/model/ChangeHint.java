package dev.holdfast.model;

import org.jspecify.annotations.Nullable;

/**
 * Says that somebody may have changed a resource: it is read at once, whatever the interval says. What the read shows decides.
 *
 * @param by who did it; null: nobody is known, and the resource is only to be read
 */
public record ChangeHint(ResourceId resource, @Nullable ChangeAuthor by) {}
