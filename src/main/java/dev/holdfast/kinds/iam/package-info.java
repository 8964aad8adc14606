/** The kinds of AWS Identity and Access Management. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.kinds.iam;
