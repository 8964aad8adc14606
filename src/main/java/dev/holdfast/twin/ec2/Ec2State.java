package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ReservedTags;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.model.Address;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.NatGateway;
import software.amazon.awssdk.services.ec2.model.NetworkAcl;
import software.amazon.awssdk.services.ec2.model.NetworkInterface;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;

/** What exists in EC2 in one account and region, and the look-ups that fail as EC2's do. Tags are kept apart from the things. */
final class Ec2State {
    private static final int MOST_TAGS = 50;

    final TwinContext context;
    final TwinTable<Vpc> vpcs;
    final Map<String, VpcSwitches> vpcSwitches = new HashMap<>();
    final TwinTable<Subnet> subnets;
    final TwinTable<InternetGateway> gateways;
    final TwinTable<Address> addresses;
    final TwinTable<SecurityGroupState> groups;
    final TwinTable<NetworkInterface> interfaces;
    final TwinTable<RouteTable> routeTables;
    final TwinTable<NetworkAcl> acls;
    final TwinTable<NatGateway> nats;
    final TwinTable<VpcEndpoint> endpoints;
    /** Interfaces that are going, and since when. */
    private final Map<String, Instant> leaving = new LinkedHashMap<>();

    private final Map<String, Map<String, String>> tags = new HashMap<>();
    private final Map<String, Instant> goingSince = new HashMap<>();
    private final Map<String, Once> tokens = new HashMap<>();

    Ec2State(TwinContext context) {
        this.context = context;
        this.vpcs = new TwinTable<>(context);
        this.subnets = new TwinTable<>(context);
        this.gateways = new TwinTable<>(context);
        this.addresses = new TwinTable<>(context);
        this.groups = new TwinTable<>(context);
        this.interfaces = new TwinTable<>(context);
        this.routeTables = new TwinTable<>(context);
        this.acls = new TwinTable<>(context);
        this.nats = new TwinTable<>(context);
        this.endpoints = new TwinTable<>(context);
    }

    /** An id as EC2 makes them. */
    String id(String prefix) {
        return prefix + "-" + context.hex(17);
    }

    /** What ModifyVpcAttribute sets. */
    record VpcSwitches(boolean dnsSupport, boolean dnsHostnames) {}

    /** Does what has become due since the last call. */
    void settle() {
        NatCalls.settle(this);
        EndpointCalls.settle(this);
        leaving.entrySet().removeIf(e -> {
            boolean gone = context.passed(Delay.NETWORK_INTERFACE_DELETE, e.getValue());
            if (gone) {
                drop(interfaces, e.getKey());
            }
            return gone;
        });
    }

    /** What a client token has made. */
    private record Once(Object request, String id) {}

    /**
     * Makes something, or gives what was made before with this token by the same request.
     *
     * @return the id
     */
    String once(@Nullable String token, Object request, Supplier<String> make) {
        if (token == null) {
            return make.get();
        }
        Once before = tokens.get(token);
        if (before == null) {
            before = new Once(request, make.get());
            tokens.put(token, before);
        }
        if (!before.request().equals(request)) {
            throw error(
                    "IdempotentParameterMismatch",
                    "The parameters of the request do not match those of the request that used the client token"
                            + " before.");
        }
        return before.id();
    }

    /** Marks something else than an interface as going from now on. */
    void going(String id) {
        goingSince.put(id, context.now());
    }

    Instant goingSince(String id) {
        return goingSince.getOrDefault(id, context.now());
    }

    void leave(String interfaceId) {
        leaving.putIfAbsent(interfaceId, context.now());
    }

    <V> void drop(TwinTable<V> table, String id) {
        table.remove(id);
        tags.remove(id);
        goingSince.remove(id);
    }

    void forgetTags(String id) {
        tags.remove(id);
    }

    <V> V need(TwinTable<V> table, @Nullable String id, Function<String, AwsServiceException> missing) {
        V found = table.get(id);
        if (found == null) {
            throw missing.apply(String.valueOf(id));
        }
        return found;
    }

    Map<String, String> tagsOf(String id) {
        return tags.getOrDefault(id, Map.of());
    }

    List<Tag> tagList(String id) {
        return tagsOf(id).entrySet().stream()
                .map(e -> Tag.builder().key(e.getKey()).value(e.getValue()).build())
                .toList();
    }

    /** Whether a create call's tags are right; before anything is created. */
    void check(ResourceType type, List<TagSpecification> specifications) {
        for (TagSpecification s : specifications) {
            if (s.resourceType() != type) {
                throw invalid(
                        "'" + s.resourceTypeAsString() + "' is not a valid taggable resource type for this operation.");
            }
            checkTags(s.tags(), Map.of());
        }
    }

    void tag(String id, List<TagSpecification> specifications) {
        specifications.forEach(s -> putTags(id, s.tags()));
    }

    void putTags(String id, List<Tag> more) {
        checkTags(more, tagsOf(id));
        Map<String, String> own = tags.computeIfAbsent(id, i -> new TreeMap<>());
        more.forEach(t -> own.put(t.key(), t.value() == null ? "" : t.value()));
    }

    /** @param some without a value: whatever the value */
    void removeTags(String id, List<Tag> some) {
        Map<String, String> own = tags.getOrDefault(id, new TreeMap<>());
        if (some.isEmpty()) {
            own.keySet().removeIf(k -> !k.startsWith("aws:"));
        }
        for (Tag t : some) {
            if (t.value() == null || t.value().equals(own.get(t.key()))) {
                own.remove(t.key());
            }
        }
    }

    private static void checkTags(List<Tag> more, Map<String, String> before) {
        Map<String, String> after = new TreeMap<>(before);
        for (Tag t : more) {
            if (t.key() == null || t.key().isEmpty()) {
                throw invalid("Tag key cannot be empty");
            }
            if (ReservedTags.refuses(t.key())) {
                throw invalid("Tag keys starting with 'aws:' are reserved for internal use");
            }
            if (t.key().length() > 127) {
                throw invalid("Tag key exceeds the maximum length of 127 characters");
            }
            if (t.value() != null && t.value().length() > 256) {
                throw invalid("Tag value exceeds the maximum length of 256 characters");
            }
            after.put(t.key(), "");
        }
        if (after.size() > MOST_TAGS) {
            throw error("TagLimitExceeded", "The maximum number of tags for a resource has been reached.");
        }
    }

    /** What a Describe call asks for, whatever it describes. */
    record Asked(
            List<String> ids,
            List<Filter> filters,
            @Nullable String token,
            @Nullable Integer max) {}

    /**
     * One page of a Describe call.
     *
     * @param least smallest MaxResults that the call takes
     */
    <T> TwinContext.Page<T> describe(
            List<T> all,
            Function<T, String> id,
            Function<String, AwsServiceException> missing,
            Filters<T> filters,
            Asked asked,
            int least) {
        return describe(all, id, missing, filters, asked, least, 1000);
    }

    /** The same where MaxResults has another upper limit. */
    <T> TwinContext.Page<T> describe(
            List<T> all,
            Function<T, String> id,
            Function<String, AwsServiceException> missing,
            Filters<T> filters,
            Asked asked,
            int least,
            int most) {
        Integer max = asked.max();
        if (max != null && (max < least || max > most)) {
            throw invalid("Value ( " + max + " ) for parameter maxResults is invalid. Expecting a value between "
                    + least + " and " + most + ".");
        }
        List<T> found = all;
        if (!asked.ids().isEmpty()) {
            if (max != null) {
                throw error(
                        "InvalidParameterCombination",
                        "The parameter maxResults cannot be used with a list of ids in the request");
            }
            Map<String, T> byId = new HashMap<>();
            all.forEach(t -> byId.put(id.apply(t), t));
            found = asked.ids().stream()
                    .distinct()
                    .map(i -> {
                        T one = byId.get(i);
                        if (one == null) {
                            throw missing.apply(i);
                        }
                        return one;
                    })
                    .toList();
        }
        return context.page(filters.select(found, asked.filters()), asked.token(), most, max);
    }
}
