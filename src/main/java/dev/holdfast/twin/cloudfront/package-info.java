/** The twin of CloudFront. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.cloudfront;
