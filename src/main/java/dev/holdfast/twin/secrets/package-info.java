/** The twin of AWS Secrets Manager. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.secrets;
