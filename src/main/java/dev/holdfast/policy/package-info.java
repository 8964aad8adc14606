/** The policies of the guardrails: expressions in CEL over a step and what it is about. The only package that knows CEL. */
@NullMarked
package dev.holdfast.policy;

import org.jspecify.annotations.NullMarked;
