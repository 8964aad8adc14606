package dev.holdfast.kind;

import java.util.regex.Pattern;
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

    /**
     * Whether a string may be the given value when its references are resolved. No output is a wildcard of a policy.
     *
     * @param text may contain unresolved values
     */
    public static boolean mayBecome(String text, String value) {
        StringBuilder pattern = new StringBuilder();
        int from = 0;
        for (int open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, from)) {
            pattern.append(Pattern.quote(text.substring(from, open))).append("[^*?]+");
            from = text.indexOf(CLOSE, open) + CLOSE.length();
        }
        return value.matches(pattern.append(Pattern.quote(text.substring(from))).toString());
    }
}
