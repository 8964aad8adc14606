package dev.holdfast.kinds.ec2;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Keyed;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.StackRef;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import dev.holdfast.model.Health;
import jakarta.inject.Singleton;
import java.util.Collection;
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
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.RouteTable;
import software.amazon.awssdk.services.ec2.model.RouteTableAssociation;

/** A route table with its routes and the subnets that it is for. */
@Singleton
public final class RouteTableKind implements Kind<RouteTableKind.Spec> {
    private static final String ASSOCIATION_IDS = "associationIds";

    /**
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html">CreateRouteTable</a>
     * @see <a href="https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRoute.html">CreateRoute</a>
     */
    public record Spec(
            @Doc("The VPC that it is in.") @Required @Immutable @Ref("Vpc") @Nullable
            String vpcId,

            @Doc("The routes. Those that AWS makes are not among them: local, propagated, of gateway endpoints.")
            @Nullable
            Set<Route> routes,

            @Doc("Whether routes that are not declared are deleted (true, if nothing is said), or left alone and told"
                    + " of in the output undeclaredRoutes. Left alone, a route that is no longer declared stays.")
            @Nullable
            Boolean exclusiveRoutes,

            @Doc("What it is for. A subnet that is associated with another table moves over.") @Nullable
            Set<Association> associations,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    /** One route: one destination, which is one of the first three, and one target. */
    public record Route(
            @Doc("An IPv4 range.") @Nullable String destinationCidrBlock,
            @Doc("An IPv6 range.") @Nullable String destinationIpv6CidrBlock,
            @Doc("The id of a prefix list.") @Nullable String destinationPrefixListId,

            @Doc("An internet gateway or virtual private gateway.") @Ref("InternetGateway") @Nullable
            String gatewayId,

            @Doc("A NAT gateway.") @Ref("NatGateway") @Nullable
            String natGatewayId,

            @Doc("A Gateway Load Balancer endpoint.") @Ref("VpcEndpoint") @Nullable
            String vpcEndpointId,

            @Doc("A network interface.") @Nullable String networkInterfaceId,
            @Doc("A transit gateway.") @Nullable String transitGatewayId,
            @Doc("A VPC peering connection.") @Nullable String vpcPeeringConnectionId,

            @Doc("An egress-only internet gateway.") @Nullable
            String egressOnlyInternetGatewayId)
            implements Keyed {
        public Route {
            destinationCidrBlock = Ec2.cidr(destinationCidrBlock);
            destinationIpv6CidrBlock = Ec2.cidr(destinationIpv6CidrBlock);
        }

        /** The destination: a table has one route to each. */
        @Override
        public String key() {
            return Stream.of(destinationCidrBlock, destinationIpv6CidrBlock, destinationPrefixListId)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse("");
        }
    }

    public record Association(
            @Doc("A subnet.") @Required @Ref("Subnet") @Nullable
            String subnetId) implements Keyed {
        @Override
        public String key() {
            return subnetId == null ? "" : subnetId;
        }
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("RouteTable", Spec.class, OwnershipForm.TAG)
                .description("Where the traffic of subnets goes.")
                .output("id", "The table's id.")
                .output(ASSOCIATION_IDS, "The ids of its associations, by subnet.")
                .output("undeclaredRoutes", "Destinations of routes that are left alone, where there are any.")
                .page("https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateRouteTable.html")
                // A call whose answer was lost, or a subnet that two tables pass on: the next look knows what is left.
                .fault(FaultRule.of("RouteAlreadyExists", Fault.Category.CONFLICT))
                .fault(FaultRule.of("Resource.AlreadyAssociated", Fault.Category.CONFLICT))
                .fault(FaultRule.of("InvalidAssociationID.NotFound", Fault.Category.CONFLICT))
                .fault(FaultRule.of("InvalidRoute.NotFound", Fault.Category.CONFLICT))
                // What it leads to was made a moment ago.
                .fault(FaultRule.of("InvalidGatewayID.NotFound", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("InvalidNatGatewayID.NotFound", Fault.Category.DEPENDENCY))
                .permissions(Permissions.on("ec2:{region}:{account}:route-table/*")
                        .lists("ec2:DescribeRouteTables")
                        .creates("ec2:CreateRouteTable")
                        .touches("ec2:CreateRouteTable", "ec2:{region}:{account}:vpc/*")
                        .tags("ec2:CreateTags", "ec2:DeleteTags")
                        .changes("ec2:DeleteRouteTable", "ec2:DisassociateRouteTable")
                        .changesFor("routes", "ec2:CreateRoute", "ec2:ReplaceRoute", "ec2:DeleteRoute")
                        .changesFor("associations", "ec2:AssociateRouteTable", "ec2:ReplaceRouteTableAssociation")
                        .touches("ec2:AssociateRouteTable", "ec2:{region}:{account}:subnet/*")
                        .touches("ec2:ReplaceRouteTableAssociation", "ec2:{region}:{account}:subnet/*")
                        .touches("ec2:DisassociateRouteTable", "ec2:{region}:{account}:subnet/*"))
                .build();
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        Ec2Client ec2 = scope.client(Ec2Client.class);
        // Pages of 100 at most here.
        Collection<RouteTable> tables = Ec2.find(
                scope,
                "route-table-id",
                RouteTable::routeTableId,
                f -> ec2.describeRouteTablesPaginator(r -> r.filters(f).maxResults(100))
                        .routeTables());
        return scope.each(
                tables,
                t -> Ec2.identity(t.routeTableId(), t.tags()),
                (t, identity) -> observed(t, identity, desired(scope, identity)));
    }

    private static @Nullable Spec desired(Scope<Spec> scope, Identity identity) {
        return scope.wanted().stream()
                .filter(w -> identity.physicalId().equals(w.physicalId())
                        || w.id().toString().equals(identity.tags().get(StackRef.RESOURCE_TAG)))
                .map(Wanted::desired)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Known<Spec> observed(RouteTable table, Identity identity, @Nullable Spec desired) {
        Set<Route> routes = Routes.observed(table.routes());
        Boolean exclusive = desired == null ? null : desired.exclusiveRoutes();
        Set<Route> undeclared = new LinkedHashSet<>();
        if (desired != null && Boolean.FALSE.equals(exclusive)) {
            Set<String> declared = desired.routes() == null
                    ? Set.of()
                    : desired.routes().stream().map(Route::key).collect(Collectors.toSet());
            routes.stream().filter(r -> !declared.contains(r.key())).forEach(undeclared::add);
            routes.removeAll(undeclared);
        }
        Map<String, String> associations = new TreeMap<>();
        table.associations().stream()
                .filter(a -> a.subnetId() != null)
                .forEach(a -> associations.put(a.subnetId(), a.routeTableAssociationId()));
        return Known.of(
                        identity,
                        new Spec(
                                table.vpcId(),
                                routes,
                                exclusive,
                                associations.keySet().stream()
                                        .map(Association::new)
                                        .collect(Collectors.toSet()),
                                identity.tags()))
                .output("id", table.routeTableId())
                .output(ASSOCIATION_IDS, associations)
                .output(
                        "undeclaredRoutes",
                        undeclared.isEmpty()
                                ? null
                                : undeclared.stream().map(Route::key).sorted().toList())
                .health(health(table));
    }

    private static Health health(RouteTable table) {
        List<String> holes = Routes.blackholes(table.routes());
        return holes.isEmpty()
                ? Health.AVAILABLE
                : Health.notReady("Blackhole", "leads nowhere: " + String.join(", ", holes));
    }

    @Override
    public String create(Desired<Spec> desired, String token) {
        return desired.client(Ec2Client.class)
                .createRouteTable(r -> r.clientToken(token)
                        .vpcId(desired.spec().vpcId())
                        .tagSpecifications(Ec2.tags(
                                ResourceType.ROUTE_TABLE, desired.spec().tags())))
                .routeTable()
                .routeTableId();
    }

    /** Routes before associations, so that no subnet comes to a table that leads it nowhere. */
    @Override
    public void update(Change<Spec> change) {
        Ec2Client ec2 = change.client(Ec2Client.class);
        String id = change.physicalId();
        Delta<Route> routes = change.delta(Spec::routes);
        routes.added().forEach(r -> ec2.createRoute(Routes.creation(id, r)));
        routes.altered().forEach(r -> ec2.replaceRoute(Routes.replacement(id, r)));
        routes.removed().forEach(r -> ec2.deleteRoute(Routes.deletion(id, r)));
        Delta<Association> associations = change.delta(Spec::associations);
        associate(ec2, id, associations.added());
        associations
                .removed()
                .forEach(a -> ec2.disassociateRouteTable(
                        r -> r.associationId(associationIds(change.observed()).get(a.key()))));
        Ec2.updateTags(ec2, change, Spec::tags);
    }

    /** A subnet that another table has is moved over in one call, so that it is never without its routes. */
    private static void associate(Ec2Client ec2, String id, List<Association> added) {
        if (added.isEmpty()) {
            return;
        }
        Map<String, String> elsewhere = Ec2.filters(
                        "association.subnet-id",
                        added.stream().map(Association::key).toList())
                .flatMap(
                        f -> ec2.describeRouteTablesPaginator(r -> r.filters(f).maxResults(100)).routeTables().stream())
                .flatMap(t -> t.associations().stream())
                .filter(a -> a.subnetId() != null)
                .collect(Collectors.toMap(
                        RouteTableAssociation::subnetId, RouteTableAssociation::routeTableAssociationId));
        for (Association a : added) {
            String other = elsewhere.get(a.key());
            if (other != null) {
                ec2.replaceRouteTableAssociation(r -> r.associationId(other).routeTableId(id));
            } else {
                ec2.associateRouteTable(r -> r.routeTableId(id).subnetId(a.subnetId()));
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> associationIds(Observed<Spec> observed) {
        return (Map<String, String>) observed.known().outputs().getOrDefault(ASSOCIATION_IDS, Map.of());
    }

    @Override
    public void delete(Observed<Spec> observed) {
        Ec2Client ec2 = observed.client(Ec2Client.class);
        associationIds(observed).values().stream()
                .findFirst()
                .ifPresentOrElse(
                        a -> ec2.disassociateRouteTable(r -> r.associationId(a)),
                        () -> ec2.deleteRouteTable(r -> r.routeTableId(observed.physicalId())));
    }
}
