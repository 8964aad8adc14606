/** From what is desired and what is observed to an ordered, guarded plan: pure, without AWS. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.plan;
