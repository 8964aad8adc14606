package dev.holdfast.desired;

import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys of published desired state. */
final class PublishedKeys {
    private static final Pattern STACK = Pattern.compile("stacks/([^/]+)/.+");

    private static final Pattern OF_PUBLISHING = Pattern.compile("stacks/[^/]+/(HEAD|revisions/[0-9a-f]{64})\\.json");

    private PublishedKeys() {}

    /** Whether only publishing creates such a key. A synced directory may contain a folder with the same name too. */
    static boolean isPublished(String key) {
        return OF_PUBLISHING.matcher(key).matches();
    }

    static String head(String stack) {
        return "stacks/" + stack + "/HEAD.json";
    }

    static String revision(String stack, String sha256) {
        return "stacks/" + stack + "/revisions/" + sha256 + ".json";
    }

    /** The keys of former heads. They contain the number, so that their order is the order in time. */
    static String history(String stack, long number) {
        return "stacks/%s/history/%08d.json".formatted(stack, number);
    }

    static String histories(String stack) {
        return "stacks/" + stack + "/history/";
    }

    /** The number of the newest former head, 0 if there is none. */
    static long newest(List<String> histories) {
        return histories.stream()
                .map(PublishedKeys::number)
                .mapToLong(n -> n == null ? 0 : n)
                .max()
                .orElse(0);
    }

    private static @Nullable Long number(String key) {
        Matcher m = Pattern.compile(".*/([0-9]{1,18})\\.json").matcher(key);
        return m.matches() ? Long.valueOf(m.group(1)) : null;
    }

    static List<String> stacks(List<String> keys) {
        TreeSet<String> stacks = new TreeSet<>();
        for (String key : keys) {
            Matcher m = STACK.matcher(key);
            if (m.matches()) {
                stacks.add(m.group(1));
            }
        }
        return List.copyOf(stacks);
    }
}
