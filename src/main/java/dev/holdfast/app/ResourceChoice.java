package dev.holdfast.app;

import static dev.holdfast.app.ExitCodes.USAGE;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The objects that a person named: stacks, or resources of one stack, in the forms of kubectl: {@code KIND},
 * {@code KIND/NAME}, {@code KIND NAME}.
 *
 * @param ofStacks whether stacks are meant
 * @param kinds all resources of these kinds
 * @param ids single resources, {@code Kind/name}; of stacks, their names
 */
record ResourceChoice(boolean ofStacks, Set<String> kinds, Set<String> ids) {
    private static final Set<String> STACKS = Set.of("stack", "stacks");

    /** @throws CommandFailure if a word names no kind */
    static ResourceChoice of(List<String> words, KindWords known) {
        Set<String> kinds = new LinkedHashSet<>();
        Set<String> ids = new LinkedHashSet<>();
        if (words.isEmpty()) {
            return new ResourceChoice(false, kinds, ids);
        }
        boolean stacks = isStack(words.getFirst());
        String last = null;
        for (String word : words) {
            int slash = word.indexOf('/');
            String kind = slash < 0 ? word : word.substring(0, slash);
            String name = slash < 0 ? "" : word.substring(slash + 1);
            if (slash >= 0 && name.isEmpty()) {
                throw new CommandFailure("'" + word + "' has no name after the slash", USAGE);
            }
            if (slash < 0 && last != null) {
                kinds.remove(last);
                ids.add(stacks ? word : last + "/" + word);
                continue;
            }
            if (isStack(word) != stacks) {
                throw new CommandFailure("name stacks or resources, not both: '" + word + "'", USAGE);
            }
            String named = stacks ? "Stack" : known.kind(kind);
            if (slash >= 0) {
                ids.add(stacks ? name : named + "/" + name);
            } else {
                kinds.add(named);
                last = named;
            }
        }
        return new ResourceChoice(stacks, kinds, ids);
    }

    private static boolean isStack(String word) {
        int slash = word.indexOf('/');
        return STACKS.contains((slash < 0 ? word : word.substring(0, slash)).toLowerCase(Locale.ROOT));
    }

    /** Whether exactly one object was named: then it is shown as one, and not as a list. */
    boolean isOne() {
        return ids.size() == 1 && kinds.isEmpty();
    }

    /**
     * The items that were named.
     *
     * @param where the place for the message, for example "stack prod"
     * @throws CommandFailure with the nearest name if one is missing
     */
    List<JsonNode> of(List<JsonNode> items, String where) {
        List<JsonNode> chosen = new ArrayList<>();
        Set<String> missing = new LinkedHashSet<>(ids);
        Predicate<JsonNode> all = ofStacks
                ? item -> ids.isEmpty()
                : item -> (kinds.isEmpty() && ids.isEmpty())
                        || kinds.contains(item.path("kind").asText());
        for (JsonNode item : items) {
            String id = ofStacks ? item.path("name").asText() : id(item);
            if (missing.remove(id) || all.test(item)) {
                chosen.add(item);
            }
        }
        if (!missing.isEmpty()) {
            String first = missing.iterator().next();
            throw new CommandFailure(where + " has no " + first + ": " + KindWords.near(first, near(items, first)));
        }
        return chosen;
    }

    /** The names of the same kind; all names if there are none. */
    private List<String> near(List<JsonNode> items, String id) {
        if (ofStacks) {
            return items.stream().map(i -> i.path("name").asText()).toList();
        }
        String kind = id.substring(0, id.indexOf('/') + 1);
        List<String> all = items.stream().map(ResourceChoice::id).toList();
        List<String> same = all.stream().filter(i -> i.startsWith(kind)).toList();
        return same.isEmpty() ? all : same;
    }

    /** {@code Kind/name} of a resource in the form of the API. */
    static String id(JsonNode resource) {
        return resource.path("kind").asText() + "/"
                + resource.path("metadata").path("name").asText();
    }
}
