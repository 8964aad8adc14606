package dev.holdfast.model;

/**
 * The author of a revision, as declared by the publisher.
 *
 * @param name empty: unknown
 * @param message the purpose of the revision; empty: unknown
 */
public record RevisionAuthor(String name, String message) {
    public static final RevisionAuthor UNKNOWN = new RevisionAuthor("", "");
}
