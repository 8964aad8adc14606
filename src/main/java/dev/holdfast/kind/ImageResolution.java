package dev.holdfast.kind;

/** How the tag of an image is resolved. */
public enum ImageResolution {
    /** The tag stays, and is resolved each time the image is pulled. */
    Tag,
    /** Each pass replaces the tag by the digest that it points to. */
    Digest
}
