/** The contract of a kind: how one AWS resource type is described, observed and written. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kind;
