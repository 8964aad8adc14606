/** The twin of ECR: repositories and their images. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.ecr;
