/** The kinds of CloudFront. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.cloudfront;
