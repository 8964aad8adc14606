package dev.holdfast.model;

/**
 * Who published a revision, as the publisher said.
 *
 * @param name empty: unknown
 * @param message why; empty: unknown
 */
public record RevisionAuthor(String name, String message) {
    public static final RevisionAuthor UNKNOWN = new RevisionAuthor("", "");
}
