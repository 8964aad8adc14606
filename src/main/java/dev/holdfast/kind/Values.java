package dev.holdfast.kind;

import java.util.Collection;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads and converts values that may be absent or not resolved yet. */
public final class Values {
    private Values() {}

    /** A part of a value; null if the value is absent. */
    public static <T, V> @Nullable V of(@Nullable T value, Function<T, ? extends @Nullable V> part) {
        return value == null ? null : part.apply(value);
    }

    /** The first element; null if there is none. */
    public static <T> @Nullable T first(@Nullable Collection<T> all) {
        return all == null || all.isEmpty() ? null : all.iterator().next();
    }

    /** The normal form of a text. A text that is absent or {@link Unresolved} stays as it is. */
    public static @Nullable String normal(@Nullable String text, UnaryOperator<String> form) {
        return text == null || Unresolved.is(text) ? text : form.apply(text);
    }

    /** The text in lower case, for names whose case a service ignores. */
    public static @Nullable String lower(@Nullable String text) {
        return normal(text, known -> known.toLowerCase(Locale.ROOT));
    }

    /** A map with its keys in lower case, for names whose case a service ignores. */
    public static @Nullable Map<String, String> lowerKeys(@Nullable Map<String, String> map) {
        if (map == null) {
            return null;
        }
        Map<String, String> lower = new TreeMap<>();
        map.forEach((key, value) -> lower.put(key.toLowerCase(Locale.ROOT), value));
        return Collections.unmodifiableMap(lower);
    }

    /** Whether a desired text has this value; a text that is absent or {@link Unresolved} matches every value. */
    public static boolean matches(@Nullable String desired, @Nullable String value) {
        return desired == null || Unresolved.is(desired) || desired.equals(value);
    }

    /** The part of an ARN after the first occurrence of a text that every such ARN contains. */
    public static String after(String arn, String text) {
        return arn.substring(arn.indexOf(text) + text.length());
    }

    /** The part of an ARN after the last separator; a name without a separator is returned unchanged. */
    public static String last(String arn, char separator) {
        return arn.substring(arn.lastIndexOf(separator) + 1);
    }
}
