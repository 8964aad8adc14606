/** The twin of Route 53. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.route53;
