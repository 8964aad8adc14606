/** The twin of Amazon ECS. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.ecs;
