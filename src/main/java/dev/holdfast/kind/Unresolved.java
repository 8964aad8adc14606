package dev.holdfast.kind;

import org.jspecify.annotations.Nullable;

/** A value that hangs on an output which does not exist yet: a marked string that stands in its place, never null. */
public final class Unresolved {
    private static final String OPEN = "\u27e6unresolved:";
    private static final String CLOSE = "\u27e7";

    private Unresolved() {}

    /** @param reference as written between the braces, {@code Vpc/main.id} */
    public static String of(String reference) {
        return OPEN + reference + CLOSE;
    }

    /** True for a string that is, or contains, a value that is not known yet. */
    public static boolean is(@Nullable Object value) {
        return value instanceof String s && s.contains(OPEN);
    }
}
