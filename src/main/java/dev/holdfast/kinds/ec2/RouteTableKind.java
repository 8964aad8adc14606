package dev.holdfast.kinds.ec2;

import static dev.holdfast.model.Fault.Category.CONFLICT;
import static dev.holdfast.model.Fault.Category.DEPENDENCY;

import dev.holdfast.kind.*;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.wire.Wire;
import dev.holdfast.model.Health;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateRouteRequest;
import software.amazon.awssdk.services.ec2.model.CreateRouteTableRequest;
import software.amazon.awssdk.services.ec2.model.DeleteRouteRequest;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.ReplaceRouteRequest;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;

/** A route table with its routes and the subnets that use it. */
@Singleton
public final class RouteTableKind extends DeclaredKind<RouteTableKind.Spec> {
    private static final String ASSOCIATION_IDS = "associationIds";
    private static final String UNDECLARED_ROUTES = "undeclaredRoutes";

    /**
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html">CreateRouteTable</a>
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html">CreateRoute</a>
     */
    public record Spec(
            @Doc("The VPC of the route table.") @Required @Immutable @Ref("Vpc")
            String vpcId,

            @Doc("The routes, without those that AWS creates: local, propagated, and of gateway endpoints.")
            @Children(leftAlone = UNDECLARED_ROUTES)
            Set<TableRoute> routes,

            @Doc("Whether undeclared routes are deleted (true, the default), or kept and listed in the output"
                    + " undeclaredRoutes (false). With false, a route also stays when its declaration is removed.")
            Boolean exclusiveRoutes,

            @Doc("The subnets that use the table. A subnet of another table moves to this table.")
            @WithdrawnLast(moves = true)
            Set<SubnetAssociation> associations,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    /** A route: one destination, which is one of the first three components, and one target. */
    @OneOf({"destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"})
    @OneOf({
        "gatewayId",
        "natGatewayId",
        "vpcEndpointId",
        "networkInterfaceId",
        "transitGatewayId",
        "vpcPeeringConnectionId",
        "egressOnlyInternetGatewayId"
    })
    public record TableRoute(
            @Doc("The destination: an IPv4 range.") String destinationCidrBlock,
            @Doc("The destination: an IPv6 range.") String destinationIpv6CidrBlock,

            @Doc("The destination: the id of a prefix list.")
            String destinationPrefixListId,

            @Doc("The target: an internet gateway or virtual private gateway.") @Ref("InternetGateway")
            String gatewayId,

            @Doc("The target: a NAT gateway.") @Ref("NatGateway")
            String natGatewayId,

            @Doc("The target: a Gateway Load Balancer endpoint.") @Ref("VpcEndpoint")
            String vpcEndpointId,

            @Doc("The target: a network interface.") String networkInterfaceId,
            @Doc("The target: a transit gateway.") String transitGatewayId,
            @Doc("The target: a VPC peering connection.") String vpcPeeringConnectionId,

            @Doc("The target: an egress-only internet gateway.")
            String egressOnlyInternetGatewayId)
            implements Keyed {
        public TableRoute {
            destinationCidrBlock = Ec2.cidr(destinationCidrBlock);
            destinationIpv6CidrBlock = Ec2.cidr(destinationIpv6CidrBlock);
            // EC2 returns an endpoint as the gateway.
            if (isEndpoint(gatewayId)) {
                vpcEndpointId = gatewayId;
                gatewayId = null;
            }
        }

        /** The destination: a table has one route to each destination. */
        @Override
        public String key() {
            return Stream.of(destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("");
        }

        static boolean isEndpoint(@Nullable String gatewayId) {
            return gatewayId != null && gatewayId.startsWith("vpce-");
        }
    }

    /** A subnet that uses the table. */
    public record SubnetAssociation(
            @Doc("The subnet.") @Required @Ref("Subnet") String subnetId) implements Keyed {
        @Override
        public String key() {
            return subnetId == null ? "" : subnetId;
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Ec2.kind("RouteTable", Spec.class)
                .description("A route table: the destinations of the traffic of subnets.")
                .finds(Ec2.find(RouteTable::routeTableId, RouteTableKind::read))
                .id(RouteTable::routeTableId)
                .tags(Ec2.tagging(ResourceType.ROUTE_TABLE))
                .reads(Spec::routes, table -> Routes.observed(table.routes()))
                .reads(
                        Spec::associations,
                        table -> associationIds(table).keySet().stream()
                                .map(SubnetAssociation::new)
                                .collect(Collectors.toSet()))
                .state(RouteTableKind::complete)
                .creates(CreateRouteTableRequest::builder, Ec2Client::createRouteTable)
                // Routes are written before associations, so that no subnet uses a table without its routes.
                .updates(RouteTableKind::updateRoutes, Spec::routes)
                .updates(RouteTableKind::updateAssociations, Spec::associations)
                .deletesObserved(RouteTableKind::disassociateOrDelete)
                .output("id", "The table's id.", RouteTable::routeTableId)
                .output(ASSOCIATION_IDS, "The ids of the associations, by subnet.", table -> associationIds(table))
                .info(info -> info.output(
                        UNDECLARED_ROUTES, "The destinations of undeclared routes that are kept, if there are any."))
                // The answer to a call was lost, or a subnet moves between two tables: the next observation shows
                // which calls remain.
                .fault("RouteAlreadyExists", CONFLICT)
                .fault("Resource.AlreadyAssociated", CONFLICT)
                .fault("InvalidAssociationID.NotFound", CONFLICT)
                .fault("InvalidRoute.NotFound", CONFLICT)
                // EC2 may not know a new target yet.
                .fault("InvalidGatewayID.NotFound", DEPENDENCY)
                .fault("InvalidNatGatewayID.NotFound", DEPENDENCY)
                .permissions(Permissions.on("ec2:{region}:{account}:route-table/*")
                        .touchesOwn("ec2:CreateRouteTable", "ec2:{region}:{account}:vpc/*")
                        .touchesOwn("ec2:AssociateRouteTable", "ec2:{region}:{account}:subnet/*")
                        .touchesOwn("ec2:ReplaceRouteTableAssociation", "ec2:{region}:{account}:subnet/*")
                        .touches("ec2:DisassociateRouteTable", "ec2:{region}:{account}:subnet/*"))
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html");
    }

    /** EC2 returns at most 100 tables per page. */
    private static Iterable<RouteTable> read(Ec2Client ec2, Filter filter) {
        return ec2.describeRouteTablesPaginator(r -> r.filters(filter).maxResults(100))
                .routeTables();
    }

    /** The ids of the associations with subnets, by subnet. */
    private static Map<String, String> associationIds(RouteTable table) {
        return table.associations().stream()
                .filter(a -> a.subnetId() != null)
                .collect(Collectors.toMap(
                        RouteTableAssociation::subnetId,
                        RouteTableAssociation::routeTableAssociationId,
                        (one, other) -> other,
                        TreeMap::new));
    }

    /** Adds the health, and removes the undeclared routes that a table keeps if exclusiveRoutes is false. */
    private static Known<Spec> complete(Known<Spec> known, RouteTable table, @Nullable Spec desired) {
        List<String> holes = Routes.blackholes(table.routes());
        Known<Spec> read = holes.isEmpty()
                ? known
                : known.health(Health.notReady(
                        "Blackhole", "the targets of these routes do not exist: " + String.join(", ", holes)));
        Boolean exclusive = desired == null ? null : desired.exclusiveRoutes();
        Spec spec = read.spec();
        Set<TableRoute> routes = new LinkedHashSet<>(Objects.requireNonNullElse(spec.routes(), Set.of()));
        List<String> undeclared = List.of();
        if (desired != null && Boolean.FALSE.equals(exclusive)) {
            List<String> declared = Routes.keys(Objects.requireNonNullElse(desired.routes(), Set.of()));
            undeclared = Routes.keys(routes).stream()
                    .filter(key -> !declared.contains(key))
                    .toList();
            routes.removeIf(route -> !declared.contains(route.key()));
        }
        return read.spec(new Spec(spec.vpcId(), routes, exclusive, spec.associations(), spec.tags()))
                .output(UNDECLARED_ROUTES, undeclared.isEmpty() ? null : undeclared);
    }

    private static void updateRoutes(Ec2Client ec2, Change<Spec> change) {
        String id = change.physicalId();
        Delta<TableRoute> routes = change.delta(Spec::routes);
        for (TableRoute r : routes.added()) {
            ec2.createRoute(
                    Wire.fill(CreateRouteRequest.builder().routeTableId(id), r).build());
        }
        for (TableRoute r : routes.altered()) {
            ec2.replaceRoute(
                    Wire.fill(ReplaceRouteRequest.builder().routeTableId(id), r).build());
        }
        for (TableRoute r : routes.removed()) {
            ec2.deleteRoute(
                    Wire.fill(DeleteRouteRequest.builder().routeTableId(id), r).build());
        }
    }

    /**
     * One call moves a subnet from another table, so that the subnet always has its routes. The step of the other table
     * comes later.
     *
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceRouteTableAssociation.html">the new id</a>
     */
    private static void updateAssociations(Ec2Client ec2, Change<Spec> change) {
        String id = change.physicalId();
        Delta<SubnetAssociation> associations = change.delta(Spec::associations);
        List<String> subnets = Stream.concat(associations.added().stream(), associations.removed().stream())
                .map(SubnetAssociation::key)
                .toList();
        Map<String, String> elsewhere = new TreeMap<>();
        Map<String, String> own = new TreeMap<>();
        Ec2.filters("association.subnet-id", subnets)
                .forEach(filter -> read(ec2, filter)
                        .forEach(table ->
                                (table.routeTableId().equals(id) ? own : elsewhere).putAll(associationIds(table))));
        for (SubnetAssociation added : associations.added()) {
            String subnet = added.key();
            String other = elsewhere.get(subnet);
            if (other != null) {
                ec2.replaceRouteTableAssociation(r -> r.associationId(other).routeTableId(id));
            } else if (!own.containsKey(subnet)) {
                ec2.associateRouteTable(r -> r.routeTableId(id).subnetId(subnet));
            }
        }
        for (SubnetAssociation removed : associations.removed()) {
            String association = own.get(removed.key());
            if (association != null) {
                ec2.disassociateRouteTable(r -> r.associationId(association));
            }
        }
    }

    @SuppressWarnings("unchecked") // associationIds creates the output
    private static Map<String, String> ownAssociationIds(Observed<Spec> observed) {
        return (Map<String, String>) observed.known().outputs().getOrDefault(ASSOCIATION_IDS, Map.of());
    }

    private static void disassociateOrDelete(Ec2Client ec2, Observed<Spec> observed) {
        ownAssociationIds(observed).values().stream()
                .findFirst()
                .ifPresentOrElse(
                        a -> ec2.disassociateRouteTable(r -> r.associationId(a)),
                        () -> ec2.deleteRouteTable(r -> r.routeTableId(observed.physicalId())));
    }
}
