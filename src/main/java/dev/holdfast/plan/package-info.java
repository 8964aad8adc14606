/** Makes an ordered, guarded plan of what is desired and what is observed: pure, without AWS. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.plan;
