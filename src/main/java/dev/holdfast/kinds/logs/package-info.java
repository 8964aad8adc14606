/** The kinds of Amazon CloudWatch Logs. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.logs;
