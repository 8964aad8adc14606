/** The policies of the guardrails: CEL expressions over a step and its resource. No other package uses CEL. */
@NullMarked
package dev.holdfast.policy;

import org.jspecify.annotations.NullMarked;
