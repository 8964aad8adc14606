/** The twin of SQS: standard queues. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.sqs;
