package dev.holdfast.plan;

/** The order in which a replacement deletes the old resource and creates the new one. */
public enum ReplacementOrder {
    CreateFirst,
    /** Both have the same name, or AWS refuses both at once. */
    DeleteFirst,
    /** One call of AWS does both, and an update that AWS would refuse in parts. */
    OneCall
}
