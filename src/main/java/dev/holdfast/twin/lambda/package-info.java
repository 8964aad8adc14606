/** The twin of AWS Lambda. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.lambda;
