package dev.holdfast.kind;

/** How a resource of a kind is known to be ours. */
public enum OwnershipForm {
    /** By the tags {@code holdfast:stack} and {@code holdfast:resource}. */
    TAG,
    /** It belongs to a parent that is ours. */
    PARENT,
    /** By the same text in its comment or description. */
    MARKER,
    /** Only in the operator's state; never pruned without it. */
    RECORD
}
