package dev.holdfast.kinds.ecs;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.Tagging;
import dev.holdfast.kind.Values;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Service;
import software.amazon.awssdk.services.ecs.model.ServiceEvent;
import software.amazon.awssdk.services.ecs.model.Tag;

/** The tags and normal forms that all kinds of ECS share. */
final class Ecs {
    static final Tagging<EcsClient> TAGGING = Tagging.inline(
            (ecs, arn, tags) -> ecs.tagResource(r -> r.resourceArn(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
            (ecs, arn, keys) -> ecs.untagResource(r -> r.resourceArn(arn).tagKeys(keys)));

    private Ecs() {}

    /** The last part of an ARN, or the name itself: {@code arn:…:cluster/main} and {@code main} are one cluster. */
    static @Nullable String nameOf(@Nullable String arnOrName) {
        return arnOrName != null && arnOrName.startsWith("arn:") ? Values.last(arnOrName, '/') : arnOrName;
    }

    /** Sorts a list that has no order in AWS, so that lists of the same items are equal; null becomes empty. */
    static <T> List<T> sorted(@Nullable Collection<T> items, Function<T, String> by) {
        List<T> all = new ArrayList<>(items == null ? List.of() : items);
        all.sort(Comparator.comparing(by, Comparator.nullsFirst(Comparator.naturalOrder())));
        return Collections.unmodifiableList(all);
    }

    static <T extends Comparable<T>> Set<T> sorted(@Nullable Collection<T> items) {
        return Collections.unmodifiableSet(new TreeSet<>(items == null ? Set.of() : items));
    }

    static Map<String, String> sorted(@Nullable Map<String, String> entries) {
        return Collections.unmodifiableMap(new TreeMap<>(entries == null ? Map.of() : entries));
    }

    static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }

    static int number(@Nullable Integer value) {
        return orElse(value, 0);
    }

    /** The text of the newest event of a service. */
    static @Nullable String lastEvent(Service service) {
        return service.events().stream()
                .max(Comparator.comparing(ServiceEvent::createdAt))
                .map(ServiceEvent::message)
                .orElse(null);
    }
}
