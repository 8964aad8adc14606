/** The twin of AWS STS. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.sts;
