package dev.holdfast.desired;

import dev.holdfast.model.ResourceId;
import dev.holdfast.model.SafeText;
import java.util.Comparator;

/**
 * One mistake in the desired state and its location. It never contains the value of a sensitive field.
 *
 * @param file the path relative to the root of the desired state, with forward slashes
 * @param line the line, from 1
 * @param column the column, from 1, in characters
 * @param pointer the JSON pointer within the document; empty for the document itself
 * @param message what was expected and what was found
 * @param hint the probable intention, or the solution
 */
public record Problem(String file, int line, int column, String pointer, String message, String hint)
        implements Comparable<Problem> {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::file)
            .thenComparingInt(Problem::line)
            .thenComparingInt(Problem::column)
            .thenComparing(Problem::message);

    /** The maximum length of a text, because documents decide the length, and people do not read more. */
    private static final int LONGEST = 2_000;

    public Problem {
        pointer = cut(pointer);
        message = cut(message);
        hint = cut(hint);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** The same problem in a part of a composite. */
    Problem in(ResourceId part, ResourceId composite) {
        String where = "in " + part + ", a part of " + composite;
        return new Problem(file, line, column, pointer, message, hint + "; " + where);
    }

    @Override
    public int compareTo(Problem other) {
        return ORDER.compare(this, other);
    }

    /** One line. */
    @Override
    public String toString() {
        String where = file + ":" + line + ":" + column + (pointer.isEmpty() ? "" : " " + pointer);
        return SafeText.line(where + ": " + message + " (hint: " + hint + ")");
    }
}
