/** The twin of CloudWatch. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.cloudwatch;
