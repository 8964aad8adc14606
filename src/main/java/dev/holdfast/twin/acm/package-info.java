/** The twin of AWS Certificate Manager. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.acm;
