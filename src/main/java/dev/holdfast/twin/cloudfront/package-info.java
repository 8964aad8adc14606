/** The twin of one AWS service. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.cloudfront;
