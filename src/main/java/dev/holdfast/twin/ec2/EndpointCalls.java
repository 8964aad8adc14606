package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;

import dev.holdfast.twin.store.Delay;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcEndpointResponse;
import software.amazon.awssdk.services.ec2.model.DeleteVpcEndpointsRequest;
import software.amazon.awssdk.services.ec2.model.DeleteVpcEndpointsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeManagedPrefixListsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeManagedPrefixListsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointsRequest;
import software.amazon.awssdk.services.ec2.model.DescribeVpcEndpointsResponse;
import software.amazon.awssdk.services.ec2.model.ManagedPrefixList;
import software.amazon.awssdk.services.ec2.model.ModifyVpcEndpointRequest;
import software.amazon.awssdk.services.ec2.model.ModifyVpcEndpointResponse;
import software.amazon.awssdk.services.ec2.model.PrefixListState;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteOrigin;
import software.amazon.awssdk.services.ec2.model.RouteState;
import software.amazon.awssdk.services.ec2.model.State;
import software.amazon.awssdk.services.ec2.model.UnsuccessfulItem;
import software.amazon.awssdk.services.ec2.model.VpcEndpoint;
import software.amazon.awssdk.services.ec2.model.VpcEndpointType;

/** VPC endpoints, and the prefix lists of AWS that gateway endpoints route to. */
interface EndpointCalls extends Ec2Client {
    Filters<VpcEndpoint> FILTERS = Filters.of(VpcEndpoint::tags)
            .one("vpc-endpoint-id", VpcEndpoint::vpcEndpointId)
            .one("vpc-id", VpcEndpoint::vpcId)
            .one("service-name", VpcEndpoint::serviceName)
            .one("vpc-endpoint-type", VpcEndpoint::vpcEndpointTypeAsString)
            .one("vpc-endpoint-state", VpcEndpoint::stateAsString)
            .one("ip-address-type", VpcEndpoint::ipAddressTypeAsString);

    Filters<ManagedPrefixList> LIST_FILTERS = Filters.of(ManagedPrefixList::tags)
            .one("prefix-list-id", ManagedPrefixList::prefixListId)
            .one("prefix-list-name", ManagedPrefixList::prefixListName)
            .one("owner-id", ManagedPrefixList::ownerId);

    Ec2State state();

    static void settle(Ec2State s) {
        for (VpcEndpoint e : s.endpoints.all()) {
            if (e.state() == State.PENDING && s.context.passed(Delay.VPC_ENDPOINT, e.creationTimestamp())) {
                s.endpoints.put(
                        e.vpcEndpointId(), e.toBuilder().state(State.AVAILABLE).build());
            }
            if (e.state() == State.DELETING && s.context.passed(Delay.VPC_ENDPOINT, s.goingSince(e.vpcEndpointId()))) {
                e.networkInterfaceIds().forEach(i -> s.drop(s.interfaces, i));
                s.drop(s.endpoints, e.vpcEndpointId());
            }
        }
    }

    /** The lists that AWS keeps, by id; their ids differ from region to region in AWS, not here. */
    private static Map<String, String> prefixLists(Ec2State s) {
        return Map.of(
                "pl-7ca54015", "com.amazonaws." + s.context.region() + ".s3",
                "pl-b3a742da", "com.amazonaws." + s.context.region() + ".dynamodb",
                "pl-93a247fa", "com.amazonaws.global.cloudfront.origin-facing");
    }

    /** @return the id, if there is such a list */
    static String prefixList(Ec2State s, String id) {
        if (!prefixLists(s).containsKey(id)) {
            throw error("InvalidPrefixListID.NotFound", "The prefix list ID '" + id + "' does not exist");
        }
        return id;
    }

    /** The routes that gateway endpoints have put into a table. */
    static List<Route> routesIn(Ec2State s, String routeTableId) {
        return s.endpoints.all().stream()
                .filter(e -> e.routeTableIds().contains(routeTableId))
                .map(e -> Route.builder()
                        .destinationPrefixListId(listOf(s, e.serviceName()))
                        .gatewayId(e.vpcEndpointId())
                        .origin(RouteOrigin.CREATE_ROUTE)
                        .state(RouteState.ACTIVE)
                        .build())
                .toList();
    }

    private static String listOf(Ec2State s, String service) {
        return prefixLists(s).entrySet().stream()
                .filter(e -> e.getValue().equals(service))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> Endpoints.noService(service));
    }

    static void leaveTable(Ec2State s, String routeTableId) {
        for (VpcEndpoint e : s.endpoints.all()) {
            if (e.routeTableIds().contains(routeTableId)) {
                s.endpoints.put(
                        e.vpcEndpointId(),
                        e.toBuilder()
                                .routeTableIds(e.routeTableIds().stream()
                                        .filter(t -> !t.equals(routeTableId))
                                        .toList())
                                .build());
            }
        }
    }

    @Override
    default CreateVpcEndpointResponse createVpcEndpoint(CreateVpcEndpointRequest r) {
        Ec2State s = state();
        s.check(ResourceType.VPC_ENDPOINT, r.tagSpecifications());
        String id = s.once(r.clientToken(), r, () -> {
            VpcEndpoint made = r.vpcEndpointType() == VpcEndpointType.INTERFACE
                    ? Endpoints.newInterface(s, r)
                    : Endpoints.newGateway(s, r, prefixLists(s).values());
            s.endpoints.put(made.vpcEndpointId(), made);
            s.tag(made.vpcEndpointId(), r.tagSpecifications());
            return made.vpcEndpointId();
        });
        return CreateVpcEndpointResponse.builder()
                .clientToken(r.clientToken())
                .vpcEndpoint(shown(s, s.need(s.endpoints, id, Ec2Errors::noEndpoint)))
                .build();
    }

    private static VpcEndpoint shown(Ec2State s, VpcEndpoint e) {
        return e.toBuilder().tags(s.tagList(e.vpcEndpointId())).build();
    }

    @Override
    default DescribeVpcEndpointsResponse describeVpcEndpoints(DescribeVpcEndpointsRequest r) {
        Ec2State s = state();
        var page = s.describe(
                s.endpoints.visible().stream().map(e -> shown(s, e)).toList(),
                VpcEndpoint::vpcEndpointId,
                Ec2Errors::noEndpoint,
                FILTERS,
                new Ec2State.Asked(r.vpcEndpointIds(), r.filters(), r.nextToken(), r.maxResults()),
                1);
        return DescribeVpcEndpointsResponse.builder()
                .vpcEndpoints(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    default ModifyVpcEndpointResponse modifyVpcEndpoint(ModifyVpcEndpointRequest r) {
        Ec2State s = state();
        VpcEndpoint old = s.need(s.endpoints, r.vpcEndpointId(), Ec2Errors::noEndpoint);
        if (old.state() != State.AVAILABLE) {
            throw error(
                    "InvalidVpcEndpoint.IncorrectState",
                    "The VPC endpoint " + r.vpcEndpointId() + " is in the state " + old.stateAsString());
        }
        s.endpoints.put(r.vpcEndpointId(), Endpoints.modified(s, old, r));
        return ModifyVpcEndpointResponse.builder().returnValue(true).build();
    }

    /** Answers 200 with those that it could not delete. */
    @Override
    default DeleteVpcEndpointsResponse deleteVpcEndpoints(DeleteVpcEndpointsRequest r) {
        Ec2State s = state();
        List<UnsuccessfulItem> failed = new ArrayList<>();
        for (String id : r.vpcEndpointIds()) {
            VpcEndpoint e = s.endpoints.get(id);
            if (e == null) {
                failed.add(UnsuccessfulItem.builder()
                        .resourceId(id)
                        .error(x -> x.code("InvalidVpcEndpoint.NotFound")
                                .message("The Vpc Endpoint Id '" + id + "' does not exist"))
                        .build());
            } else if (e.vpcEndpointType() == VpcEndpointType.GATEWAY) {
                s.drop(s.endpoints, id);
            } else if (e.state() != State.DELETING) {
                s.going(id);
                s.endpoints.put(id, e.toBuilder().state(State.DELETING).build());
            }
        }
        return DeleteVpcEndpointsResponse.builder().unsuccessful(failed).build();
    }

    @Override
    default DescribeManagedPrefixListsResponse describeManagedPrefixLists(DescribeManagedPrefixListsRequest r) {
        Ec2State s = state();
        List<ManagedPrefixList> all = prefixLists(s).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> ManagedPrefixList.builder()
                        .prefixListId(e.getKey())
                        .prefixListName(e.getValue())
                        .prefixListArn("arn:aws:ec2:" + s.context.region() + ":aws:prefix-list/" + e.getKey())
                        .addressFamily("IPv4")
                        .ownerId("AWS")
                        .state(PrefixListState.CREATE_COMPLETE)
                        .tags(List.of())
                        .build())
                .toList();
        var page = s.describe(
                all,
                ManagedPrefixList::prefixListId,
                i -> error("InvalidPrefixListID.NotFound", "The prefix list ID '" + i + "' does not exist"),
                LIST_FILTERS,
                new Ec2State.Asked(r.prefixListIds(), r.filters(), r.nextToken(), null),
                1);
        return DescribeManagedPrefixListsResponse.builder()
                .prefixLists(page.items())
                .nextToken(page.next())
                .build();
    }
}
