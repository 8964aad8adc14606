package dev.holdfast.app;

import dev.holdfast.composites.Composites;
import dev.holdfast.desired.NameSuggestion;
import dev.holdfast.kind.KindCatalog;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The names of kinds as people type them: in any case, singular or plural. */
final class KindWords {
    private final Set<String> kinds;

    KindWords(KindCatalog catalog) {
        this.kinds = Composites.ALL.namesWith(catalog.all().keySet());
    }

    /** @throws CommandFailure with the nearest name if there is no such kind */
    String kind(String word) {
        String kind = find(word);
        if (kind == null) {
            throw new CommandFailure(
                    "there is no kind '" + word + "': " + NameSuggestion.hint(word, kinds)
                            + " 'holdfast kinds' lists the kinds, and 'holdfast get stacks' lists the stacks",
                    ExitCodes.USAGE);
        }
        return kind;
    }

    /**
     * The text in the form {@code Kind/name}.
     *
     * @throws CommandFailure if the text is not of this form, or there is no such kind
     */
    String id(String text) {
        int slash = text.indexOf('/');
        if (slash <= 0 || slash == text.length() - 1) {
            throw new CommandFailure("'" + text + "' is not of the form Kind/name", ExitCodes.USAGE);
        }
        return kind(text.substring(0, slash)) + text.substring(slash);
    }

    private @Nullable String find(String word) {
        String typed = word.toLowerCase(Locale.ROOT);
        for (String kind : kinds) {
            String name = kind.toLowerCase(Locale.ROOT);
            if (typed.equals(name) || typed.equals(plural(name))) {
                return kind;
            }
        }
        return null;
    }

    /** The plural as English forms it: aliases, repositories, gateways, distributions. */
    static String plural(String singular) {
        boolean y = singular.endsWith("y")
                && singular.length() > 1
                && "aeiou".indexOf(singular.charAt(singular.length() - 2)) < 0;
        if (y) {
            return singular.substring(0, singular.length() - 1) + "ies";
        }
        return singular.endsWith("s") || singular.endsWith("x") || singular.endsWith("ch")
                ? singular + "es"
                : singular + "s";
    }

    /** A hint for a name that is not among the known ones. */
    static String near(String name, Collection<String> known) {
        return NameSuggestion.hint(name, known);
    }
}
