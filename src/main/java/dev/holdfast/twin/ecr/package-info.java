/** The twin of ECR: repositories, and which images are in them. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.ecr;
