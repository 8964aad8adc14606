/** The twin of IAM. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.iam;
