package dev.holdfast.kinds.ec2;

import dev.holdfast.kind.Change;
import dev.holdfast.kind.Getter;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.Wanted;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/** What EC2's kinds have in common: its filters, its tags, its CIDRs. */
final class Ec2 {
    private Ec2() {}

    /** Everything of ours; or, to confirm, the one thing by its id, whatever its tags. */
    static List<Filter> filters(Scope<?> scope, String idFilter) {
        List<String> ids = scope.wanted().stream()
                .map(Wanted::physicalId)
                .filter(Objects::nonNull)
                .toList();
        return List.of(
                scope.confirming() && !ids.isEmpty()
                        ? Filter.builder().name(idFilter).values(ids).build()
                        : Filter.builder()
                                .name("tag:" + StackRef.STACK_TAG)
                                .values(scope.stack().owner())
                                .build());
    }

    static List<TagSpecification> tags(ResourceType type, @Nullable Map<String, String> tags) {
        return List.of(
                TagSpecification.builder().resourceType(type).tags(tags(tags)).build());
    }

    private static List<Tag> tags(@Nullable Map<String, String> tags) {
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
