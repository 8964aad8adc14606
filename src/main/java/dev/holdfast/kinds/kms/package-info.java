/** The kinds of AWS Key Management Service. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.kms;
