/**
 * Turns documents into revisions: reads them with their locations, applies patches and params, validates the whole,
 * writes the canonical form, publishes it and reads it back.
 */
@org.jspecify.annotations.NullMarked
package dev.holdfast.desired;
