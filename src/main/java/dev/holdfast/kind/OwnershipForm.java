package dev.holdfast.kind;

/** How Holdfast recognizes that a resource of a kind is its own. */
public enum OwnershipForm {
    /** By the tags {@code holdfast:stack} and {@code holdfast:resource}. */
    TAG,
    /** The resource belongs to a parent that is ours. */
    PARENT,
    /** By the same ownership as text in the comment or description of the resource. */
    MARKER,
    /** Only by a record in the operator's state; without the record, the resource is never pruned. */
    RECORD
}
