package dev.holdfast.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;

/** The texts of a request by the member that holds them, and the tags in it. */
final class RequestContent {
    private final Map<String, Set<String>> texts = new TreeMap<>();
    private final Map<String, String> tags = new TreeMap<>();
    private final Set<String> tagKeys = new TreeSet<>();

    RequestContent(SdkPojo input) {
        read(input, false);
    }

    /** All texts, wherever they are. */
    Set<String> all() {
        Set<String> all = new LinkedHashSet<>();
        texts.values().forEach(all::addAll);
        return all;
    }

    /** @param members in lower case; the first that the request has decides */
    List<String> of(String... members) {
        for (String member : members) {
            Set<String> found = texts.get(member);
            if (found != null) {
                return List.copyOf(found);
            }
        }
        return List.of();
    }

    @Nullable
    String first(String... members) {
        List<String> found = of(members);
        return found.isEmpty() ? null : found.getFirst();
    }

    Map<String, String> tags() {
        return tags;
    }

    Set<String> tagKeys() {
        return tagKeys;
    }

    private void read(SdkPojo shape, boolean ofTags) {
        Map<String, Object> members = new TreeMap<>();
        for (SdkField<?> field : shape.sdkFields()) {
            Object value = field.getValueOrDefault(shape);
            if (value != null) {
                members.put(field.memberName().toLowerCase(Locale.ROOT), value);
            }
        }
        Object key = members.get("key") == null ? members.get("tagkey") : members.get("key");
        Object value = members.get("value") == null ? members.get("tagvalue") : members.get("value");
        if (ofTags && key != null) {
            tags.put(key.toString(), value == null ? "" : value.toString());
            tagKeys.add(key.toString());
            return;
        }
        members.forEach((name, content) -> read(name, content, ofTags || isOfTags(name)));
    }

    private static boolean isOfTags(String member) {
        return member.startsWith("tag") && !member.startsWith("target") || member.equals("addtags");
    }

    private void read(String name, Object value, boolean ofTags) {
        switch (value) {
            case SdkPojo shape -> read(shape, ofTags);
            case Collection<?> all -> List.copyOf(new ArrayList<>(all)).forEach(v -> read(name, v, ofTags));
            case Map<?, ?> map -> {
                if (ofTags) {
                    map.forEach((k, v) -> tags.put(k.toString(), String.valueOf(v)));
                    map.keySet().forEach(k -> tagKeys.add(k.toString()));
                } else {
                    map.values().forEach(v -> read(name, v, false));
                }
            }
            default -> {
                if (name.equals("tagkeys") || name.equals("removetagkeys")) {
                    tagKeys.add(value.toString());
                }
                texts.computeIfAbsent(name, k -> new LinkedHashSet<>()).add(value.toString());
            }
        }
    }
}
