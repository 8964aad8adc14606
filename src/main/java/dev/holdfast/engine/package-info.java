/** The session over a stack, with its stages observe, assess, plan, apply and report, and the loop over all stacks. */
@org.jspecify.annotations.NullMarked
package dev.holdfast.engine;
