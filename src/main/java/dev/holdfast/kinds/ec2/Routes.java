package dev.holdfast.kinds.ec2;

import dev.holdfast.aws.PartialAnswerException;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.kinds.ec2.RouteTableKind.TableRoute;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Route;
import software.amazon.awssdk.services.ec2.model.RouteOrigin;
import software.amazon.awssdk.services.ec2.model.RouteState;

/** Separates the routes that documents declare from those that AWS creates. */
final class Routes {
    private Routes() {}

    /**
     * The routes that AWS did not create: not local, not propagated, not of a gateway endpoint.
     *
     * @throws PartialAnswerException if a route has no destination or no target, so that its origin is unknown
     */
    static Set<TableRoute> observed(Collection<Route> all) {
        return all.stream()
                .filter(r -> !madeByAws(r))
                .map(Routes::whole)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static TableRoute whole(Route r) {
        TableRoute route = Wire.read(TableRoute.class, r);
        if (route.key().isEmpty() || !hasTarget(r)) {
            throw new PartialAnswerException("has a route without its destination or its target: " + route.key());
        }
        return route;
    }

    /**
     * Whether a route has any target, which a document may not be able to name. A blackhole may have none.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html">Route</a>
     */
    private static boolean hasTarget(Route r) {
        return r.state() == RouteState.BLACKHOLE
                || Stream.of(
                                r.gatewayId(),
                                r.natGatewayId(),
                                r.networkInterfaceId(),
                                r.instanceId(),
                                r.transitGatewayId(),
                                r.vpcPeeringConnectionId(),
                                r.egressOnlyInternetGatewayId(),
                                r.carrierGatewayId(),
                                r.localGatewayId(),
                                r.coreNetworkArn(),
                                r.odbNetworkArn(),
                                r.ipAddress())
                        .anyMatch(Objects::nonNull);
    }

    private static boolean madeByAws(Route r) {
        return "local".equals(r.gatewayId())
                || r.origin() == RouteOrigin.ENABLE_VGW_ROUTE_PROPAGATION
                || (TableRoute.isEndpoint(r.gatewayId()) && r.destinationPrefixListId() != null);
    }

    /** The destinations of routes whose target does not exist. */
    static List<String> blackholes(Collection<Route> all) {
        return keys(observed(
                all.stream().filter(r -> r.state() == RouteState.BLACKHOLE).toList()));
    }

    static List<String> keys(Collection<TableRoute> routes) {
        return routes.stream().map(TableRoute::key).sorted().toList();
    }
}
