/** The kinds of Amazon SNS. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.sns;
