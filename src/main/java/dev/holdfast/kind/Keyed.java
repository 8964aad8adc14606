package dev.holdfast.kind;

/**
 * An element of a collection that supplies its own key. Paths use the key, and observed and desired elements are paired
 * by it.
 */
public interface Keyed {
    /** The key: stable, short, and unique within the collection ({@code tcp:22:0.0.0.0/0}). */
    String key();

    /**
     * The element as readable text.
     *
     * @param field the name of the collection
     */
    default String words(String field) {
        return key();
    }
}
