package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.notFound;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ReservedTags;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinTags;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.ec2.model.*;
import software.amazon.awssdk.utils.builder.CopyableBuilder;
import software.amazon.awssdk.utils.builder.SdkBuilder;
import software.amazon.awssdk.utils.builder.ToCopyableBuilder;

/** The resources of EC2 in one account and region. */
final class Ec2State {
    private static final int MOST_TAGS = 50;
    /** The name of the security group that AWS creates with a VPC. */
    static final String DEFAULT = "default";

    final TwinContext context;
    final ResourceStore<Vpc, Vpc.Builder> vpcs;
    final ResourceStore<Subnet, Subnet.Builder> subnets;
    final ResourceStore<InternetGateway, InternetGateway.Builder> gateways;
    final ResourceStore<Address, Address.Builder> addresses;
    /** The groups without their rules, which {@link #rules} contains. */
    final ResourceStore<SecurityGroup, SecurityGroup.Builder> groups;

    final ResourceStore<SecurityGroupRule, SecurityGroupRule.Builder> rules;
    final ResourceStore<NetworkInterface, NetworkInterface.Builder> interfaces;
    final ResourceStore<RouteTable, RouteTable.Builder> routeTables;
    final ResourceStore<NetworkAcl, NetworkAcl.Builder> acls;
    final ResourceStore<NatGateway, NatGateway.Builder> nats;
    final ResourceStore<VpcEndpoint, VpcEndpoint.Builder> endpoints;
    /** The stores by resource type, as the type occurs in an ARN. */
    private final Map<String, ResourceStore<?, ?>> stores = new LinkedHashMap<>();
    /** The interfaces and endpoints that are being deleted, and the start of each deletion. */
    private final Map<String, Instant> leaving = new LinkedHashMap<>();
    /** The delays of interfaces for which {@link Delay#NETWORK_INTERFACE_DELETE} does not apply. */
    private final Map<String, Delay> delays = new HashMap<>();

    private final Map<String, TokenUse> tokens = new HashMap<>();

    Ec2State(TwinContext context) {
        this.context = context;
        vpcs = store("vpc", Vpc::builder, Vpc::vpcId, "InvalidVpcID", "vpc ID");
        subnets = store("subnet", Subnet::builder, Subnet::subnetId, "InvalidSubnetID", "subnet ID")
                .shows((subnet, shown) -> {
                    long taken = interfacesIn(subnet.id()).count();
                    shown.availableIpAddressCount(Blocks.usable(subnet.shape().cidrBlock()) - (int) taken);
                });
        gateways = store(
                "internet-gateway",
                InternetGateway::builder,
                InternetGateway::internetGatewayId,
                "InvalidInternetGatewayID",
                "internetGateway ID");
        addresses =
                store("elastic-ip", Address::builder, Address::allocationId, "InvalidAllocationID", "allocation ID");
        groups = store(
                        "security-group",
                        SecurityGroup::builder,
                        SecurityGroup::groupId,
                        "InvalidGroup",
                        "security group")
                .shows((group, shown) -> shown.ipPermissions(GroupRules.grouped(rulesOf(group.id()), false))
                        .ipPermissionsEgress(GroupRules.grouped(rulesOf(group.id()), true)))
                .detail(group -> group.text() + " " + rulesOf(group.id()));
        rules = store(
                        "security-group-rule",
                        SecurityGroupRule::builder,
                        SecurityGroupRule::securityGroupRuleId,
                        "InvalidSecurityGroupRuleId",
                        "security group rule ID")
                .shows((rule, shown) -> shown.fromPort(
                                Objects.requireNonNullElse(rule.shape().fromPort(), -1))
                        .toPort(Objects.requireNonNullElse(rule.shape().toPort(), -1)));
        routeTables = store(
                        "route-table",
                        RouteTable::builder,
                        RouteTable::routeTableId,
                        "InvalidRouteTableID",
                        "routeTable ID")
                .shows((table, shown) -> shown.routes(RouteCalls.shownRoutes(this, table.shape())))
                .detail(table -> table.text() + " " + RouteCalls.shownRoutes(this, table.shape()));
        nats = store("natgateway", NatGateway::builder, NatGateway::natGatewayId, "", "")
                .missing(id -> error("NatGatewayNotFound", "The Nat Gateway " + id + " was not found"))
                .shows((nat, shown) -> NatCalls.hideFailure(nat.shape(), shown));
        endpoints = store(
                "vpc-endpoint",
                VpcEndpoint::builder,
                VpcEndpoint::vpcEndpointId,
                "InvalidVpcEndpointId",
                "Vpc Endpoint Id");
        acls = store(
                "network-acl", NetworkAcl::builder, NetworkAcl::networkAclId, "InvalidNetworkAclID", "networkAcl ID");
        interfaces = store(
                "network-interface",
                NetworkInterface::builder,
                NetworkInterface::networkInterfaceId,
                "InvalidNetworkInterfaceID",
                "networkInterface ID");
    }

    private <T extends SdkPojo & ToCopyableBuilder<B, T>, B extends SdkPojo & CopyableBuilder<B, T>>
            ResourceStore<T, B> store(
                    String type, Supplier<B> shape, Function<T, String> id, String missingCode, String idName) {
        ResourceStore<T, B> store = context.store(shape, id)
                .type("ec2:" + type)
                .arn(one -> context.arn("ec2", type + "/" + id.apply(one)))
                .missing(missed -> notFound(missingCode, idName, missed))
                .tagRules(Ec2State::checkTags)
                .showsTags();
        stores.put(type, store);
        return store;
    }

    /** A random id in EC2's format. */
    String id(String prefix) {
        return prefix + "-" + context.hex(17);
    }

    List<SecurityGroupRule> rulesOf(String groupId) {
        return rules.stream().filter(r -> r.groupId().equals(groupId)).toList();
    }

    Stream<NetworkInterface> interfacesIn(String subnetId) {
        return interfaces.stream().filter(n -> n.subnetId().equals(subnetId));
    }

    /** Carries out every change that has become due since the last call. */
    void settle() {
        NatCalls.settle(this);
        EndpointCalls.settle(this);
        Set<String> gone = leaving.entrySet().stream()
                .filter(e -> interfaces.has(e.getKey()))
                .filter(e ->
                        context.passed(delays.getOrDefault(e.getKey(), Delay.NETWORK_INTERFACE_DELETE), e.getValue()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        gone.forEach(interfaces::remove);
        leaving.keySet().removeAll(gone);
    }

    /** Starts the deletion of an interface or an endpoint. */
    void leave(String id) {
        leaving.putIfAbsent(id, context.now());
    }

    /** Starts the deletion of an interface that takes another delay. */
    void leave(String id, Delay delay) {
        delays.put(id, delay);
        leave(id);
    }

    Instant leavingSince(String id) {
        return leaving.getOrDefault(id, context.now());
    }

    /** The request that used a client token, and the resource that it created. */
    private record TokenUse(Object request, String id) {}

    /**
     * Creates a resource, or returns the resource that the same request with this token created before.
     *
     * @return the id of the resource
     */
    String once(@Nullable String token, Object request, Supplier<String> make) {
        if (token == null) {
            return make.get();
        }
        TokenUse before = tokens.get(token);
        if (before == null) {
            before = new TokenUse(request, make.get());
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

    /** Refuses invalid tags of a create call before anything is created. */
    void check(ResourceType type, List<TagSpecification> specifications) {
        for (TagSpecification s : specifications) {
            if (s.resourceType() != type) {
                throw invalid(
                        "'" + s.resourceTypeAsString() + "' is not a valid taggable resource type for this operation.");
            }
            TwinTags.put(new TreeMap<>(), TwinTags.in(s), Ec2State::checkTags);
        }
    }

    private static void checkTags(Map<String, String> more, Map<String, String> after) {
        more.forEach((key, value) -> {
            if (key.isEmpty()) {
                throw invalid("Tag key cannot be empty");
            }
            if (ReservedTags.refuses(key)) {
                throw invalid("Tag keys starting with 'aws:' are reserved for internal use");
            }
            if (key.length() > 127) {
                throw invalid("Tag key exceeds the maximum length of 127 characters");
            }
            if (value.length() > 256) {
                throw invalid("Tag value exceeds the maximum length of 256 characters");
            }
        });
        if (after.size() > MOST_TAGS) {
            throw error("TagLimitExceeded", "The maximum number of tags for a resource has been reached.");
        }
    }

    /** The store that contains the resource with this id. */
    @Nullable
    ResourceStore<?, ?> of(String id) {
        return stores.values().stream().filter(s -> s.has(id)).findFirst().orElse(null);
    }

    /** All stores, by resource type as it occurs in an ARN. */
    Map<String, ResourceStore<?, ?>> stores() {
        return stores;
    }

    /** A rule belongs to the item of its group, although it has its own id and tags. */
    List<TwinItem> items() {
        return stores.values().stream()
                .filter(store -> store != rules)
                .flatMap(store -> store.items().stream())
                .map(item -> createdWithVpc(item.id())
                        ? new TwinItem(
                                item.type() + " default",
                                item.id(),
                                item.arn(),
                                item.tags(),
                                item.detail(),
                                item.region())
                        : item)
                .toList();
    }

    /** Whether AWS created the resource with its VPC and deletes it with the VPC. */
    private boolean createdWithVpc(String id) {
        SecurityGroup group = groups.get(id);
        RouteTable table = routeTables.get(id);
        NetworkAcl acl = acls.get(id);
        return (group != null && group.groupName().equals(DEFAULT))
                || (table != null && RouteCalls.isMain(table))
                || (acl != null && acl.isDefault());
    }

    /** Answers a Describe call: the resources with these ids that match the request's filters. */
    <
                    T extends SdkPojo & ToCopyableBuilder<B, T>,
                    B extends SdkPojo & CopyableBuilder<B, T>,
                    R extends SdkPojo & SdkBuilder<R, A>,
                    A>
            A describe(ResourceStore<T, B> store, Filters filters, SdkPojo request, R response, List<String> ids) {
        checkMaxResults(request, ids, 1000);
        return page(filters, request, response, store.visible(ids), 1000);
    }

    static void checkMaxResults(SdkPojo request, List<String> ids, int most) {
        Integer max = (Integer) SdkShapes.get(request, "maxResults");
        if (max == null) {
            return;
        }
        int least = request instanceof DescribeVpcEndpointsRequest ? 1 : 5;
        if (max < least || max > most) {
            throw invalid("Value ( " + max + " ) for parameter maxResults is invalid. Expecting a value between "
                    + least + " and " + most + ".");
        }
        if (!ids.isEmpty()) {
            throw error(
                    "InvalidParameterCombination",
                    "The parameter maxResults cannot be used with a list of ids in the request");
        }
    }

    @SuppressWarnings("unchecked") // the member is a list of filters in every request that has it
    <T extends SdkPojo, R extends SdkPojo & SdkBuilder<R, A>, A> A page(
            Filters filters, SdkPojo request, R response, Stream<T> selected, int most) {
        Object asked = SdkShapes.get(request, SdkShapes.member(request, "filters") == null ? "filter" : "filters");
        List<Filter> list = asked == null ? List.of() : (List<Filter>) asked;
        return context.page(request, response, filters.select(selected, list).toList(), most);
    }
}
