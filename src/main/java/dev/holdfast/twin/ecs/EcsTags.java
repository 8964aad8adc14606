package dev.holdfast.twin.ecs;

import dev.holdfast.twin.store.ReservedTags;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.services.ecs.model.Tag;

/** The tags of whatever has an ARN. */
final class EcsTags {
    private static final int MOST = 50;

    private final Map<String, Map<String, String>> byArn = new LinkedHashMap<>();

    static void check(Collection<Tag> tags) {
        for (Tag tag : tags) {
            if (tag.key() == null || tag.key().isEmpty()) {
                throw EcsErrors.invalid("Tag key must not be null or empty.");
            }
            if (ReservedTags.refuses(tag.key().toLowerCase(Locale.ROOT))) {
                throw EcsErrors.invalid("Tag keys starting with 'aws:' are reserved for system use.");
            }
        }
        if (tags.size() > MOST) {
            throw EcsErrors.invalid("Too many tags: at most " + MOST + " are allowed.");
        }
    }

    void set(String arn, Collection<Tag> tags) {
        byArn.put(arn, new LinkedHashMap<>());
        add(arn, tags);
    }

    void add(String arn, Collection<Tag> tags) {
        check(tags);
        Map<String, String> all = byArn.computeIfAbsent(arn, a -> new LinkedHashMap<>());
        tags.forEach(t -> all.put(t.key(), t.value() == null ? "" : t.value()));
    }

    void remove(String arn, Collection<String> keys) {
        byArn.getOrDefault(arn, new LinkedHashMap<>()).keySet().removeAll(keys);
    }

    void forget(String arn) {
        byArn.remove(arn);
    }

    Map<String, String> map(String arn) {
        return Map.copyOf(byArn.getOrDefault(arn, Map.of()));
    }

    List<Tag> of(String arn) {
        List<Tag> tags = new ArrayList<>();
        byArn.getOrDefault(arn, Map.of())
                .forEach((k, v) -> tags.add(Tag.builder().key(k).value(v).build()));
        return tags;
    }
}
