/** The kinds of Route 53. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.route53;
