/** The kinds of Amazon CloudWatch. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.cloudwatch;
