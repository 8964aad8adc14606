/** The twin of SNS: topics, subscriptions, and what was published. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.sns;
