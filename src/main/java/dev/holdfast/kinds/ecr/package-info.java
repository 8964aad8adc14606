/** The kinds of Amazon ECR. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.ecr;
