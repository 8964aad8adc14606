/** The twin of AWS KMS. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.kms;
