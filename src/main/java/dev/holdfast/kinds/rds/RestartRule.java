package dev.holdfast.kinds.rds;

/** What becomes of a restart that settings wait for. */
public enum RestartRule {
    /** It is a step of the plan that waits for an approval. */
    Approve,
    /** It is shown, and nobody is asked. */
    Never
}
