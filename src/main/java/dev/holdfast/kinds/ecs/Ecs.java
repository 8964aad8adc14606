package dev.holdfast.kinds.ecs;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Getter;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Wanted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Tag;

/** What the kinds of ECS have in common: its ARNs, its tags, its normal forms. */
final class Ecs {
    private Ecs() {}

    /** The last part of an ARN, or the name itself: {@code arn:…:cluster/main} and {@code main} are one cluster. */
    static @Nullable String nameOf(@Nullable String arnOrName) {
        return arnOrName != null && arnOrName.startsWith("arn:")
                ? arnOrName.substring(arnOrName.lastIndexOf('/') + 1)
                : arnOrName;
    }

    static boolean ours(Scope<?> scope, Map<String, String> tags) {
        return scope.stack().owner().equals(tags.get(StackRef.STACK_TAG));
    }

    /** Ours by its tags, or asked for by its recorded id, or the holder of a name that is asked for. */
    static boolean concerns(Scope<?> scope, Identity identity) {
        return ours(scope, identity.tags())
                || scope.wanted().stream()
                        .anyMatch(w -> identity.physicalId().equals(w.physicalId())
                                || (identity.name() != null && identity.name().equals(w.physicalName())));
    }

    static Identity identity(String arn, String name, Collection<Tag> tags) {
        return Identity.of(arn).named(name).tagged(tags, Tag::key, Tag::value);
    }

    static List<Tag> tags(@Nullable Map<String, String> tags) {
        return tags == null
                ? List.of()
                : tags.entrySet().stream()
                        .map(e -> Tag.builder()
                                .key(e.getKey())
                                .value(e.getValue())
                                .build())
                        .toList();
    }

    static <S extends Record> void updateTags(EcsClient ecs, Change<S> change, Getter<S, Map<String, String>> tags) {
        Map<String, String> put = change.tagsToPut(tags);
        if (!put.isEmpty()) {
            ecs.tagResource(r -> r.resourceArn(change.physicalId()).tags(tags(put)));
        }
        Set<String> remove = change.tagsToRemove(tags);
        if (!remove.isEmpty()) {
            ecs.untagResource(r -> r.resourceArn(change.physicalId()).tagKeys(remove));
        }
    }

    /** Recorded ids and names that a read by name may ask for, without repetition. */
    static Set<String> idsAndNames(Scope<?> scope) {
        Set<String> all = new TreeSet<>();
        for (Wanted<?> wanted : scope.wanted()) {
            if (wanted.physicalId() != null) {
                all.add(wanted.physicalId());
            } else if (wanted.physicalName() != null) {
                all.add(wanted.physicalName());
            }
        }
        return all;
    }

    /** In a list of no order: always the same one, so that equal things are equal; null is the empty list. */
    static <T> List<T> sorted(@Nullable Collection<T> items, Function<T, String> by) {
        if (items == null) {
            return List.of();
        }
        List<T> all = new ArrayList<>(items);
        all.sort(Comparator.comparing(by, Comparator.nullsFirst(Comparator.naturalOrder())));
        return Collections.unmodifiableList(all);
    }

    static <T> List<T> list(@Nullable Collection<T> items) {
        return items == null ? List.of() : Collections.unmodifiableList(new ArrayList<>(items));
    }

    static Set<String> set(@Nullable Collection<String> items) {
        return items == null ? Set.of() : Collections.unmodifiableSet(new TreeSet<>(items));
    }

    static Map<String, String> map(@Nullable Map<String, String> entries) {
        return entries == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(entries));
    }

    /** For AWS, which takes absence where the normal form has nothing. */
    static @Nullable String orNull(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    static @Nullable Integer orNull(@Nullable Integer number) {
        return number == null || number == 0 ? null : number;
    }

    static <T> T orElse(@Nullable T value, T other) {
        return value == null ? other : value;
    }

    /** A value that AWS added since is nothing that a spec can say. */
    static <E extends Enum<E>> @Nullable E parse(Class<E> type, @Nullable String wire) {
        for (E value : type.getEnumConstants()) {
            if (value.name().equals(wire)) {
                return value;
            }
        }
        return null;
    }

    static @Nullable String wire(@Nullable Enum<?> value) {
        return value == null ? null : value.name();
    }

    static <T> Map<String, T> byName(Collection<T> items, Function<T, String> name) {
        Map<String, T> all = new LinkedHashMap<>();
        items.forEach(i -> all.put(name.apply(i), i));
        return all;
    }
}
