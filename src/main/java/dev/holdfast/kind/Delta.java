package dev.holdfast.kind;

import java.util.List;

/**
 * How a collection whose elements name themselves is to change.
 *
 * @param added desired, and not there
 * @param altered desired, and there in another form; as desired
 * @param removed there, and not desired; as observed
 */
public record Delta<E>(List<E> added, List<E> altered, List<E> removed) {}
