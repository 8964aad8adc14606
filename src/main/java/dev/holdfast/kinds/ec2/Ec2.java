package dev.holdfast.kinds.ec2;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import dev.holdfast.kind.AddressBlocks;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import dev.holdfast.model.Phase;
import inet.ipaddr.IPAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** The searches, tags and CIDR forms that all kinds of EC2 share. */
final class Ec2 {
    private Ec2() {}

    /** A filter accepts at most this many values. */
    private static final int MOST_VALUES = 200;

    /** At most this many holders of a resource are read; AWS accepts no limit below five. */
    static final int MOST_HOLDERS = 20;

    /** A page of most Describe calls holds this many resources at most. */
    static final int PAGE = 1000;

    /**
     * Finds the resources that carry the stack's tag, and the requested resources that do not carry it, because they
     * are adopted or have lost their tags. One read is usually enough. A confirming scope is read by id alone, if an id
     * is recorded.
     *
     * @param id the member that is the physical id; the filter for it has the same name
     * @param read the resources that match a filter
     */
    static <T> Listing<Ec2Client, T> find(
            Getter<T, String> id, BiFunction<Ec2Client, Filter, ? extends Iterable<T>> read) {
        String idFilter = Components.nameOf(id).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
        return (scope, ec2) -> {
            Map<String, T> found = new LinkedHashMap<>();
            Consumer<Filter> add = f -> read.apply(ec2, f).forEach(item -> found.put(id.apply(item), item));
            Set<String> ids = Listings.ids(scope);
            if (!scope.confirming() || ids.isEmpty()) {
                add.accept(filter(
                        "tag:" + StackRef.STACK_TAG, List.of(scope.stack().owner())));
            }
            ids.removeIf(found::containsKey);
            filters(idFilter, ids).forEach(add);
            return found.values();
        };
    }

    /** Starts the recipe of a kind. */
    static <S extends Record> Recipe.Start<Ec2Client, S> kind(String kind, Class<S> spec) {
        return Recipe.of(kind, spec, Ec2Client.class);
    }

    static Filter filter(String name, List<String> values) {
        return Filter.builder().name(name).values(values).build();
    }

    static Stream<Filter> filters(String name, Collection<String> values) {
        return values.stream().gather(Gatherers.windowFixed(MOST_VALUES)).map(some -> filter(name, some));
    }

    static Tagging<Ec2Client> tagging(ResourceType type) {
        return Tagging.<Ec2Client>inline(
                        (ec2, id, tags) ->
                                ec2.createTags(r -> r.resources(id).tags(SdkShapes.pairs(tags, Tag::builder))),
                        (ec2, id, keys) -> ec2.deleteTags(r -> r.resources(id)
                                .tags(keys.stream()
                                        .map(key -> Tag.builder().key(key).build())
                                        .toList())))
                .sentAs((request, tags) -> Wire.set(
                        request,
                        "tagSpecifications",
                        List.of(TagSpecification.builder()
                                .resourceType(type)
                                .tags(SdkShapes.pairs(tags, Tag::builder))
                                .build())));
    }

    /**
     * Adds the phase and the health.
     *
     * @param state pending, available or deleting, in lower case or with a capital; EC2 returns both
     * @param otherwise the health in any other state
     */
    static <S extends Record> Known<S> state(Known<S> known, String state, Health otherwise) {
        return switch (state.toLowerCase(Locale.ROOT)) {
            case "available" -> known;
            case "pending" -> known.phase(Phase.Creating).health(Health.notReady("Pending", null));
            case "deleting" -> known.phase(Phase.Deleting).health(Health.notReady("Deleting", null));
            default -> known.health(otherwise);
        };
    }

    /**
     * Names the network interfaces that prevent the deletion of a part of a network. The service that created an
     * interface (for example for a load balancer or a task) releases it, often minutes after the deletion of its owner.
     * Holdfast never detaches an interface that AWS manages.
     *
     * @param filter the name of a filter of DescribeNetworkInterfaces
     */
    static List<String> interfaces(Ec2Client ec2, String filter, String id) {
        return ec2
                .describeNetworkInterfaces(
                        r -> r.filters(filter(filter, List.of(id))).maxResults(MOST_HOLDERS))
                .networkInterfaces()
                .stream()
                .map(i -> i.description() == null || i.description().isEmpty()
                        ? i.networkInterfaceId()
                        : i.networkInterfaceId() + " (" + i.description() + ")")
                .toList();
    }

    /** The canonical form: host bits masked, as EC2 masks them. Text that is not a CIDR is not changed. */
    static @Nullable String cidr(@Nullable String text) {
        IPAddress address = text == null ? null : AddressBlocks.parse(text);
        return address == null ? text : address.toPrefixBlock().toCanonicalString();
    }
}
