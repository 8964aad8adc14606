package dev.holdfast.kind;

/** What becomes of an image's tag. */
public enum ImageResolution {
    /** The tag is resolved each time that the image is pulled. */
    Tag,
    /** The digest that it stands for is put in its place, at each pass. */
    Digest
}
