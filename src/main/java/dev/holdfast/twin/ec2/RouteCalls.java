package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.inUse;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;
import static dev.holdfast.twin.ec2.Ec2Errors.missing;

import dev.holdfast.twin.store.TwinTags;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** Route tables, their routes and their associations. */
interface RouteCalls extends Ec2Client {
    Filters FILTERS = Filters.of(
            "route-table-id",
            "vpc-id",
            "owner-id",
            "association.main=associations.main",
            "association.subnet-id=associations.subnet-id",
            "association.route-table-id=associations.route-table-id",
            "association.route-table-association-id=associations.route-table-association-id",
            "route.destination-cidr-block=routes.destination-cidr-block",
            "route.gateway-id=routes.gateway-id",
            "route.nat-gateway-id=routes.nat-gateway-id",
            "route.state=routes.state");

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
        s.routeTables.put(made);
        return made;
    }

    /** Removes a subnet's association with its route table. */
    static void dissociate(Ec2State s, String subnetId) {
        for (RouteTable t : s.routeTables.all()) {
            if (t.associations().stream().anyMatch(a -> subnetId.equals(a.subnetId()))) {
                s.routeTables.put(t.toBuilder()
                        .associations(t.associations().stream()
                                .filter(a -> !subnetId.equals(a.subnetId()))
                                .toList())
                        .build());
            }
        }
    }

    /** The routes of a table and of its gateway endpoints, with their states. */
    static List<Route> shownRoutes(Ec2State s, RouteTable table) {
        List<Route> routes = new ArrayList<>();
        table.routes()
                .forEach(r -> routes.add(r.toBuilder()
                        .state(RouteTargets.alive(s, table.vpcId(), r) ? RouteState.ACTIVE : RouteState.BLACKHOLE)
                        .build()));
        routes.addAll(EndpointCalls.routesIn(s, table.routeTableId()));
        return routes;
    }

    @Override
    default CreateRouteTableResponse createRouteTable(CreateRouteTableRequest r) {
        Ec2State s = state();
        s.check(ResourceType.ROUTE_TABLE, r.tagSpecifications());
        String id = s.once(r.clientToken(), r, () -> {
            String made = make(s, s.vpcs.need(r.vpcId())).routeTableId();
            s.routeTables.tag(made, TwinTags.in(r));
            return made;
        });
        return CreateRouteTableResponse.builder()
                .clientToken(r.clientToken())
                .routeTable(s.routeTables.shown(id))
                .build();
    }

    @Override
    default DescribeRouteTablesResponse describeRouteTables(DescribeRouteTablesRequest r) {
        Ec2State s = state();
        Ec2State.checkMaxResults(r, r.routeTableIds(), 100);
        return s.page(FILTERS, r, DescribeRouteTablesResponse.builder(), s.routeTables.visible(r.routeTableIds()), 100);
    }

    @Override
    default CreateRouteResponse createRoute(CreateRouteRequest r) {
        Ec2State s = state();
        RouteTable table = s.routeTables.need(r.routeTableId());
        Route route = RouteTargets.route(s, table, r);
        if (shownRoutes(s, table).stream().anyMatch(x -> RouteTargets.sameDestination(x, route))) {
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
        RouteTable table = s.routeTables.need(r.routeTableId());
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
        RouteTable table = s.routeTables.need(r.routeTableId());
        Route gone = Route.builder()
                .destinationCidrBlock(RouteTargets.masked(r.destinationCidrBlock()))
                .destinationIpv6CidrBlock(RouteTargets.masked(r.destinationIpv6CidrBlock()))
                .destinationPrefixListId(r.destinationPrefixListId())
                .build();
        Route there = shownRoutes(s, table).stream()
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
        s.routeTables.put(table.toBuilder().routes(without(table, gone)).build());
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
        s.routeTables.put(table.toBuilder().routes(all).build());
    }

    @Override
    default AssociateRouteTableResponse associateRouteTable(AssociateRouteTableRequest r) {
        Ec2State s = state();
        RouteTable table = s.routeTables.need(r.routeTableId());
        if (r.subnetId() == null) {
            throw missing("subnetId");
        }
        Subnet subnet = s.subnets.need(r.subnetId());
        if (!subnet.vpcId().equals(table.vpcId())) {
            throw invalid("Route table " + r.routeTableId() + " and subnet " + r.subnetId()
                    + " belong to different networks");
        }
        if (s.routeTables.stream()
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
        s.routeTables.put(table.toBuilder().associations(all).build());
        return id;
    }

    private static RouteTableAssociation association(Ec2State s, String id) {
        return s.routeTables.stream()
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
        s.routeTables.need(r.routeTableId());
        if (association.main()) {
            throw error("UnsupportedOperation", "The twin does not move the main association.");
        }
        dissociate(s, association.subnetId());
        RouteTable table = s.routeTables.need(r.routeTableId());
        return ReplaceRouteTableAssociationResponse.builder()
                .newAssociationId(associate(s, table, association.subnetId()))
                .associationState(a -> a.state("associated"))
                .build();
    }

    @Override
    default DeleteRouteTableResponse deleteRouteTable(DeleteRouteTableRequest r) {
        Ec2State s = state();
        RouteTable table = s.routeTables.need(r.routeTableId());
        if (!table.associations().isEmpty()) {
            throw inUse("routeTable", r.routeTableId());
        }
        EndpointCalls.leaveTable(s, r.routeTableId());
        s.routeTables.remove(r.routeTableId());
        return DeleteRouteTableResponse.builder().build();
    }
}
