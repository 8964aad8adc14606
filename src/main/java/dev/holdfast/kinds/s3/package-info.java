/** The kinds of Amazon S3. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.s3;
