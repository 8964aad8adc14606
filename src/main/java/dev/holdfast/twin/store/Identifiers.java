package dev.holdfast.twin.store;

import static dev.holdfast.twin.store.TwinErrors.invalid;

import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The identifiers of databases, of caches, and of their groups. AWS converts them to lower case. */
public final class Identifiers {
    private Identifiers() {}

    /** An identifier in the form that AWS uses. */
    public static String lower(@Nullable String asked) {
        return Objects.requireNonNullElse(asked, "").toLowerCase(Locale.ROOT);
    }

    /** The identifiers that a request selects: the identifier in the request, or an empty list for all. */
    public static List<String> selected(@Nullable String asked) {
        return asked == null ? List.of() : List.of(lower(asked));
    }

    /** @param parameter the member of the request */
    public static void check(String parameter, String identifier, int longest) {
        if (!isValid(identifier, longest)) {
            throw invalid("The parameter " + parameter + " is not a valid identifier.");
        }
    }

    public static boolean isValid(String identifier, int longest) {
        return identifier.matches("[a-z](-?[a-z0-9])*") && identifier.length() <= longest;
    }
}
