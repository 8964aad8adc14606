package dev.holdfast.desired;

import org.jspecify.annotations.Nullable;

/**
 * The location of a value in a file.
 *
 * @param line the line, from 1
 * @param column the column, from 1, in characters
 * @param pointer the JSON pointer within the document
 * @param origin the location where the value was written, if a param inserted it here
 */
record SourceLocation(
        String file,
        int line,
        int column,
        String pointer,
        @Nullable SourceLocation origin) {
    SourceLocation(String file, int line, int column, String pointer) {
        this(file, line, column, pointer, null);
    }

    /** This location with the origin of its value. */
    SourceLocation broughtFrom(SourceLocation elsewhere) {
        return new SourceLocation(file, line, column, pointer, elsewhere);
    }

    Problem problem(String message, String hint) {
        String from =
                origin == null ? null : "the value comes from " + origin.file + ":" + origin.line + ":" + origin.column;
        return new Problem(file, line, column, pointer, message, from == null ? hint : hint + "; " + from);
    }
}
