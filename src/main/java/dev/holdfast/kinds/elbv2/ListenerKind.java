package dev.holdfast.kinds.elbv2;

import dev.holdfast.aws.FaultRule;
import dev.holdfast.kind.Change;
import dev.holdfast.kind.DeclaredKeys;
import dev.holdfast.kind.Delta;
import dev.holdfast.kind.Desired;
import dev.holdfast.kind.Doc;
import dev.holdfast.kind.Findings;
import dev.holdfast.kind.Identity;
import dev.holdfast.kind.Immutable;
import dev.holdfast.kind.Kind;
import dev.holdfast.kind.KindInfo;
import dev.holdfast.kind.Observation;
import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Observed;
import dev.holdfast.kind.OwnershipForm;
import dev.holdfast.kind.Permissions;
import dev.holdfast.kind.Range;
import dev.holdfast.kind.Ref;
import dev.holdfast.kind.Required;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Slow;
import dev.holdfast.kind.TagMap;
import dev.holdfast.kind.Unresolved;
import dev.holdfast.kind.Wanted;
import dev.holdfast.model.Fault;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ListenerAttribute;

/** A listener: one open port of a load balancer. */
@Singleton
public final class ListenerKind implements Kind<ListenerKind.Spec> {

    /** @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html">CreateListener</a> */
    public record Spec(
            @Doc("The load balancer.") @Required @Immutable @Ref("LoadBalancer") @Nullable
            String loadBalancerArn,

            @Doc("The port; a load balancer has one listener a port.") @Required @Range(min = 1, max = 65535) @Nullable
            Integer port,

            @Doc("The protocol: HTTP or HTTPS of an application load balancer.") @Required @Nullable
            Protocol protocol,

            @Doc("The security policy of HTTPS and TLS: protocols and ciphers.") @Nullable
            String sslPolicy,

            @Doc("The default certificate of HTTPS and TLS: exactly one.") @Nullable
            List<Certificate> certificates,

            @Doc("ARNs of further certificates, from which one is chosen by the host that a client asks for.")
            @Slow("certificates")
            @Nullable
            Set<String> listenerCertificates,

            @Doc("What is done with a request that no rule takes.") @Required @Nullable
            List<ListenerAction> defaultActions,

            @Doc("Attributes by AWS's own names, such as routing.http.response.server.enabled; only those named"
                    + " here are compared.")
            @DeclaredKeys
            @Slow("attributes")
            @Nullable
            Map<String, String> listenerAttributes,

            @Doc("Tags.") @TagMap @Nullable Map<String, String> tags) {}

    public record Certificate(
            @Doc("The certificate's ARN, in ACM or IAM.") @Required @Nullable
            String certificateArn) {}

    public enum Protocol {
        HTTP,
        HTTPS,
        TCP,
        TLS,
        UDP,
        TCP_UDP
    }

    @Override
    public KindInfo<Spec> info() {
        return KindInfo.of("Listener", Spec.class, OwnershipForm.TAG)
                .description("A listener: one open port of a load balancer, and what is done there by default.")
                .output("arn", "The listener's ARN.")
                .page("https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html")
                .leavesOut("AlpnPolicy", "application protocols over TLS are not managed here")
                .leavesOut(
                        "MutualAuthentication",
                        "it needs a trust store, which is a resource of its own; nobody here has clients with"
                                + " certificates")
                .fault(FaultRule.of("DuplicateListener", Fault.Category.EXISTS))
                .fault(FaultRule.of("LoadBalancerNotFound", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("TargetGroupNotFound", Fault.Category.DEPENDENCY))
                .fault(FaultRule.of("CertificateNotFound", Fault.Category.DEPENDENCY))
                .permissions(Permissions.on("elasticloadbalancing:{region}:{account}:listener/*")
                        .lists(
                                "elasticloadbalancing:DescribeLoadBalancers",
                                "elasticloadbalancing:DescribeListeners",
                                "elasticloadbalancing:DescribeTags")
                        .reads(
                                "elasticloadbalancing:DescribeListenerAttributes",
                                "elasticloadbalancing:DescribeListenerCertificates")
                        .createsIn(
                                "elasticloadbalancing:{region}:{account}:loadbalancer/*",
                                "elasticloadbalancing:CreateListener")
                        .tags("elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags")
                        .changes("elasticloadbalancing:ModifyListener", "elasticloadbalancing:DeleteListener")
                        .changesFor("listenerAttributes", "elasticloadbalancing:ModifyListenerAttributes")
                        .changesFor(
                                "listenerCertificates",
                                "elasticloadbalancing:AddListenerCertificates",
                                "elasticloadbalancing:RemoveListenerCertificates"))
                .build();
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
                    "use HTTPS or TLS");
        }
        if (!secure
                && findings.known(Spec::protocol)
                && spec.listenerCertificates() != null
                && !spec.listenerCertificates().isEmpty()) {
            findings.wrong(
                    Spec::listenerCertificates,
                    "a listener with " + spec.protocol() + " has no certificate",
                    "use HTTPS or TLS");
        }
        if (spec.certificates() != null && spec.certificates().size() > 1) {
            findings.wrong(
                    Spec::certificates,
                    "expected the one default certificate, found "
                            + spec.certificates().size(),
                    "put the others into listenerCertificates");
        }
    }

    /**
     * A target group serves one load balancer only, so that the old one has to let go of it.
     *
     * @see <a href="https://github.com/hashicorp/terraform-provider-aws/issues/22005">TargetGroupAssociationLimit</a>
     */
    @Override
    public boolean mustGoFirst(Spec desired, Spec observed) {
        return desired.loadBalancerArn() != null
                && !Unresolved.is(desired.loadBalancerArn())
                && !desired.loadBalancerArn().equals(observed.loadBalancerArn())
                && ListenerAction.share(desired.defaultActions(), observed.defaultActions());
    }

    @Override
    public List<Observation<Spec>> observe(Scope<Spec> scope) {
        if (Elb.nothingToDo(scope)) {
            return List.of();
        }
        ElasticLoadBalancingV2Client elb = scope.client(ElasticLoadBalancingV2Client.class);
        List<Listener> all = scope.parallel(loadBalancers(scope), arn -> Elb.listeners(elb, arn)).stream()
                .flatMap(Collection::stream)
                .toList();
        Set<String> arns = Elb.recorded(scope);
        boolean byArn = scope.confirming() && !arns.isEmpty();
        List<Elb.Tagged<Listener>> ours = Elb.ours(
                scope,
                all,
                Listener::listenerArn,
                l -> arns.contains(l.listenerArn()) || (!byArn && inPlaceOfWanted(scope, l)));
        return scope.each(
                ours,
                f -> Elb.identity(f.thing().listenerArn(), f),
                (f, identity) -> observed(elb, scope, f.thing(), identity));
    }

    /** A load balancer has one listener a port: whoever's it is, it is to be seen. */
    private static boolean inPlaceOfWanted(Scope<Spec> scope, Listener listener) {
        return scope.wanted().stream()
                .map(Wanted::desired)
                .filter(Objects::nonNull)
                .anyMatch(d -> Objects.equals(d.port(), listener.port())
                        && (d.loadBalancerArn() == null
                                || Unresolved.is(d.loadBalancerArn())
                                || d.loadBalancerArn().equals(listener.loadBalancerArn())));
    }

    /** Listeners are listed by load balancer: those that are desired or recorded, and when neither tells, all of ours. */
    private static Set<String> loadBalancers(Scope<Spec> scope) {
        Set<String> arns = new LinkedHashSet<>();
        Elb.recorded(scope).forEach(arn -> arns.add(loadBalancerOf(arn)));
        boolean unclear = scope.sweep();
        for (var wanted : scope.wanted()) {
            String lb = wanted.desired() == null ? null : wanted.desired().loadBalancerArn();
            if (lb != null && !Unresolved.is(lb)) {
                arns.add(lb);
            } else {
                unclear |= wanted.physicalId() == null;
            }
        }
        if (unclear) {
            arns.addAll(Elb.ownLoadBalancers(scope));
            scope.tagged("elasticloadbalancing:listener").keySet().forEach(arn -> arns.add(loadBalancerOf(arn)));
        }
        return arns;
    }

    /** A listener's ARN is its load balancer's, with its own id behind. */
    static String loadBalancerOf(String listenerArn) {
        return listenerArn.substring(0, listenerArn.lastIndexOf('/')).replace(":listener/", ":loadbalancer/");
    }

    private static Known<Spec> observed(
            ElasticLoadBalancingV2Client elb, Scope<Spec> scope, Listener listener, Identity identity) {
        String arn = listener.listenerArn();
        Map<String, String> attributes = scope.slow(
                arn,
                "attributes",
                () -> Elb.map(
                        elb.describeListenerAttributes(r -> r.listenerArn(arn)).attributes(),
                        ListenerAttribute::key,
                        ListenerAttribute::value));
        Spec spec = new Spec(
                listener.loadBalancerArn(),
                listener.port(),
                Elb.constant(Protocol.class, listener.protocolAsString()),
                listener.sslPolicy(),
                listener.certificates().stream()
                        .map(c -> new Certificate(c.certificateArn()))
                        .toList(),
                secure(Elb.constant(Protocol.class, listener.protocolAsString()))
                        ? scope.slow(arn, "certificates", () -> certificates(elb, arn))
                        : Set.of(),
                ListenerAction.observed(listener.defaultActions()),
                attributes,
                identity.tags());
        return Known.of(identity, spec).output("arn", arn);
    }

    /** Without the default one, which a listener's description has. */
    private static Set<String> certificates(ElasticLoadBalancingV2Client elb, String arn) {
        return elb.describeListenerCertificatesPaginator(r -> r.listenerArn(arn)).certificates().stream()
                .filter(c -> !Boolean.TRUE.equals(c.isDefault()))
                .map(c -> c.certificateArn())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static boolean secure(@Nullable Protocol protocol) {
        return protocol == Protocol.HTTPS || protocol == Protocol.TLS;
    }

    /** Its further certificates follow as an update. */
    @Override
    public String create(Desired<Spec> desired, String token) {
        Spec spec = desired.spec();
        return desired.client(ElasticLoadBalancingV2Client.class)
                .createListener(r -> r.loadBalancerArn(spec.loadBalancerArn())
                        .port(spec.port())
                        .protocol(Elb.wire(spec.protocol()))
                        .sslPolicy(spec.sslPolicy())
                        .certificates(certificates(spec))
                        .defaultActions(ListenerAction.requested(spec.defaultActions()))
                        .tags(Elb.tags(spec.tags())))
                .listeners()
                .getFirst()
                .listenerArn();
    }

    private static @Nullable List<software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate>
            certificates(Spec spec) {
        return spec.certificates() == null
                ? null
                : spec.certificates().stream()
                        .map(c -> software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate.builder()
                                .certificateArn(c.certificateArn())
                                .build())
                        .toList();
    }

    @Override
    public void update(Change<Spec> change) {
        ElasticLoadBalancingV2Client elb = change.client(ElasticLoadBalancingV2Client.class);
        String arn = change.physicalId();
        Spec spec = change.spec();
        // A protocol can only change together with the certificate that it needs.
        boolean secure = change.touches(Spec::protocol, Spec::sslPolicy, Spec::certificates);
        if (secure || change.touches(Spec::port, Spec::defaultActions)) {
            elb.modifyListener(r -> {
                r.listenerArn(arn);
                if (change.touches(Spec::port)) {
                    r.port(spec.port());
                }
                if (secure) {
                    r.protocol(Elb.wire(spec.protocol()))
                            .sslPolicy(spec.sslPolicy())
                            .certificates(certificates(spec));
                }
                if (change.touches(Spec::defaultActions)) {
                    r.defaultActions(ListenerAction.requested(spec.defaultActions()));
                }
            });
        }
        if (change.touches(Spec::listenerCertificates) && secure(spec.protocol())) {
            // One a call, both ways; a host never has neither its old certificate nor its new one.
            Delta<String> delta = change.deltaOfStrings(Spec::listenerCertificates);
            delta.added()
                    .forEach(c -> elb.addListenerCertificates(
                            r -> r.listenerArn(arn).certificates(b -> b.certificateArn(c))));
            delta.removed()
                    .forEach(c -> elb.removeListenerCertificates(
                            r -> r.listenerArn(arn).certificates(b -> b.certificateArn(c))));
        }
        if (change.touches(Spec::listenerAttributes)) {
            elb.modifyListenerAttributes(r -> r.listenerArn(arn)
                    .attributes(Elb.differing(
                            spec.listenerAttributes(),
                            change.observed().spec().listenerAttributes(),
                            (k, v) ->
                                    ListenerAttribute.builder().key(k).value(v).build())));
        }
        Elb.updateTags(elb, change, Spec::tags);
    }

    @Override
    public void delete(Observed<Spec> observed) {
        observed.client(ElasticLoadBalancingV2Client.class).deleteListener(r -> r.listenerArn(observed.physicalId()));
    }
}
