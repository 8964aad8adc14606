/** The kinds of Application Auto Scaling. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.autoscaling;
