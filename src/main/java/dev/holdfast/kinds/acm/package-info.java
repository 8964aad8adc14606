/** The kinds of AWS Certificate Manager. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.acm;
