package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.inUse;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AssociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.AssociateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.CreateRouteRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteResponse;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.DeleteRouteRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteResponse;
import software.amazon.awssdk.services.ec2.model.DeleteRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesRequest;
import software.amazon.awssdk.services.ec2.model.DescribeRouteTablesResponse;
import software.amazon.awssdk.services.ec2.model.DisassociateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DisassociateRouteTableResponse;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteRequest;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteResponse;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteTableAssociationRequest;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteTableAssociationResponse;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteOrigin;
import software.amazon.awssdk.services.ec2.model.RouteState;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;

/** Route tables, their routes and their associations. */
interface RouteCalls extends Ec2Client {
    Filters<RouteTable> FILTERS = Filters.of(RouteTable::tags)
            .one("route-table-id", RouteTable::routeTableId)
            .one("vpc-id", RouteTable::vpcId)
            .one("owner-id", RouteTable::ownerId)
            .many("association.main", t -> associations(t, a -> String.valueOf(a.main())))
            .many("association.subnet-id", t -> associations(t, RouteTableAssociation::subnetId))
            .many("association.route-table-id", t -> associations(t, RouteTableAssociation::routeTableId))
            .many(
                    "association.route-table-association-id",
                    t -> associations(t, RouteTableAssociation::routeTableAssociationId))
            .many("route.destination-cidr-block", t -> routes(t, Route::destinationCidrBlock))
            .many("route.gateway-id", t -> routes(t, Route::gatewayId))
            .many("route.nat-gateway-id", t -> routes(t, Route::natGatewayId))
            .many("route.state", t -> routes(t, Route::stateAsString));

    private static List<String> associations(RouteTable t, Function<RouteTableAssociation, String> value) {
        return t.associations().stream().map(value).filter(Objects::nonNull).toList();
    }

    private static List<String> routes(RouteTable t, Function<Route, String> value) {
        return t.routes().stream().map(value).filter(Objects::nonNull).toList();
    }

    Ec2State state();

    static boolean isMain(RouteTable table) {
        return table.associations().stream().anyMatch(RouteTableAssociation::main);
    }

    static RouteTable make(Ec2State s, Vpc vpc) {
        RouteTable made = RouteTable.builder()
                .routeTableId(s.id("rtb"))
                .vpcId(vpc.vpcId())
                .ownerId(s.context.account())
                .routes(Route.builder()
                        .destinationCidrBlock(vpc.cidrBlock())
                        .gatewayId("local")
                        .origin(RouteOrigin.CREATE_ROUTE_TABLE)
                        .state(RouteState.ACTIVE)
                        .build())
                .associations(List.of())
                .propagatingVgws(List.of())
                .build();
        s.routeTables.put(made.routeTableId(), made);
        return made;
    }

    /** Takes a subnet out of the table that it was associated with. */
    static void dissociate(Ec2State s, String subnetId) {
        for (RouteTable t : s.routeTables.all()) {
            if (t.associations().stream().anyMatch(a -> subnetId.equals(a.subnetId()))) {
                s.routeTables.put(
                        t.routeTableId(),
                        t.toBuilder()
                                .associations(t.associations().stream()
                                        .filter(a -> !subnetId.equals(a.subnetId()))
                                        .toList())
                                .build());
            }
        }
    }

    /** With the routes of gateway endpoints, and with what its routes have come to. */
    static RouteTable shown(Ec2State s, RouteTable table) {
        List<Route> routes = new ArrayList<>();
        table.routes()
                .forEach(r -> routes.add(r.toBuilder()
                        .state(RouteTargets.alive(s, table.vpcId(), r) ? RouteState.ACTIVE : RouteState.BLACKHOLE)
                        .build()));
        routes.addAll(EndpointCalls.routesIn(s, table.routeTableId()));
        return table.toBuilder()
                .routes(routes)
                .tags(s.tagList(table.routeTableId()))
                .build();
    }

    @Override
    default CreateRouteTableResponse createRouteTable(CreateRouteTableRequest r) {
        Ec2State s = state();
        s.check(ResourceType.ROUTE_TABLE, r.tagSpecifications());
        String id = s.once(r.clientToken(), r, () -> {
            String made = make(s, s.need(s.vpcs, r.vpcId(), Ec2Errors::noVpc)).routeTableId();
            s.tag(made, r.tagSpecifications());
            return made;
        });
        return CreateRouteTableResponse.builder()
                .clientToken(r.clientToken())
                .routeTable(shown(s, s.need(s.routeTables, id, Ec2Errors::noRouteTable)))
                .build();
    }

    @Override
    default DescribeRouteTablesResponse describeRouteTables(DescribeRouteTablesRequest r) {
        Ec2State s = state();
        var page = s.describe(
                s.routeTables.visible().stream().map(t -> shown(s, t)).toList(),
                RouteTable::routeTableId,
                Ec2Errors::noRouteTable,
                FILTERS,
                new Ec2State.Asked(r.routeTableIds(), r.filters(), r.nextToken(), r.maxResults()),
                5,
                100);
        return DescribeRouteTablesResponse.builder()
                .routeTables(page.items())
                .nextToken(page.next())
                .build();
    }

    @Override
    default CreateRouteResponse createRoute(CreateRouteRequest r) {
        Ec2State s = state();
        RouteTable table = s.need(s.routeTables, r.routeTableId(), Ec2Errors::noRouteTable);
        Route route = RouteTargets.route(s, table, r);
        if (shown(s, table).routes().stream().anyMatch(x -> RouteTargets.sameDestination(x, route))) {
            throw error(
                    "RouteAlreadyExists",
                    "The route identified by " + RouteTargets.destination(route) + " already exists.");
        }
        keep(s, table, table.routes(), route);
        return CreateRouteResponse.builder().returnValue(true).build();
    }

    @Override
    default ReplaceRouteResponse replaceRoute(ReplaceRouteRequest r) {
        Ec2State s = state();
        RouteTable table = s.need(s.routeTables, r.routeTableId(), Ec2Errors::noRouteTable);
        Route route = RouteTargets.route(s, table, RouteTargets.asCreate(r));
        if (table.routes().stream().noneMatch(x -> RouteTargets.sameDestination(x, route))) {
            throw invalid("There is no route defined for '" + RouteTargets.destination(route)
                    + "' in the route table. Use CreateRoute instead.");
        }
        keep(s, table, without(table, route), route);
        return ReplaceRouteResponse.builder().build();
    }

    @Override
    default DeleteRouteResponse deleteRoute(DeleteRouteRequest r) {
        Ec2State s = state();
        RouteTable table = s.need(s.routeTables, r.routeTableId(), Ec2Errors::noRouteTable);
        Route gone = Route.builder()
                .destinationCidrBlock(RouteTargets.masked(r.destinationCidrBlock()))
                .destinationIpv6CidrBlock(RouteTargets.masked(r.destinationIpv6CidrBlock()))
                .destinationPrefixListId(r.destinationPrefixListId())
                .build();
        Route there = shown(s, table).routes().stream()
                .filter(x -> RouteTargets.sameDestination(x, gone))
                .findFirst()
                .orElseThrow(() -> error(
                        "InvalidRoute.NotFound",
                        "no route with destination-cidr-block " + RouteTargets.destination(gone) + " in route table "
                                + r.routeTableId()));
        if ("local".equals(there.gatewayId())) {
            throw invalid("cannot remove local route " + RouteTargets.destination(gone) + " in route table "
                    + r.routeTableId());
        }
        if (there.gatewayId() != null && there.gatewayId().startsWith("vpce-")) {
            throw invalid("cannot remove VPC endpoint route " + RouteTargets.destination(gone) + " in route table "
                    + r.routeTableId());
        }
        s.routeTables.put(
                r.routeTableId(), table.toBuilder().routes(without(table, gone)).build());
        return DeleteRouteResponse.builder().build();
    }

    private static List<Route> without(RouteTable table, Route route) {
        return table.routes().stream()
                .filter(x -> !RouteTargets.sameDestination(x, route))
                .toList();
    }

    private static void keep(Ec2State s, RouteTable table, List<Route> others, Route route) {
        List<Route> all = new ArrayList<>(others);
        all.add(route);
        s.routeTables.put(table.routeTableId(), table.toBuilder().routes(all).build());
    }

    @Override
    default AssociateRouteTableResponse associateRouteTable(AssociateRouteTableRequest r) {
        Ec2State s = state();
        RouteTable table = s.need(s.routeTables, r.routeTableId(), Ec2Errors::noRouteTable);
        if (r.subnetId() == null) {
            throw missing("subnetId");
        }
        Subnet subnet = s.need(s.subnets, r.subnetId(), Ec2Errors::noSubnet);
        if (!subnet.vpcId().equals(table.vpcId())) {
            throw invalid("Route table " + r.routeTableId() + " and subnet " + r.subnetId()
                    + " belong to different networks");
        }
        if (s.routeTables.all().stream()
                .flatMap(t -> t.associations().stream())
                .anyMatch(a -> r.subnetId().equals(a.subnetId()))) {
            throw error(
                    "Resource.AlreadyAssociated",
                    "the specified association for route table " + r.routeTableId()
                            + " conflicts with an existing association");
        }
        return AssociateRouteTableResponse.builder()
                .associationId(associate(s, table, r.subnetId()))
                .associationState(a -> a.state("associated"))
                .build();
    }

    private static String associate(Ec2State s, RouteTable table, String subnetId) {
        String id = s.id("rtbassoc");
        List<RouteTableAssociation> all = new ArrayList<>(table.associations());
        all.add(RouteTableAssociation.builder()
                .routeTableAssociationId(id)
                .routeTableId(table.routeTableId())
                .subnetId(subnetId)
                .main(false)
                .associationState(a -> a.state("associated"))
                .build());
        s.routeTables.put(
                table.routeTableId(), table.toBuilder().associations(all).build());
        return id;
    }

    private static RouteTableAssociation association(Ec2State s, String id) {
        return s.routeTables.all().stream()
                .flatMap(t -> t.associations().stream())
                .filter(a -> a.routeTableAssociationId().equals(id))
                .findFirst()
                .orElseThrow(
                        () -> error("InvalidAssociationID.NotFound", "The association ID '" + id + "' does not exist"));
    }

    @Override
    default DisassociateRouteTableResponse disassociateRouteTable(DisassociateRouteTableRequest r) {
        Ec2State s = state();
        RouteTableAssociation association = association(s, r.associationId());
        if (association.main()) {
            throw invalid("cannot disassociate the main route table association " + r.associationId());
        }
        dissociate(s, association.subnetId());
        return DisassociateRouteTableResponse.builder().build();
    }

    @Override
    default ReplaceRouteTableAssociationResponse replaceRouteTableAssociation(ReplaceRouteTableAssociationRequest r) {
        Ec2State s = state();
        RouteTableAssociation association = association(s, r.associationId());
        s.need(s.routeTables, r.routeTableId(), Ec2Errors::noRouteTable);
        if (association.main()) {
            throw error("UnsupportedOperation", "The twin does not move the main association.");
        }
        dissociate(s, association.subnetId());
        RouteTable table = s.need(s.routeTables, r.routeTableId(), Ec2Errors::noRouteTable);
        return ReplaceRouteTableAssociationResponse.builder()
                .newAssociationId(associate(s, table, association.subnetId()))
                .associationState(a -> a.state("associated"))
                .build();
    }

    @Override
    default DeleteRouteTableResponse deleteRouteTable(DeleteRouteTableRequest r) {
        Ec2State s = state();
        RouteTable table = s.need(s.routeTables, r.routeTableId(), Ec2Errors::noRouteTable);
        if (!table.associations().isEmpty()) {
            throw inUse("routeTable", r.routeTableId());
        }
        EndpointCalls.leaveTable(s, r.routeTableId());
        s.drop(s.routeTables, r.routeTableId());
        return DeleteRouteTableResponse.builder().build();
    }
}
