package dev.holdfast.kinds.ec2;

import dev.holdfast.kinds.ec2.RouteTableKind.Route;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.ec2.model.CreateRouteRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteRequest;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteRequest;
import software.amazon.awssdk.services.ec2.model.RouteOrigin;
import software.amazon.awssdk.services.ec2.model.RouteState;

/** A route's ways to and from EC2. */
final class Routes {
    private Routes() {}

    /** Those that somebody has put there: not local, not propagated, not a gateway endpoint's. */
    static Set<Route> observed(Collection<software.amazon.awssdk.services.ec2.model.Route> all) {
        Set<Route> routes = new LinkedHashSet<>();
        all.stream().filter(r -> !madeByAws(r)).forEach(r -> {
            boolean endpoint = r.gatewayId() != null && r.gatewayId().startsWith("vpce-");
            routes.add(new Route(
                    r.destinationCidrBlock(),
                    r.destinationIpv6CidrBlock(),
                    r.destinationPrefixListId(),
                    endpoint ? null : r.gatewayId(),
                    r.natGatewayId(),
                    endpoint ? r.gatewayId() : null,
                    r.networkInterfaceId(),
                    r.transitGatewayId(),
                    r.vpcPeeringConnectionId(),
                    r.egressOnlyInternetGatewayId()));
        });
        return routes;
    }

    private static boolean madeByAws(software.amazon.awssdk.services.ec2.model.Route r) {
        String gateway = r.gatewayId();
        return "local".equals(gateway)
                || r.origin() == RouteOrigin.ENABLE_VGW_ROUTE_PROPAGATION
                || (gateway != null && gateway.startsWith("vpce-") && r.destinationPrefixListId() != null);
    }

    /** Destinations of routes that lead nowhere any more. */
    static List<String> blackholes(Collection<software.amazon.awssdk.services.ec2.model.Route> all) {
        return observed(all.stream()
                        .filter(r -> r.state() == RouteState.BLACKHOLE)
                        .toList())
                .stream()
                .map(Route::key)
                .sorted()
                .toList();
    }

    static CreateRouteRequest creation(String tableId, Route r) {
        return CreateRouteRequest.builder()
                .routeTableId(tableId)
                .destinationCidrBlock(r.destinationCidrBlock())
                .destinationIpv6CidrBlock(r.destinationIpv6CidrBlock())
                .destinationPrefixListId(r.destinationPrefixListId())
                .gatewayId(r.gatewayId())
                .natGatewayId(r.natGatewayId())
                .vpcEndpointId(r.vpcEndpointId())
                .networkInterfaceId(r.networkInterfaceId())
                .transitGatewayId(r.transitGatewayId())
                .vpcPeeringConnectionId(r.vpcPeeringConnectionId())
                .egressOnlyInternetGatewayId(r.egressOnlyInternetGatewayId())
                .build();
    }

    static ReplaceRouteRequest replacement(String tableId, Route r) {
        return ReplaceRouteRequest.builder()
                .routeTableId(tableId)
                .destinationCidrBlock(r.destinationCidrBlock())
                .destinationIpv6CidrBlock(r.destinationIpv6CidrBlock())
                .destinationPrefixListId(r.destinationPrefixListId())
                .gatewayId(r.gatewayId())
                .natGatewayId(r.natGatewayId())
                .vpcEndpointId(r.vpcEndpointId())
                .networkInterfaceId(r.networkInterfaceId())
                .transitGatewayId(r.transitGatewayId())
                .vpcPeeringConnectionId(r.vpcPeeringConnectionId())
                .egressOnlyInternetGatewayId(r.egressOnlyInternetGatewayId())
                .build();
    }

    static DeleteRouteRequest deletion(String tableId, Route r) {
        return DeleteRouteRequest.builder()
                .routeTableId(tableId)
                .destinationCidrBlock(r.destinationCidrBlock())
                .destinationIpv6CidrBlock(r.destinationIpv6CidrBlock())
                .destinationPrefixListId(r.destinationPrefixListId())
                .build();
    }
}
