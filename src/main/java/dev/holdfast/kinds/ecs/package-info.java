/** The kinds of Amazon Elastic Container Service. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.ecs;
