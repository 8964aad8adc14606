package dev.holdfast.kind;

import java.util.List;

/**
 * The changes that a collection of elements with keys needs.
 *
 * @param added desired elements that are not observed
 * @param altered desired elements that are observed with other values; each in its desired form
 * @param removed observed elements that are not desired; each in its observed form
 */
public record Delta<E>(List<E> added, List<E> altered, List<E> removed) {}
