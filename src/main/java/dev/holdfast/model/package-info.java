/** The terms of the design as records and sealed types. They are pure data, and this package imports none of ours. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.model;
