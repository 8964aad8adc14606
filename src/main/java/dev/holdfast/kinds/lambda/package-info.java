/** The kinds of AWS Lambda. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.lambda;
