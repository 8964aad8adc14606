/** The twin of RDS. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.xray;
