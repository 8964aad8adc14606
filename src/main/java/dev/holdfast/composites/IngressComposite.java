package dev.holdfast.composites;

import com.fasterxml.jackson.databind.JsonNode;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Offers;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Setting;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/** A load balancer for the internet or only for its VPC, and the listener for the services' rules. */
final class IngressComposite implements Composite<IngressComposite.Spec> {
    /**
     * TLS 1.2 and 1.3, as AWS recommends.
     *
     * @see <a
     *     href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html">policies</a>
     */
    private static final String TLS = "ELBSecurityPolicy-TLS13-1-2-2021-06";

    public record Spec(
            @Setting("The name of the Network that contains the load balancer. Default: main.")
            String network,

            @Setting("internet-facing: reachable from the internet, in the public subnets; internal: reachable only"
                    + " from the VPC, in the private subnets. Default: internet-facing.")
            @Offers({"internet-facing", "internal"})
            String scheme,

            @Doc("The ARN of the certificate in ACM. With a certificate, HTTP is redirected to HTTPS; without"
                    + " one, the services are reached over HTTP.")
            String certificateArn,

            @Doc("The DNS name of the load balancer, instead of certificateArn. The composite creates a certificate and"
                    + " records.")
            IngressDomain domain,

            @Setting("The security policy of HTTPS. Default: ELBSecurityPolicy-TLS13-1-2-2021-06.")
            String sslPolicy,

            @Doc("The ARN of a web ACL of WAF in the stack's region; empty: none. Default: the web ACL of another"
                    + " owner, for example Firewall Manager.")
            String webAclArn,

            @Doc("Tags for all parts.") Map<String, String> tags,
            @Doc(Expansion.OVERRIDES) Map<String, JsonNode> overrides,
            @Doc(Expansion.WITHOUT) SequencedSet<String> without) {
        public Spec {
            network = network == null ? Expansion.MAIN : network;
            scheme = scheme == null ? "internet-facing" : scheme;
            sslPolicy = sslPolicy == null ? TLS : sslPolicy;
        }

        boolean isInternal() {
            return scheme.equals("internal");
        }
    }

    /** A name in a hosted zone of Route 53. */
    public record IngressDomain(
            @Setting("The id of the hosted zone, which is public.") @Required
            String hostedZoneId,

            @Setting("The name in the zone, such as www.example.com.") @Required
            String name) {}

    @Override
    public CompositeInfo<Spec> info() {
        return CompositeInfo.of(
                        "Ingress",
                        Spec.class,
                        "A load balancer, internet-facing or internal: HTTPS with a redirect, or HTTP without a certificate.")
                .output("loadBalancerArn", "The load balancer's ARN.")
                .output("listenerArn", "The listener for the services' rules.")
                .output("dnsName", "The load balancer's host name.")
                .output(
                        "hostName",
                        "The name of the load balancer: the name of its domain, or dnsName without a domain.")
                .output("httpsHostName", "The value of hostName, only if internet-facing and with a certificate.")
                .output("publicHostName", "The value of hostName, only if internet-facing.")
                .output("internalHostName", "The value of hostName, only if internal.")
                .output("internalHttpsHostName", "The value of hostName, only if internal and with a certificate.")
                .output("canonicalHostedZoneId", "The hosted zone for alias records that point to the load balancer.")
                .output("fullName", "The value of the dimension LoadBalancer in CloudWatch metrics.");
    }

    @Override
    public void expand(Spec spec, Expansion into) {
        CompositePart balancer = into.part("LoadBalancer")
                .set("type", "application")
                .set("scheme", spec.scheme(), "/scheme")
                .set("ipAddressType", "ipv4")
                .set("vpcId", Expansion.network(spec.network(), "vpcId"), "/network")
                .set(
                        "subnets",
                        Expansion.network(spec.network(), spec.isInternal() ? "privateSubnetIds" : "publicSubnetIds"),
                        "/network")
                .set("securityGroups", List.of(Expansion.network(spec.network(), "albSecurityGroupId")), "/network")
                .set(
                        "loadBalancerAttributes",
                        JsonFields.of(
                                "idle_timeout.timeout_seconds", "60",
                                "routing.http.drop_invalid_header_fields.enabled", "true",
                                "routing.http.desync_mitigation_mode", "defensive",
                                "routing.http.xff_header_processing.mode", "append",
                                "waf.fail_open.enabled", "false"))
                .set("webAclArn", spec.webAclArn(), "/webAclArn");
        if (!spec.isInternal()) {
            // AWS rejects an internet-facing load balancer whose subnets have no route to the internet.
            balancer.after(Expansion.network(spec.network(), "publicRouteTableId"), "/network");
        }
        balancer.tags(spec.tags());
        CompositePart http = listener(into, balancer, "http", 80, "HTTP", spec);
        CompositePart services = http;
        String certificate = certificate(spec, into, balancer);
        if (certificate == null) {
            http.set("defaultActions", nowhere());
        } else {
            http.set("defaultActions", redirect());
            services = listener(into, balancer, "https", 443, "HTTPS", spec)
                    .set("sslPolicy", spec.sslPolicy(), "/sslPolicy")
                    .set(
                            "certificates",
                            List.of(JsonFields.of("certificateArn", certificate)),
                            spec.domain() == null ? "/certificateArn" : "/domain")
                    .set("defaultActions", nowhere());
        }
        into.output("loadBalancerArn", balancer.ref());
        into.output("listenerArn", services.ref());
        into.output("dnsName", balancer.ref("dnsName"));
        String host =
                spec.domain() == null ? balancer.ref("dnsName") : spec.domain().name();
        into.output("hostName", host);
        hostNames(spec, into, host, certificate != null);
        into.output("canonicalHostedZoneId", balancer.ref("canonicalHostedZoneId"));
        into.output("fullName", balancer.ref("fullName"));
    }

    /** The host names for a Cdn, by the way in which CloudFront reaches the load balancer. */
    private static void hostNames(Spec spec, Expansion into, String host, boolean https) {
        for (boolean internal : List.of(false, true)) {
            String plain = internal ? "internalHostName" : "publicHostName";
            String secure = internal ? "internalHttpsHostName" : "httpsHostName";
            if (internal != spec.isInternal()) {
                for (String output : List.of(plain, secure)) {
                    into.withhold(
                            output,
                            internal
                                    ? "is internet-facing: CloudFront reaches only internal load balancers through a"
                                            + " VPC origin"
                                    : "is internal: CloudFront cannot reach it over the internet",
                            internal
                                    ? "set scheme to internal, or remove vpcOrigin from the Cdn"
                                    : "set vpcOrigin of the Cdn to true, or remove scheme");
                }
                continue;
            }
            into.output(plain, host);
            if (https) {
                into.output(secure, host);
            } else {
                into.withhold(
                        secure,
                        "has no certificate and answers only HTTP: HTTPS fails, and viewers of a Cdn get the status"
                                + " 502",
                        "set domain or certificateArn, or set originProtocolPolicy of the Cdn to http-only");
            }
        }
    }

    private static @Nullable String certificate(Spec spec, Expansion into, CompositePart balancer) {
        IngressDomain domain = spec.domain();
        if (domain == null) {
            return spec.certificateArn();
        }
        if (spec.certificateArn() != null) {
            into.mistake(
                    "/certificateArn",
                    "expected either certificateArn or domain, found both",
                    "remove certificateArn: domain creates a certificate");
        }
        DomainParts parts = new DomainParts(into, domain.hostedZoneId(), "", spec.tags());
        // The load balancer has no IPv6 addresses.
        parts.alias("a", domain.name(), "A", balancer.ref("canonicalHostedZoneId"), balancer.ref("dnsName"), true);
        return parts.certificate(domain.name(), false).ref();
    }

    private static CompositePart listener(
            Expansion into, CompositePart balancer, String name, int port, String protocol, Spec spec) {
        return into.part("Listener", name)
                .set("loadBalancerArn", balancer.ref())
                .set("port", port)
                .set("protocol", protocol)
                .tags(spec.tags());
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
