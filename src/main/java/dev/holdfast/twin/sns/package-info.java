/** The twin of SNS: topics, subscriptions and published messages. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.sns;
