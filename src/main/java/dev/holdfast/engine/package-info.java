/** Observe, apply, the pass and the loop: where effects are. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.engine;
