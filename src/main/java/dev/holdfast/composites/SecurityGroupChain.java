package dev.holdfast.composites;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The chain of security groups: the internet reaches the load balancer, the load balancer reaches the services, and the
 * services reach their data stores.
 */
final class SecurityGroupChain {
    private static final int POSTGRES = 5432;
    private static final int REDIS = 6379;
    private static final int HTTPS = 443;

    private final NetworkComposite.Spec spec;
    private final Expansion into;
    private final CompositePart vpc;
    private final List<CompositePart> groups = new ArrayList<>();

    SecurityGroupChain(NetworkComposite.Spec spec, Expansion into, CompositePart vpc) {
        this.spec = spec;
        this.into = into;
        this.vpc = vpc;
    }

    /** The groups of the load balancer, of the services, and of the data stores if there are any. */
    List<CompositePart> groups() {
        return groups;
    }

    /**
     * The groups refer to each other in a cycle: a rule that refers to a group that does not exist yet follows one pass
     * later.
     */
    void build() {
        Set<Integer> ports = spec.containerPorts();
        boolean stores = spec.has(Tier.ISOLATED);
        CompositePart alb = group(into, vpc, "alb", "Load balancer: the internet in, the services out");
        CompositePart service = group(into, vpc, "service", "Services: only the load balancer in");
        groups.add(alb);
        groups.add(service);
        CompositePart database =
                stores ? store("database", "Database: only the services in, nothing out", POSTGRES, service) : null;
        CompositePart redis =
                stores ? store("redis", "Redis: only the services in, nothing out", REDIS, service) : null;
        alb.set("ingress", fromOutside()).from("/ingress", "/ingressPorts");
        alb.set("egress", each(ports, service, "Services")).from("/egress", "/containerPorts");
        service.set("ingress", each(ports, alb, "Load balancer")).from("/ingress", "/containerPorts");
        service.set("egress", out(database, redis));
        into.output("albSecurityGroupId", alb.ref());
        into.output("serviceSecurityGroupId", service.ref());
    }

    private CompositePart store(String name, String description, int port, CompositePart service) {
        CompositePart group = group(into, vpc, name, description)
                .set("ingress", List.of(rule(port, "securityGroup", service.ref(), "Services")))
                .set("egress", List.of());
        groups.add(group);
        into.output(name + "SecurityGroupId", group.ref());
        return group;
    }

    private List<Map<String, Object>> out(@Nullable CompositePart database, @Nullable CompositePart redis) {
        List<Map<String, Object>> rules = new ArrayList<>();
        rules.add(rule(HTTPS, "cidrIpv4", "0.0.0.0/0", "AWS and partners"));
        if (database != null) {
            rules.add(rule(POSTGRES, "securityGroup", database.ref(), "PostgreSQL"));
        }
        if (redis != null) {
            rules.add(rule(REDIS, "securityGroup", redis.ref(), "Redis"));
        }
        return rules;
    }

    private List<Map<String, Object>> fromOutside() {
        List<Map<String, Object>> rules = new ArrayList<>();
        for (int port : spec.ingressPorts()) {
            String name = port == 80 ? "HTTP" : port == HTTPS ? "HTTPS" : "Port " + port;
            for (String cidr : spec.ingressCidrs()) {
                rules.add(rule(port, "cidrIpv4", cidr, name));
            }
            for (String list : spec.ingressPrefixListIds()) {
                rules.add(rule(port, "prefixListId", list, name));
            }
        }
        return rules;
    }

    private static List<Map<String, Object>> each(Set<Integer> ports, CompositePart other, String description) {
        return ports.stream()
                .map(port -> rule(port, "securityGroup", other.ref(), description))
                .toList();
    }

    /**
     * The group of the interface endpoints, which admits the whole private tier: an AWS service's name leads to its
     * endpoint from everywhere in the VPC, so that functions need access as much as services.
     */
    static CompositePart endpoints(Expansion into, CompositePart vpc, Collection<CompositePart> privateSubnets) {
        return group(into, vpc, "endpoints", "Endpoints of AWS: only the private tier in, nothing out")
                .set(
                        "ingress",
                        privateSubnets.stream()
                                .map(subnet -> rule(
                                        HTTPS,
                                        "cidrIpv4",
                                        subnet.spec().path("cidrBlock").asText(),
                                        "Private tier"))
                                .toList())
                .set("egress", List.of());
    }

    private static CompositePart group(Expansion into, CompositePart vpc, String name, String description) {
        return into.part("SecurityGroup", name).set("vpcId", vpc.ref()).set("description", description);
    }

    static Map<String, Object> rule(int port, String otherField, String other, String description) {
        return JsonFields.of(
                "protocol", "tcp", "fromPort", port, "toPort", port, otherField, other, "description", description);
    }
}
