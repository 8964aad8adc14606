package dev.holdfast.twin.ec2;

import static dev.holdfast.twin.ec2.Ec2Errors.error;
import static dev.holdfast.twin.ec2.Ec2Errors.invalid;

import inet.ipaddr.IPAddress;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.*;

/** The targets of routes: the targets that a table accepts, and whether a target still exists. */
final class RouteTargets {
    private RouteTargets() {}

    static @Nullable String masked(@Nullable String cidr) {
        IPAddress block = Blocks.parse(cidr);
        return block == null ? cidr : Blocks.text(block);
    }

    static String destination(Route r) {
        return Stream.of(r.destinationCidrBlock(), r.destinationIpv6CidrBlock(), r.destinationPrefixListId())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    static boolean sameDestination(Route a, Route b) {
        return destination(a).equals(destination(b));
    }

    static CreateRouteRequest asCreate(ReplaceRouteRequest r) {
        return CreateRouteRequest.builder()
                .routeTableId(r.routeTableId())
                .destinationCidrBlock(r.destinationCidrBlock())
                .destinationIpv6CidrBlock(r.destinationIpv6CidrBlock())
                .destinationPrefixListId(r.destinationPrefixListId())
                .gatewayId(r.gatewayId())
                .natGatewayId(r.natGatewayId())
                .networkInterfaceId(r.networkInterfaceId())
                .vpcEndpointId(r.vpcEndpointId())
                .transitGatewayId(r.transitGatewayId())
                .vpcPeeringConnectionId(r.vpcPeeringConnectionId())
                .egressOnlyInternetGatewayId(r.egressOnlyInternetGatewayId())
                .build();
    }

    /** The route in a request; throws EC2's errors for an invalid route. */
    static Route route(Ec2State s, RouteTable table, CreateRouteRequest r) {
        Route route = Route.builder()
                .destinationCidrBlock(masked(r.destinationCidrBlock()))
                .destinationIpv6CidrBlock(masked(r.destinationIpv6CidrBlock()))
                .destinationPrefixListId(r.destinationPrefixListId())
                .gatewayId(r.gatewayId() == null ? r.vpcEndpointId() : r.gatewayId())
                .natGatewayId(r.natGatewayId())
                .networkInterfaceId(r.networkInterfaceId())
                .transitGatewayId(r.transitGatewayId())
                .vpcPeeringConnectionId(r.vpcPeeringConnectionId())
                .egressOnlyInternetGatewayId(r.egressOnlyInternetGatewayId())
                .origin(RouteOrigin.CREATE_ROUTE)
                .state(RouteState.ACTIVE)
                .build();
        if (count(route.destinationCidrBlock(), route.destinationIpv6CidrBlock(), route.destinationPrefixListId())
                != 1) {
            throw error(
                    "MissingParameter",
                    "The request must contain exactly one of destinationCidrBlock, destinationIpv6CidrBlock,"
                            + " destinationPrefixListId");
        }
        destinationAllowed(s, table, route);
        if (count(
                        route.gatewayId(),
                        route.natGatewayId(),
                        route.networkInterfaceId(),
                        route.transitGatewayId(),
                        route.vpcPeeringConnectionId(),
                        route.egressOnlyInternetGatewayId())
                != 1) {
            throw error("InvalidParameterCombination", "The request must contain exactly one target of the route");
        }
        targetExists(s, table, route);
        return route;
    }

    private static long count(@Nullable String... values) {
        return Stream.of(values).filter(Objects::nonNull).count();
    }

    private static void destinationAllowed(Ec2State s, RouteTable table, Route route) {
        String cidr = route.destinationCidrBlock();
        if (cidr != null && Blocks.parse(cidr) == null) {
            throw invalid("Value (" + cidr
                    + ") for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.");
        }
        Vpc vpc = s.vpcs.need(table.vpcId());
        if (cidr != null && Blocks.contains(vpc.cidrBlock(), cidr)) {
            throw invalid("The destination CIDR block " + cidr
                    + " is equal to or more specific than one of this VPC's CIDR blocks. This route can target only"
                    + " an interface or an instance.");
        }
        if (route.destinationPrefixListId() != null) {
            EndpointCalls.prefixList(s, route.destinationPrefixListId());
        }
    }

    private static void targetExists(Ec2State s, RouteTable table, Route route) {
        if (route.natGatewayId() != null) {
            NatGateway nat = s.nats.get(route.natGatewayId());
            if (nat == null
                    || List.of(NatGatewayState.DELETED, NatGatewayState.FAILED).contains(nat.state())) {
                throw error(
                        "InvalidNatGatewayID.NotFound",
                        "The natGateway ID '" + route.natGatewayId() + "' does not exist");
            }
            if (!nat.vpcId().equals(table.vpcId())) {
                throw differentNetworks(table, "nat gateway", route.natGatewayId());
            }
        } else if (route.gatewayId() != null && route.gatewayId().startsWith("igw-")) {
            InternetGateway gateway = s.gateways.get(route.gatewayId());
            if (gateway == null) {
                throw error("InvalidGatewayID.NotFound", "The gateway ID '" + route.gatewayId() + "' does not exist");
            }
            if (!GatewayCalls.attachedTo(gateway, table.vpcId())) {
                throw differentNetworks(table, "network gateway", route.gatewayId());
            }
        } else if (route.gatewayId() != null && route.gatewayId().startsWith("vpce-")) {
            s.endpoints.need(route.gatewayId());
        } else if (route.networkInterfaceId() != null) {
            s.interfaces.need(route.networkInterfaceId());
        } else {
            throw error("InvalidGatewayID.NotFound", "The gateway ID of the route does not exist");
        }
    }

    private static RuntimeException differentNetworks(RouteTable table, String what, String id) {
        return invalid(
                "route table " + table.routeTableId() + " and " + what + " " + id + " belong to different networks");
    }

    /** Whether the target of a route exists. */
    static boolean alive(Ec2State s, String vpcId, Route r) {
        if (r.natGatewayId() != null) {
            NatGateway nat = s.nats.get(r.natGatewayId());
            return nat != null && nat.state() != NatGatewayState.DELETED && nat.state() != NatGatewayState.FAILED;
        }
        if (r.networkInterfaceId() != null) {
            return s.interfaces.get(r.networkInterfaceId()) != null;
        }
        if (r.gatewayId() != null && r.gatewayId().startsWith("igw-")) {
            InternetGateway gateway = s.gateways.get(r.gatewayId());
            return gateway != null && GatewayCalls.attachedTo(gateway, vpcId);
        }
        return r.gatewayId() == null || !r.gatewayId().startsWith("vpce-") || s.endpoints.get(r.gatewayId()) != null;
    }
}
