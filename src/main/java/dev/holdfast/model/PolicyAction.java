package dev.holdfast.model;

/** What happens to a step for which the expression of a policy is not true. In lower case, as the file has them. */
public enum PolicyAction {
    /** The step is not applied. */
    deny,
    /** The step waits for a person's approval. */
    hold,
    /** The step is applied, and people are told. */
    warn
}
