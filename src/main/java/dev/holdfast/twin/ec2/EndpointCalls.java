package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;

import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** VPC endpoints, and the prefix lists of AWS that gateway endpoints route to. */
interface EndpointCalls extends Ec2Client {
    Filters FILTERS = Filters.of(
            "vpc-endpoint-id",
            "vpc-id",
            "service-name",
            "vpc-endpoint-type",
            "vpc-endpoint-state=state",
            "ip-address-type");

    Filters SERVICE_LIST_FILTERS = Filters.of("prefix-list-id", "prefix-list-name");
    Filters LIST_FILTERS = Filters.of("prefix-list-id", "prefix-list-name", "owner-id");

    Ec2State state();

    static void settle(Ec2State s) {
        for (VpcEndpoint e : s.endpoints.all()) {
            if (e.state() == State.PENDING && s.context.passed(Delay.VPC_ENDPOINT, e.creationTimestamp())) {
                s.endpoints.put(e.toBuilder().state(State.AVAILABLE).build());
            }
            if (e.state() == State.DELETING
                    && s.context.passed(Delay.VPC_ENDPOINT, s.leavingSince(e.vpcEndpointId()))) {
                e.networkInterfaceIds().forEach(i -> s.interfaces.remove(i));
                s.endpoints.remove(e.vpcEndpointId());
            }
        }
    }

    /** The prefix lists of AWS, by id. In AWS the ids differ between regions; in the twin they do not. */
    private static Map<String, String> prefixLists(Ec2State s) {
        return Map.of(
                "pl-7ca54015", "com.amazonaws." + s.context.region() + ".s3",
                "pl-b3a742da", "com.amazonaws." + s.context.region() + ".dynamodb",
                "pl-93a247fa", "com.amazonaws.global.cloudfront.origin-facing");
    }

    /** @return the id, if the list exists */
    static String prefixList(Ec2State s, String id) {
        if (!prefixLists(s).containsKey(id)) {
            throw error("InvalidPrefixListID.NotFound", "The prefix list ID '" + id + "' does not exist");
        }
        return id;
    }

    /** The routes that gateway endpoints have added to a table. */
    static List<Route> routesIn(Ec2State s, String routeTableId) {
        return s.endpoints.stream()
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
                s.endpoints.put(e.toBuilder()
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
            s.endpoints.add(made, TwinTags.in(r));
            return made.vpcEndpointId();
        });
        return CreateVpcEndpointResponse.builder()
                .clientToken(r.clientToken())
                .vpcEndpoint(s.endpoints.shown(id))
                .build();
    }

    @Override
    default DescribeVpcEndpointsResponse describeVpcEndpoints(DescribeVpcEndpointsRequest r) {
        Ec2State s = state();
        return s.describe(s.endpoints, FILTERS, r, DescribeVpcEndpointsResponse.builder(), r.vpcEndpointIds());
    }

    @Override
    default ModifyVpcEndpointResponse modifyVpcEndpoint(ModifyVpcEndpointRequest r) {
        Ec2State s = state();
        VpcEndpoint old = s.endpoints.need(r.vpcEndpointId());
        if (old.state() != State.AVAILABLE) {
            throw error(
                    "InvalidVpcEndpoint.IncorrectState",
                    "The VPC endpoint " + r.vpcEndpointId() + " is in the state " + old.stateAsString());
        }
        s.endpoints.put(Endpoints.modified(s, old, r));
        return ModifyVpcEndpointResponse.builder().returnValue(true).build();
    }

    /** The answer is HTTP 200 and lists the endpoints that could not be deleted. */
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
                s.endpoints.remove(id);
            } else if (e.state() != State.DELETING) {
                s.leave(id);
                s.endpoints.put(e.toBuilder().state(State.DELETING).build());
            }
        }
        return DeleteVpcEndpointsResponse.builder().unsuccessful(failed).build();
    }

    @Override
    default DescribeManagedPrefixListsResponse describeManagedPrefixLists(DescribeManagedPrefixListsRequest r) {
        Ec2State s = state();
        Stream<ManagedPrefixList> all = prefixLists(s).entrySet().stream()
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
                .filter(list -> r.prefixListIds().isEmpty() || r.prefixListIds().contains(list.prefixListId()));
        r.prefixListIds().forEach(id -> prefixList(s, id));
        return s.page(LIST_FILTERS, r, DescribeManagedPrefixListsResponse.builder(), all, 1000);
    }

    /** The prefix lists of AWS for gateway endpoints; Terraform's provider uses this call to read an endpoint. */
    @Override
    default DescribePrefixListsResponse describePrefixLists(DescribePrefixListsRequest r) {
        Ec2State s = state();
        r.prefixListIds().forEach(id -> prefixList(s, id));
        Stream<PrefixList> all = prefixLists(s).entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> PrefixList.builder()
                        .prefixListId(e.getKey())
                        .prefixListName(e.getValue())
                        .build())
                .filter(list -> r.prefixListIds().isEmpty() || r.prefixListIds().contains(list.prefixListId()));
        return s.page(SERVICE_LIST_FILTERS, r, DescribePrefixListsResponse.builder(), all, 1000);
    }
}
