package dev.holdfast.engine;

import dev.holdfast.twin.store.TwinItem;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The existing objects of a world, in forms that can be compared between two moments. */
final class Inventory {
    private static final Pattern MARKER = Pattern.compile("holdfast:stack=([^\\s,)]+) holdfast:resource=([^\\s,)]+)");

    private Inventory() {}

    /** The ownership tags, or the ownership marker of an object without tags. */
    static Map<String, String> ownership(TwinItem item) {
        Matcher marker = MARKER.matcher(item.detail());
        return item.tags().isEmpty() && marker.find()
                ? Map.of("holdfast:stack", marker.group(1), "holdfast:resource", marker.group(2))
                : item.tags();
    }

    /**
     * The number of objects of each type and owner. Objects that AWS created by itself count too, except tasks and
     * their interfaces.
     */
    static Map<String, Long> counts(World world) {
        return world.account().inventory().stream()
                .filter(i -> !i.type().startsWith("ec2:network-interface")
                        && !i.type().startsWith("ecs:task/"))
                .collect(Collectors.groupingBy(
                        i -> i.type() + " " + ownership(i).getOrDefault("holdfast:resource", "-"),
                        TreeMap::new,
                        Collectors.counting()));
    }

    /** @return the differences; empty if there are none */
    static String difference(Map<String, Long> expected, Map<String, Long> now) {
        Map<String, String> differs = new TreeMap<>();
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(now.keySet());
        for (String key : keys) {
            if (!expected.getOrDefault(key, 0L).equals(now.getOrDefault(key, 0L))) {
                differs.put(key, expected.getOrDefault(key, 0L) + " expected, " + now.getOrDefault(key, 0L) + " there");
            }
        }
        return differs.isEmpty() ? "" : differs.toString();
    }

    /** Each object with an owner: the owner, a space, the object's id. */
    static Set<String> owned(World world) {
        return world.account().inventory().stream()
                .filter(i -> ownership(i).containsKey("holdfast:resource"))
                .map(i -> ownership(i).get("holdfast:resource") + " " + i.id())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
