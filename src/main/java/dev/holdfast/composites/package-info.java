/** Higher-level kinds, which expand to resources before anything is observed. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.composites;
