package dev.holdfast.kinds.ec2;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Getter;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Wanted;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.pagination.sync.SdkIterable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** What EC2's kinds have in common: its filters, its tags, its CIDRs. */
final class Ec2 {
    private Ec2() {}

    /** As many values as one request may filter by. */
    private static final int MOST_VALUES = 200;

    /** The most that the Describe calls give on a page. */
    static final int PAGE = 1000;

    /**
     * What carries the stack's ownership, and what else is asked for by its id: taken over, or bereft of its tags. Mostly
     * one read; to confirm, only what is asked for, if it has an id.
     */
    static <T> Collection<T> find(
            Scope<?> scope, String idFilter, Function<T, String> idOf, Function<Filter, SdkIterable<T>> read) {
        Map<String, T> found = new LinkedHashMap<>();
        if (scope.wanted().isEmpty() && !scope.sweep()) {
            return found.values();
        }
        List<String> ids = scope.wanted().stream()
                .map(Wanted::physicalId)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (!scope.confirming() || ids.isEmpty()) {
            read.apply(filter("tag:" + StackRef.STACK_TAG, List.of(scope.stack().owner())))
                    .forEach(t -> found.put(idOf.apply(t), t));
        }
        ids.stream()
                .filter(id -> !found.containsKey(id))
                .gather(Gatherers.windowFixed(MOST_VALUES))
                .toList()
                .forEach(some -> read.apply(filter(idFilter, some)).forEach(t -> found.put(idOf.apply(t), t)));
        return found.values();
    }

    static Filter filter(String name, List<String> values) {
        return Filter.builder().name(name).values(values).build();
    }

    static Stream<Filter> filters(String name, Collection<String> values) {
        return values.stream().gather(Gatherers.windowFixed(MOST_VALUES)).map(some -> filter(name, some));
    }

    static Identity identity(String id, List<Tag> tags) {
        return Identity.of(id).tagged(tags, Tag::key, Tag::value);
    }

    /** The constant whose text this is; null for none, and for what AWS has added since. */
    static <E extends Enum<E>> @Nullable E constant(Class<E> type, @Nullable String text) {
        return Arrays.stream(type.getEnumConstants())
                .filter(c -> c.toString().equals(text))
                .findFirst()
                .orElse(null);
    }

    static @Nullable String text(@Nullable Enum<?> constant) {
        return constant == null ? null : constant.toString();
    }

    static List<TagSpecification> tags(ResourceType type, @Nullable Map<String, String> tags) {
        return List.of(
                TagSpecification.builder().resourceType(type).tags(tags(tags)).build());
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

    static <S extends Record> void updateTags(Ec2Client ec2, Change<S> change, Getter<S, Map<String, String>> tags) {
        Map<String, String> put = change.tagsToPut(tags);
        if (!put.isEmpty()) {
            ec2.createTags(r -> r.resources(change.physicalId()).tags(tags(put)));
        }
        Set<String> remove = change.tagsToRemove(tags);
        if (!remove.isEmpty()) {
            ec2.deleteTags(r -> r.resources(change.physicalId())
                    .tags(remove.stream().map(k -> Tag.builder().key(k).build()).toList()));
        }
    }

    /** The canonical form: host bits masked, as EC2 does it. What is no CIDR stays as it is. */
    static @Nullable String cidr(@Nullable String text) {
        IPAddress address = text == null ? null : new IPAddressString(text).getAddress();
        return address == null || !address.isPrefixed()
                ? text
                : address.toPrefixBlock().toCanonicalString();
    }
}
