package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** Tags of all EC2 resources, by the id of the resource. */
interface TagCalls extends Ec2Client {
    Filters FILTERS = Filters.of("resource-id", "resource-type", "key", "value");

    Ec2State state();

    @Override
    default CreateTagsResponse createTags(CreateTagsRequest r) {
        Ec2State s = state();
        check(s, r.resources());
        if (r.tags().isEmpty()) {
            throw missing("tags");
        }
        r.resources().forEach(id -> stored(s, id).tag(id, TwinTags.in(r)));
        return CreateTagsResponse.builder().build();
    }

    @Override
    default DeleteTagsResponse deleteTags(DeleteTagsRequest r) {
        Ec2State s = state();
        check(s, r.resources());
        r.resources().forEach(id -> untag(stored(s, id).stored(id).tags(), r.tags()));
        return DeleteTagsResponse.builder().build();
    }

    /**
     * @param some the tags to remove. A tag without a value matches any value; an empty list removes all tags except
     *     AWS's own
     */
    private static void untag(Map<String, String> tags, List<Tag> some) {
        if (some.isEmpty()) {
            tags.keySet().removeIf(k -> !k.startsWith("aws:"));
        }
        some.stream()
                .filter(t -> t.value() == null || t.value().equals(tags.get(t.key())))
                .forEach(t -> tags.remove(t.key()));
    }

    private static void check(Ec2State s, List<String> ids) {
        if (ids.isEmpty()) {
            throw missing("resourceIdSet");
        }
        ids.forEach(id -> stored(s, id));
    }

    private static ResourceStore<?, ?> stored(Ec2State s, String id) {
        ResourceStore<?, ?> found = s.of(id);
        if (found == null) {
            absent(s, id);
            throw error("InvalidID", "The ID '" + id + "' is not valid");
        }
        return found;
    }

    /** Throws the not-found error of the type that the prefix of an id names. */
    private static void absent(Ec2State s, String id) {
        ResourceStore<?, ?> store = switch (id.contains("-") ? id.substring(0, id.indexOf('-')) : "") {
            case "vpc" -> s.vpcs;
            case "subnet" -> s.subnets;
            case "igw" -> s.gateways;
            case "sg" -> s.groups;
            case "eipalloc" -> s.addresses;
            case "eni" -> s.interfaces;
            case "rtb" -> s.routeTables;
            case "nat" -> s.nats;
            case "vpce" -> s.endpoints;
            default -> null;
        };
        if (store != null) {
            store.need(id);
        }
    }

    @Override
    default DescribeTagsResponse describeTags(DescribeTagsRequest r) {
        Ec2State s = state();
        List<TagDescription> all = new ArrayList<>();
        s.stores()
                .forEach((type, store) -> store.ids()
                        .forEach(id -> store.tags(id)
                                .forEach((key, value) -> all.add(TagDescription.builder()
                                        .resourceId(id)
                                        .resourceType(type)
                                        .key(key)
                                        .value(value)
                                        .build()))));
        Ec2State.checkMaxResults(r, List.of(), 1000);
        return s.page(FILTERS, r, DescribeTagsResponse.builder(), all.stream(), 1000);
    }
}
