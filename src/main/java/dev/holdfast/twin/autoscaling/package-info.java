/** The twin of Application Auto Scaling. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.autoscaling;
