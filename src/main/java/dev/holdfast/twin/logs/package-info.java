/** The twin of CloudWatch Logs. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.logs;
