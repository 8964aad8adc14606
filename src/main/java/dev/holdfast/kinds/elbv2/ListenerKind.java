package dev.holdfast.kinds.elbv2;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AdvertiseTrustStoreCaNamesEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.CreateListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerAttribute;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ModifyListenerRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;

/** A listener: one open port of a load balancer. */
@Singleton
public final class ListenerKind extends DeclaredKind<ListenerKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html">CreateListener</a> */
    public record Spec(
            @Doc("The load balancer.") @Required @Immutable @Ref("LoadBalancer")
            String loadBalancerArn,

            @Doc("The port; a load balancer has one listener per port.") @Required @Range(min = 1, max = 65535)
            Integer port,

            @Doc("The protocol: HTTP and HTTPS need an application load balancer, all others a network load balancer.")
            @Required
            @Offers({"HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP"})
            ProtocolEnum protocol,

            @Doc("The security policy of HTTPS and TLS: protocols and ciphers.")
            String sslPolicy,

            @Doc("The default certificate of HTTPS and TLS: exactly one.")
            List<Certificate> certificates,

            @Doc("The ARNs of further certificates; the host name that a client requests selects one.")
            @Ref("Certificate")
            @Slow("listenerCertificates")
            Set<String> listenerCertificates,

            @Doc("The ALPN policy by which client and target agree on HTTP/1 or HTTP/2: at most one, HTTP2Preferred.")
            @OnlyWith(field = "protocol", value = "TLS")
            List<String> alpnPolicy,

            @Doc("Whether HTTPS clients present certificates, and which certificates are trusted.")
            @OnlyWith(field = "protocol", value = "HTTPS")
            MutualAuthentication mutualAuthentication,

            @Doc("The actions on a request that matches no rule.") @Required @Delegable
            List<ListenerAction> defaultActions,

            @Doc("The attributes by AWS's names, for example routing.http.response.server.enabled; only"
                    + " attributes that are declared here are compared.")
            @DeclaredKeys
            @Slow("attributes")
            Map<String, String> listenerAttributes,

            @Doc("Tags.") @TagMap Map<String, String> tags) {}

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html">mTLS</a> */
    public record MutualAuthentication(
            @Doc("The mode: off, passthrough (the target checks the certificate) or verify.")
            @Required
            @Offers({"off", "passthrough", "verify"})
            String mode,

            @Doc("The ARN of the trust store.") @OnlyWith(field = "mode", value = "verify")
            String trustStoreArn,

            @Doc("Whether expired certificates are accepted.") @OnlyWith(field = "mode", value = "verify")
            Boolean ignoreClientCertificateExpiry,

            @Doc("Whether clients receive the names of the trusted authorities.")
            @OnlyWith(field = "mode", value = "verify")
            AdvertiseTrustStoreCaNamesEnum advertiseTrustStoreCaNames) {}

    public record Certificate(
            @Doc("The certificate's ARN, in ACM or IAM.") @Required @Ref("Certificate")
            String certificateArn) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Listener", Spec.class, ElasticLoadBalancingV2Client.class)
                .description("A listener: one open port of a load balancer, and its default actions.")
                .finds(ListenerKind::listeners)
                .id(Listener::listenerArn)
                .place(ListenerKind::onPort)
                .tags(Elb.tagging("listener"))
                .creates(CreateListenerRequest::builder, ElasticLoadBalancingV2Client::createListener)
                .changes(ModifyListenerRequest::builder, ElasticLoadBalancingV2Client::modifyListener)
                .facetOfOwners(
                        Spec::listenerCertificates,
                        (elb, listener) ->
                                secure(listener.protocol()) ? certificates(elb, listener.listenerArn()) : Set.of())
                .updates(ListenerKind::changeCertificates, Spec::listenerCertificates)
                .attributes(
                        Spec::listenerAttributes,
                        (elb, arn) -> elb.describeListenerAttributes(r -> r.listenerArn(arn))
                                .attributes(),
                        (elb, arn, attributes) -> elb.modifyListenerAttributes(r ->
                                r.listenerArn(arn).attributes(SdkShapes.pairs(attributes, ListenerAttribute::builder))))
                .deletes((elb, arn) -> elb.deleteListener(r -> r.listenerArn(arn)))
                .output("arn", "The listener's ARN.", Listener::listenerArn)
                .fault("DuplicateListener", EXISTS)
                .fault("LoadBalancerNotFound", DEPENDENCY)
                .fault("TargetGroupNotFound", DEPENDENCY)
                .fault("CertificateNotFound", DEPENDENCY)
                .permissions(Permissions.on("elasticloadbalancing:{region}:{account}:listener/*")
                        .createsIn(
                                "elasticloadbalancing:{region}:{account}:loadbalancer/*",
                                "elasticloadbalancing:CreateListener"))
                .page("https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html");
    }

    private static List<Listener> listeners(Scope<?> scope, ElasticLoadBalancingV2Client elb) {
        Set<String> loadBalancers =
                Listings.parents(scope, Spec.class, Spec::loadBalancerArn, Elb::loadBalancerOf, () -> {
                    List<String> arns = new ArrayList<>(Elb.ownLoadBalancers(scope, elb));
                    scope.tagged("elasticloadbalancing:listener")
                            .keySet()
                            .forEach(arn -> arns.add(Elb.loadBalancerOf(arn)));
                    return arns;
                });
        return Listings.inParallel(scope, loadBalancers, arn -> Elb.listeners(elb, arn));
    }

    /** A load balancer has one listener per port. */
    private static boolean onPort(Spec desired, Listener listener) {
        return Objects.equals(desired.port(), listener.port())
                && Values.matches(desired.loadBalancerArn(), listener.loadBalancerArn());
    }

    /** The certificates without the default one, which DescribeListeners returns. */
    private static Set<String> certificates(ElasticLoadBalancingV2Client elb, String arn) {
        return elb.describeListenerCertificatesPaginator(r -> r.listenerArn(arn)).certificates().stream()
                .filter(c -> !Boolean.TRUE.equals(c.isDefault()))
                .map(c -> c.certificateArn())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Adds certificates before it removes others: a host always has its old certificate or its new one. */
    private static void changeCertificates(ElasticLoadBalancingV2Client elb, Change<Spec> change) {
        if (secure(change.spec().protocol())) {
            String arn = change.physicalId();
            Delta<String> delta = change.deltaOfStrings(Spec::listenerCertificates);
            delta.added()
                    .forEach(c -> elb.addListenerCertificates(
                            r -> r.listenerArn(arn).certificates(b -> b.certificateArn(c))));
            delta.removed()
                    .forEach(c -> elb.removeListenerCertificates(
                            r -> r.listenerArn(arn).certificates(b -> b.certificateArn(c))));
        }
    }

    private static boolean secure(@Nullable ProtocolEnum protocol) {
        return protocol == ProtocolEnum.HTTPS || protocol == ProtocolEnum.TLS;
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        boolean secure = secure(spec.protocol());
        boolean empty = spec.certificates() != null && spec.certificates().isEmpty();
        boolean certified = findings.declares(Spec::certificates) && !empty;
        if (secure && !certified) {
            findings.wrong(
                    Spec::protocol,
                    spec.protocol() + " needs a certificate",
                    "add certificates, with one certificateArn");
        }
        if (!secure && certified && findings.known(Spec::protocol)) {
            findings.wrong(
                    Spec::certificates,
                    "a listener with " + spec.protocol() + " has no certificate",
                    "set protocol to HTTPS or TLS, or remove certificates");
        }
        if (!secure
                && findings.known(Spec::protocol)
                && spec.listenerCertificates() != null
                && !spec.listenerCertificates().isEmpty()) {
            findings.wrong(
                    Spec::listenerCertificates,
                    "a listener with " + spec.protocol() + " has no certificate",
                    "set protocol to HTTPS or TLS, or remove listenerCertificates");
        }
        if (spec.certificates() != null && spec.certificates().size() > 1) {
            findings.wrong(
                    Spec::certificates,
                    "expected one default certificate, found "
                            + spec.certificates().size(),
                    "move the other certificates to listenerCertificates");
        }
    }

    /**
     * A target group serves only one load balancer, so that the old listener must be deleted first.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/22005">TargetGroupAssociationLimit</a>
     */
    @Override
    public boolean mustGoFirst(Spec desired, Spec observed) {
        return !Values.matches(desired.loadBalancerArn(), observed.loadBalancerArn())
                && ListenerAction.share(desired.defaultActions(), observed.defaultActions());
    }
}
