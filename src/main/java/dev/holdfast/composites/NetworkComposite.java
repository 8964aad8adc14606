package dev.holdfast.composites;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.aws.Partitions;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Setting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A VPC with its tiers of subnets, its gateways and endpoints, and the chain of security groups. */
final class NetworkComposite implements Composite<NetworkComposite.Spec> {

    public record Spec(
            @Setting("The VPC's IPv4 CIDR block, which is divided into the subnets' blocks.") @Required
            String cidrBlock,

            @Setting("The letters of the zones, for example a and b. A single NAT gateway is in the first zone.")
            @Required
            SequencedSet<String> zones,

            @Setting("The tiers of subnets. Default: all three.")
            Set<Tier> tiers,

            @Setting("The subnets' CIDR blocks, if they are not to be derived from the VPC's block.")
            Cidrs cidrs,

            @Setting("The NAT gateways through which the private tier reaches the internet: None, One or OnePerZone."
                    + " Default: One.")
            NatGateways natGateways,

            @Setting("The services with gateway endpoints, by the last part of their names. Default: s3.")
            SequencedSet<String> gatewayEndpoints,

            @Setting("The services with interface endpoints, by the last part of their names, such as ecr.api and logs."
                    + " Each endpoint has a price per hour and zone.")
            SequencedSet<String> interfaceEndpoints,

            @Setting("The ports of the services' containers, which the load balancer reaches. Default: 8080.")
            SequencedSet<Integer> containerPorts,

            @Setting("The ports that the load balancer opens. Default: 80 and 443.")
            SequencedSet<Integer> ingressPorts,

            @Setting("The IPv4 CIDR blocks that may reach the load balancer. Default: 0.0.0.0/0 (all addresses), or"
                    + " none with ingressPrefixListIds.")
            SequencedSet<String> ingressCidrs,

            @Setting("The managed prefix lists that may reach the load balancer, such as the list of CloudFront's"
                    + " servers. Default: none.")
            SequencedSet<String> ingressPrefixListIds,

            @Setting("Whether the VPC's default security group, which no part of the network uses, has no rules; false:"
                    + " the group is ignored. Default: true.")
            Boolean restrictDefaultSecurityGroup,

            @Doc("Tags for all parts.") Map<String, String> tags,
            @Doc(Expansion.OVERRIDES) Map<String, JsonNode> overrides,
            @Doc(Expansion.WITHOUT) SequencedSet<String> without) {
        public Spec {
            zones = zones == null ? JsonFields.ordered() : zones;
            tiers = tiers == null ? Set.of(Tier.values()) : tiers;
            cidrs = cidrs == null ? new Cidrs(null, null, null) : cidrs;
            natGateways = natGateways == null ? NatGateways.ONE : natGateways;
            gatewayEndpoints = gatewayEndpoints == null ? JsonFields.ordered("s3") : gatewayEndpoints;
            interfaceEndpoints = interfaceEndpoints == null ? JsonFields.ordered() : interfaceEndpoints;
            containerPorts = containerPorts == null ? JsonFields.ordered(8080) : containerPorts;
            ingressPorts = ingressPorts == null ? JsonFields.ordered(80, 443) : ingressPorts;
            ingressPrefixListIds = ingressPrefixListIds == null ? JsonFields.ordered() : ingressPrefixListIds;
            restrictDefaultSecurityGroup = restrictDefaultSecurityGroup == null || restrictDefaultSecurityGroup;
            ingressCidrs = ingressCidrs != null
                    ? ingressCidrs
                    : ingressPrefixListIds.isEmpty() ? JsonFields.ordered("0.0.0.0/0") : JsonFields.ordered();
        }

        boolean has(Tier tier) {
            return tiers.contains(tier);
        }
    }

    /** CIDR blocks by zone. */
    public record Cidrs(
            @Doc("The CIDR blocks of the public tier, by zone.") @JsonProperty("public")
            Map<String, String> open,

            @Doc("The CIDR blocks of the private tier, by zone.") @JsonProperty("private")
            Map<String, String> inner,

            @Doc("The CIDR blocks of the isolated tier, by zone.") @JsonProperty("isolated")
            Map<String, String> isolated) {
        Map<String, String> of(Tier tier) {
            Map<String, String> given = switch (tier) {
                case PUBLIC -> open;
                case PRIVATE -> inner;
                case ISOLATED -> isolated;
            };
            return given == null ? Map.of() : given;
        }
    }

    public enum NatGateways {
        NONE("None"),
        ONE("One"),
        ONE_PER_ZONE("OnePerZone");
        private final String wire;

        NatGateways(String wire) {
            this.wire = wire;
        }

        @JsonValue
        @Override
        public String toString() {
            return wire;
        }
    }

    @Override
    public CompositeInfo<Spec> info() {
        return CompositeInfo.of(
                        "Network",
                        Spec.class,
                        "A VPC with tiers of subnets, gateways and endpoints, and the chain of security groups.")
                .output("vpcId", "The VPC's id.")
                .output("publicSubnetIds", "The ids of the public subnets, one per zone.")
                .output("privateSubnetIds", "The ids of the private subnets, one per zone.")
                .output("isolatedSubnetIds", "The ids of the isolated subnets, one per zone.")
                .output("albSecurityGroupId", "The security group of the load balancer.")
                .output("serviceSecurityGroupId", "The security group of the services.")
                .output("databaseSecurityGroupId", "The security group of the database; only with the isolated tier.")
                .output("redisSecurityGroupId", "The security group of Redis; only with the isolated tier.")
                .output("endpointSecurityGroupId", "The security group of the interface endpoints, if there are any.")
                .output("natGatewayIds", "The ids of the NAT gateways.")
                .output("natPublicIps", "The public IP addresses of the NAT gateways.")
                .output("publicRouteTableId", "The id of the public tier's route table.")
                .output("privateRouteTableIds", "The ids of the private tier's route tables.")
                .output("interfaceEndpointIds", "The ids of the interface endpoints.");
    }

    @Override
    public void expand(Spec spec, Expansion into) {
        new NetworkExpansion(spec, into).build();
    }

    /** The expansion of one document. */
    private static final class NetworkExpansion {
        /** AWS's default policy of an endpoint, which is owned so that Holdfast repairs a change to the policy. */
        private static final Map<String, Object> ANYTHING = JsonFields.of(
                "Version",
                "2008-10-17",
                "Statement",
                List.of(JsonFields.of("Effect", "Allow", "Principal", "*", "Action", "*", "Resource", "*")));

        private final Spec spec;
        private final Expansion into;
        private final CompositePart vpc;
        private final Map<Tier, Map<String, CompositePart>> subnets = new EnumMap<>(Tier.class);
        private final Map<String, CompositePart> natGateways = new LinkedHashMap<>();
        private final List<CompositePart> privateTables = new ArrayList<>();

        NetworkExpansion(Spec spec, Expansion into) {
            this.spec = spec;
            this.into = into;
            this.vpc = into.part("Vpc");
        }

        void build() {
            vpc.set("cidrBlock", spec.cidrBlock(), "/cidrBlock")
                    .set("enableDnsSupport", true)
                    .set("enableDnsHostnames", true);
            if (spec.restrictDefaultSecurityGroup()) {
                vpc.set("restrictDefaultSecurityGroup", true);
            }
            tag(vpc);
            into.output("vpcId", vpc.ref());
            subnets();
            CompositePart internet = spec.has(Tier.PUBLIC) ? internetGateway() : null;
            if (internet != null) {
                natGateways(internet);
            }
            routeTables(internet);
            securityGroups();
            endpoints();
            into.output("natGatewayIds", refs(natGateways.values()));
            into.output(
                    "natPublicIps",
                    natGateways.values().stream().map(n -> n.ref("publicIp")).toList());
            into.output("privateRouteTableIds", refs(privateTables));
        }

        private void subnets() {
            SubnetCidrs carving = SubnetCidrs.of(spec.cidrBlock());
            List<String> zones = zones();
            for (Tier tier : Tier.values()) {
                Map<String, CompositePart> ofTier = new LinkedHashMap<>();
                Map<String, String> given = spec.cidrs().of(tier);
                given.keySet().stream()
                        .filter(zone -> !zones.contains(zone) || !spec.has(tier))
                        .forEach(zone -> into.mistake(
                                "/cidrs/" + tier + "/" + zone,
                                "there is no " + tier + " subnet in zone \"" + zone + "\"",
                                "the zones are " + String.join(", ", zones)));
                for (int i = 0; i < zones.size() && spec.has(tier); i++) {
                    String zone = zones.get(i);
                    String block = given.get(zone);
                    if (block == null && carving == null) {
                        into.mistake(
                                "/cidrBlock",
                                "expected an IPv4 block between /16 and /" + SubnetCidrs.LONGEST_PREFIX
                                        + " to divide into subnets, found \"" + spec.cidrBlock() + "\"",
                                "set cidrBlock, for example to 10.0.0.0/16, or set the block of every subnet in cidrs");
                        return;
                    }
                    String source = block == null ? "/zones/" + i : "/cidrs/" + tier + "/" + zone;
                    ofTier.put(zone, subnet(tier, zone, block == null ? carve(carving, tier, zone) : block, source));
                }
                subnets.put(tier, ofTier);
                into.output(tier + "SubnetIds", refs(ofTier.values()));
            }
        }

        private static String carve(@Nullable SubnetCidrs carving, Tier tier, String zone) {
            return carving == null ? "" : carving.block(tier, zone.charAt(0));
        }

        private List<String> zones() {
            List<String> zones = new ArrayList<>();
            int i = 0;
            for (String zone : spec.zones()) {
                if (zone.length() == 1 && SubnetCidrs.ZONES.contains(zone)) {
                    zones.add(zone);
                } else {
                    into.mistake(
                            "/zones/" + i,
                            "expected a zone's letter, a to h, found \"" + zone + "\"",
                            "the region is the stack's: \"a\" stands for "
                                    + into.stack().region() + "a");
                }
                i++;
            }
            if (i == 0) {
                into.mistake("/zones", "expected at least one zone", "set zones, for example to [\"a\", \"b\"]");
            }
            return zones;
        }

        private CompositePart subnet(Tier tier, String zone, String block, String source) {
            CompositePart subnet = into.part("Subnet", tier + "-" + zone)
                    .set("vpcId", vpc.ref())
                    .set("cidrBlock", block, source)
                    .set("availabilityZone", into.stack().region() + zone, source)
                    .set("mapPublicIpOnLaunch", false);
            return tag(subnet);
        }

        private CompositePart internetGateway() {
            return tag(into.part("InternetGateway").set("vpcId", vpc.ref()));
        }

        /** The NAT gateways depend on the internet gateway: without one, AWS lets a public NAT gateway fail. */
        private void natGateways(CompositePart internet) {
            if (!spec.has(Tier.PRIVATE) || spec.natGateways() == NatGateways.NONE) {
                return;
            }
            long count = spec.natGateways() == NatGateways.ONE ? 1 : Long.MAX_VALUE;
            subnets.getOrDefault(Tier.PUBLIC, Map.of()).entrySet().stream()
                    .limit(count)
                    .forEach(e -> {
                        CompositePart address = tag(into.part("ElasticIp", "nat-" + e.getKey()));
                        CompositePart nat = into.part("NatGateway", e.getKey())
                                .set("subnetId", e.getValue().ref())
                                .set("allocationId", address.ref())
                                .set("connectivityType", "public")
                                .after(internet.id().toString(), "");
                        natGateways.put(e.getKey(), tag(nat));
                    });
        }

        /**
         * The private tier has one route table per zone, even with a single NAT gateway, so that a change of the
         * number of gateways moves no subnet to another table.
         */
        private void routeTables(@Nullable CompositePart internet) {
            if (internet != null) {
                Map<String, Object> out =
                        JsonFields.of("destinationCidrBlock", "0.0.0.0/0", "gatewayId", internet.ref());
                CompositePart table = table(
                        "public",
                        List.of(out),
                        subnets.getOrDefault(Tier.PUBLIC, Map.of()).values());
                into.output("publicRouteTableId", table.ref());
            }
            subnets.getOrDefault(Tier.PRIVATE, Map.of()).forEach((zone, subnet) -> {
                CompositePart nat = natGateways.containsKey(zone)
                        ? natGateways.get(zone)
                        : natGateways.values().stream().findFirst().orElse(null);
                List<Map<String, Object>> routes = nat == null
                        ? List.of()
                        : List.of(JsonFields.of("destinationCidrBlock", "0.0.0.0/0", "natGatewayId", nat.ref()));
                privateTables.add(table("private-" + zone, routes, List.of(subnet)));
            });
            if (spec.has(Tier.ISOLATED)) {
                table(
                        "isolated",
                        List.of(),
                        subnets.getOrDefault(Tier.ISOLATED, Map.of()).values());
            }
        }

        private CompositePart table(String name, List<Map<String, Object>> routes, Collection<CompositePart> subnets) {
            return tag(into.part("RouteTable", name)
                    .set("vpcId", vpc.ref())
                    .set("routes", routes)
                    .set(
                            "associations",
                            subnets.stream()
                                    .map(s -> JsonFields.of("subnetId", s.ref()))
                                    .toList()));
        }

        private void securityGroups() {
            SecurityGroupChain chain = new SecurityGroupChain(spec, into, vpc);
            chain.build();
            chain.groups().forEach(this::tag);
        }

        private void endpoints() {
            for (String name : spec.gatewayEndpoints()) {
                tag(endpoint(name, Partitions.gatewayEndpoint(into.stack().region(), name), "/gatewayEndpoints")
                        .set("vpcEndpointType", "Gateway")
                        .set("routeTableIds", refs(privateTables)));
            }
            List<CompositePart> interfaces = new ArrayList<>();
            if (!spec.interfaceEndpoints().isEmpty()) {
                Collection<CompositePart> reaching =
                        subnets.getOrDefault(Tier.PRIVATE, Map.of()).values();
                CompositePart group = tag(SecurityGroupChain.endpoints(into, vpc, reaching));
                into.output("endpointSecurityGroupId", group.ref());
                for (String name : spec.interfaceEndpoints()) {
                    String service = Partitions.interfaceEndpoint(into.stack().region(), name);
                    interfaces.add(tag(endpoint(name, service, "/interfaceEndpoints")
                            .set("vpcEndpointType", "Interface")
                            .set("subnetIds", refs(reaching))
                            .set("securityGroupIds", List.of(group.ref()))
                            .set("privateDnsEnabled", true)));
                }
            }
            into.output("interfaceEndpointIds", refs(interfaces));
        }

        private CompositePart endpoint(String name, String service, String source) {
            return into.part("VpcEndpoint", name.replace('.', '-'))
                    .set("vpcId", vpc.ref())
                    .set("serviceName", service, source)
                    .set("policyDocument", ANYTHING);
        }

        private CompositePart tag(CompositePart part) {
            return part.set("tags", into.named(part, spec.tags())).from("/tags", "/tags");
        }

        private static List<String> refs(Collection<CompositePart> parts) {
            return parts.stream().map(CompositePart::ref).toList();
        }
    }
}
