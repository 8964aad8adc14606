package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Doc;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** A load balancer that faces the internet, with the listener that services' rules go to. */
final class IngressComposite implements Composite<IngressComposite.Spec> {
    /** TLS 1.2 and 1.3, as AWS recommends it.
     * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html">policies</a>
     */
    private static final String TLS = "ELBSecurityPolicy-TLS13-1-2-2021-06";

    public record Spec(
            @Doc("The Network that it stands in, by name; main, if nothing is said.")
            String network,

            @Doc("The certificate in ACM, by its ARN. With one, HTTP is redirected to HTTPS; without, services are"
                    + " reached by HTTP.")
            @Nullable
            String certificateArn,

            @Doc("The security policy of HTTPS; ELBSecurityPolicy-TLS13-1-2-2021-06, if nothing is said.")
            String sslPolicy,

            @Doc("Tags for all its parts.") @Nullable Map<String, String> tags,
            @Doc(Expansion.OVERRIDES) @Nullable Map<String, JsonNode> overrides,
            @Doc(Expansion.WITHOUT) @Nullable SequencedSet<String> without) {
        public Spec {
            network = network == null ? Expansion.MAIN : network;
            sslPolicy = sslPolicy == null ? TLS : sslPolicy;
        }
    }

    @Override
    public CompositeInfo<Spec> info() {
        return CompositeInfo.of(
                        "Ingress",
                        Spec.class,
                        "A load balancer that faces the internet: HTTPS with a redirect, or HTTP without a certificate.")
                .output("loadBalancerArn", "The load balancer's ARN.")
                .output("listenerArn", "The listener that services' rules go to.")
                .output("dnsName", "The host name by which it is reached.")
                .output("canonicalHostedZoneId", "The hosted zone for alias records that point to it.")
                .output("fullName", "The dimension LoadBalancer of its metrics.");
    }

    @Override
    public void expand(Spec spec, Expansion into) {
        // Without a way to the internet AWS refuses a load balancer that faces it.
        CompositePart balancer = into.part("LoadBalancer")
                .set("type", "application")
                .set("scheme", "internet-facing")
                .set("ipAddressType", "ipv4")
                .set("vpcId", network(spec, "vpcId"), "/network")
                .set("subnets", network(spec, "publicSubnetIds"), "/network")
                .set("securityGroups", List.of(network(spec, "albSecurityGroupId")), "/network")
                .set(
                        "loadBalancerAttributes",
                        JsonFields.of(
                                "idle_timeout.timeout_seconds", "60",
                                "routing.http.drop_invalid_header_fields.enabled", "true"))
                .after(network(spec, "publicRouteTableId"), "/network");
        balancer.set("tags", spec.tags(), "/tags");
        CompositePart http = listener(into, balancer, "http", 80, "HTTP", spec);
        CompositePart services = http;
        if (spec.certificateArn() == null) {
            http.set("defaultActions", nowhere());
        } else {
            http.set("defaultActions", redirect());
            services = listener(into, balancer, "https", 443, "HTTPS", spec)
                    .set("sslPolicy", spec.sslPolicy(), "/sslPolicy")
                    .set(
                            "certificates",
                            List.of(JsonFields.of("certificateArn", spec.certificateArn())),
                            "/certificateArn")
                    .set("defaultActions", nowhere());
        }
        into.output("loadBalancerArn", balancer.ref());
        into.output("listenerArn", services.ref());
        into.output("dnsName", balancer.ref("dnsName"));
        into.output("canonicalHostedZoneId", balancer.ref("canonicalHostedZoneId"));
        into.output("fullName", balancer.ref("fullName"));
    }

    private static CompositePart listener(
            Expansion into, CompositePart balancer, String name, int port, String protocol, Spec spec) {
        return into.part("Listener", name)
                .set("loadBalancerArn", balancer.ref())
                .set("port", port)
                .set("protocol", protocol)
                .set("tags", spec.tags(), "/tags");
    }

    private static String network(Spec spec, String output) {
        return "${Network/" + spec.network() + "." + output + "}";
    }

    private static List<?> redirect() {
        return List.of(JsonFields.of(
                "type",
                "redirect",
                "redirectConfig",
                JsonFields.of("protocol", "HTTPS", "port", "443", "statusCode", "HTTP_301")));
    }

    private static List<?> nowhere() {
        return List.of(JsonFields.of(
                "type",
                "fixed-response",
                "fixedResponseConfig",
                JsonFields.of("statusCode", "404", "contentType", "text/plain", "messageBody", "Not found")));
    }
}
