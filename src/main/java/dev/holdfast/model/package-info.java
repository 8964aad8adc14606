/** The words of the design as records and sealed types: data only, no effects, nothing of ours imported. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.model;
