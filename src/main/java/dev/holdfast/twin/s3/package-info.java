/** The twin of Amazon S3. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.s3;
