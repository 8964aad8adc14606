/** Objects by key with conditional writes: an S3 prefix, or a directory. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.store;
