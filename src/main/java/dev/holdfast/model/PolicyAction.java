package dev.holdfast.model;

/** The consequence for a step if the expression of a policy is not true. The names are those of the guardrails file. */
public enum PolicyAction {
    /** The step is not applied. */
    deny,
    /** The step waits for a person's approval. */
    hold,
    /** The step is applied, and the plan shows a warning. */
    warn
}
