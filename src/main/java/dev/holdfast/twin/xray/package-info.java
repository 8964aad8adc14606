/** The twin of X-Ray. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.xray;
