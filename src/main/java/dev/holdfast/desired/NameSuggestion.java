package dev.holdfast.desired;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Suggests the known name that is most similar to an unknown one. */
public final class NameSuggestion {
    /** The maximum length of a text: a comparison takes as many steps as the product of the lengths. */
    private static final int LONGEST = 200;

    private static final int MOST = 2_000;

    private NameSuggestion() {}

    /** @return the name at the smallest edit distance, or null if none is similar enough */
    public static @Nullable String to(String text, Collection<String> known) {
        String best = null;
        int bestDistance = Math.max(2, text.length() / 3) + 1;
        if (text.length() > LONGEST) {
            return null;
        }
        for (String name : (Iterable<String>) known.stream().limit(MOST)::iterator) {
            if (Math.abs(name.length() - text.length()) >= bestDistance) {
                continue;
            }
            int distance = distance(text.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return best;
    }

    /** {@code did you mean "x"?}, or at most twelve of the known names if none is similar. */
    public static String hint(String text, Collection<String> known) {
        String near = to(text, known);
        if (near != null) {
            return "did you mean \"" + near + "\"?";
        }
        if (known.isEmpty()) {
            return "there is none";
        }
        String first = String.join(", ", known.stream().sorted().limit(12).toList());
        return known.size() > 12 ? "known: " + first + ", …" : "known: " + first;
    }

    /** The Levenshtein distance, in which a swap of two neighbours counts as one. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replace = d[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replace, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
