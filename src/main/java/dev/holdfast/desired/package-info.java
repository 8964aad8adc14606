/**
 * From documents to a revision: read with their places, patched, params substituted, validated as a whole, written
 * canonically, published and read back.
 */
@org.jspecify.annotations.NullMarked
package dev.holdfast.desired;
