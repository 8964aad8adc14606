package dev.holdfast.kinds.rds;

/** The way in which Holdfast handles a restart that pending settings need. */
public enum RestartRule {
    /** The restart is a step of the plan that waits for an approval. */
    Approve,
    /** The restart is only shown. */
    Never
}
