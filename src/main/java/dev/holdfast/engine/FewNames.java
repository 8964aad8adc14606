package dev.holdfast.engine;

import java.util.Collection;
import java.util.stream.Collectors;

/** Names in a sentence: the first ones, and how many more there are. */
final class FewNames {
    private FewNames() {}

    /** @param most how many are named */
    static String of(Collection<?> all, int most) {
        String first = all.stream().limit(most).map(String::valueOf).collect(Collectors.joining(", "));
        return all.size() <= most ? first : first + " and " + (all.size() - most) + " more";
    }
}
