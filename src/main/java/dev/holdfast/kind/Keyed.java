package dev.holdfast.kind;

/** An element of a collection that names itself in paths and pairs by that name, observed with desired. */
public interface Keyed {
    /** Stable, short, and unique within the collection: {@code tcp:22:0.0.0.0/0}. */
    String key();

    /**
     * The element for people to read.
     *
     * @param field the name of the collection
     */
    default String words(String field) {
        return key();
    }
}
