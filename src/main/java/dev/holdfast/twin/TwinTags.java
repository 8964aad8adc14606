package dev.holdfast.twin;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/** What services say alike of a resource's tags: at most 50, and none that only AWS sets. Each has its own words for it. */
public final class TwinTags {
    private static final int MOST = 50;

    private TwinTags() {}

    /**
     * Adds to a resource's tags, or leaves them as they are and throws.
     *
     * @param tooMany what the service says of more than 50
     * @param reserved what it says of keys that begin with {@code aws:}
     */
    public static void put(
            Map<String, String> tags,
            Map<String, String> more,
            Supplier<? extends RuntimeException> tooMany,
            Supplier<? extends RuntimeException> reserved) {
        Map<String, String> after = new TreeMap<>(tags);
        after.putAll(more);
        if (after.size() > MOST) {
            throw tooMany.get();
        }
        if (more.keySet().stream().anyMatch(ReservedTags::refuses)) {
            throw reserved.get();
        }
        tags.putAll(more);
    }

    /** As a service's own type. */
    public static <T> List<T> list(Map<String, String> tags, BiFunction<String, String, T> tag) {
        return tags.entrySet().stream()
                .map(e -> tag.apply(e.getKey(), e.getValue()))
                .toList();
    }
}
