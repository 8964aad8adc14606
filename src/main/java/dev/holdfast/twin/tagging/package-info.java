/** The twin of the Resource Groups Tagging API. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.twin.tagging;
