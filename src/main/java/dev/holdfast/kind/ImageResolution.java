package dev.holdfast.kind;

/** What becomes of an image's tag. */
public enum ImageResolution {
    /** It is left to whoever pulls the image. */
    Tag,
    /** The digest that it stands for is put in its place, at each pass. */
    Digest
}
