package dev.holdfast.desired;

import org.jspecify.annotations.Nullable;

/**
 * Where something was written.
 *
 * @param line from 1
 * @param column from 1, in characters
 * @param pointer the JSON pointer within its document
 */
record Place(String file, int line, int column, String pointer) {
    Problem problem(String message, @Nullable String hint) {
        return new Problem(file, line, column, pointer, message, hint);
    }

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }
}
