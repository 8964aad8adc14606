/** The contract of a kind: how one AWS resource type is described, observed, created, updated and deleted. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kind;
