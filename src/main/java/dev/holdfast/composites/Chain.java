package dev.holdfast.composites;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The chain of security groups: the internet to the load balancer, that to the services, they to their data stores. */
final class Chain {
    private static final int POSTGRES = 5432;
    private static final int REDIS = 6379;
    private static final int HTTPS = 443;

    private final NetworkComposite.Spec spec;
    private final Expansion into;
    private final Part vpc;
    private final List<Part> groups = new ArrayList<>();

    Chain(NetworkComposite.Spec spec, Expansion into, Part vpc) {
        this.spec = spec;
        this.into = into;
        this.vpc = vpc;
    }

    /** The load balancer's, the services', and those of the data stores where there are any. */
    List<Part> groups() {
        return groups;
    }

    /** Groups refer to each other in circles: a rule to what is not there yet follows a pass later. */
    void build() {
        Set<Integer> ports = spec.containerPorts();
        boolean stores = spec.has(Tier.ISOLATED);
        Part alb = group(into, vpc, "alb", "Load balancer: the internet in, the services out");
        Part service = group(into, vpc, "service", "Services: only the load balancer in");
        groups.add(alb);
        groups.add(service);
        Part database =
                stores ? store("database", "Database: only the services in, nothing out", POSTGRES, service) : null;
        Part redis = stores ? store("redis", "Redis: only the services in, nothing out", REDIS, service) : null;
        alb.set("ingress", fromOutside()).from("/ingress", "/ingressPorts");
        alb.set("egress", each(ports, service, "Services")).from("/egress", "/containerPorts");
        service.set("ingress", each(ports, alb, "Load balancer")).from("/ingress", "/containerPorts");
        service.set("egress", out(database, redis));
        into.output("albSecurityGroupId", alb.ref());
        into.output("serviceSecurityGroupId", service.ref());
    }

    private Part store(String name, String description, int port, Part service) {
        Part group = group(into, vpc, name, description)
                .set("ingress", List.of(rule(port, "securityGroup", service.ref(), "Services")))
                .set("egress", List.of());
        groups.add(group);
        into.output(name + "SecurityGroupId", group.ref());
        return group;
    }

    private List<Map<String, Object>> out(@Nullable Part database, @Nullable Part redis) {
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
        }
        return rules;
    }

    private static List<Map<String, Object>> each(Set<Integer> ports, Part other, String description) {
        return ports.stream()
                .map(port -> rule(port, "securityGroup", other.ref(), description))
                .toList();
    }

    /** What the services reach the interface endpoints through. */
    static Part endpoints(Expansion into, Part vpc, Part service) {
        return group(into, vpc, "endpoints", "Endpoints of AWS: only the services in, nothing out")
                .set("ingress", List.of(rule(HTTPS, "securityGroup", service.ref(), "Services")))
                .set("egress", List.of());
    }

    private static Part group(Expansion into, Part vpc, String name, String description) {
        return into.part("SecurityGroup", name).set("vpcId", vpc.ref()).set("description", description);
    }

    private static Map<String, Object> rule(int port, String otherField, String other, String description) {
        return Fields.of(
                "protocol", "tcp", "fromPort", port, "toPort", port, otherField, other, "description", description);
    }
}
