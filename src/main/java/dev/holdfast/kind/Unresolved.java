package dev.holdfast.kind;

import org.jspecify.annotations.Nullable;

/** A marked string that replaces a value that depends on an output that does not exist yet. It is never null. */
public final class Unresolved {
    private static final String OPEN = "\u27e6unresolved:";
    private static final String CLOSE = "\u27e7";

    private Unresolved() {}

    /** @param reference the text between the braces, {@code Vpc/main.id} */
    public static String of(String reference) {
        return OPEN + reference + CLOSE;
    }

    /** Whether the value is a string that contains an unresolved value. */
    public static boolean is(@Nullable Object value) {
        return value instanceof String s && s.contains(OPEN);
    }
}
