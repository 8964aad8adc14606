/** The kinds of RDS. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.xray;
