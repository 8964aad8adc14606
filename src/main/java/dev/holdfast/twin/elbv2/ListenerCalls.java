package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.elbv2.ElbState.invalid;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.store.TwinTags;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.*;

/** Listeners. A load balancer has at most one listener for each port. */
interface ListenerCalls extends ElasticLoadBalancingV2Client {
    String DEFAULT_POLICY = "ELBSecurityPolicy-2016-08";
    Set<ProtocolEnum> HTTP = Set.of(ProtocolEnum.HTTP, ProtocolEnum.HTTPS);
    Set<ProtocolEnum> SECURE = Set.of(ProtocolEnum.HTTPS, ProtocolEnum.TLS);

    ElbState state();

    @Override
    default CreateListenerResponse createListener(CreateListenerRequest r) {
        ElbState s = state();
        String lb = s.balancers.need(r.loadBalancerArn()).loadBalancerArn();
        if (r.protocol() == null || r.port() == null) {
            throw invalid("Protocol and port must be specified");
        }
        Listener asked = secured(SdkShapes.copy(r, Listener.builder())
                .defaultActions(s.checked(r.defaultActions(), lb))
                .build());
        asked.certificates().forEach(c -> s.certificates.usable(c.certificateArn()));
        Listener there = s.listenersOf(lb)
                .filter(l -> Objects.equals(l.port(), r.port()))
                .findFirst()
                .orElse(null);
        if (there == null) {
            String arn = lb.replace(":loadbalancer/", ":listener/") + "/" + s.context.hex(16);
            there = s.listeners.add(asked.toBuilder().listenerArn(arn).build(), TwinTags.in(r));
            s.listeners.stored(arn).attributes().putAll(ElbAttributes.ofListener(there.protocol()));
            s.defaultRules.put(arn, arn.replace(":listener/", ":listener-rule/") + "/" + s.context.hex(16));
        } else if (!there.toBuilder().listenerArn(null).build().equals(asked)
                || !TwinTags.in(r).equals(s.listeners.tags(there.listenerArn()))) {
            throw taken(lb);
        }
        return CreateListenerResponse.builder().listeners(there).build();
    }

    private static AwsServiceException taken(String loadBalancerArn) {
        return refused(
                "DuplicateListener",
                "A listener already exists on this port for this load balancer '" + loadBalancerArn + "'");
    }

    /**
     * Sets AWS's default policy of a secure listener. Removes the members that only secure listeners have from other
     * listeners.
     */
    private static Listener secured(Listener listener) {
        boolean application = listener.loadBalancerArn().contains(":loadbalancer/app/");
        if (application != HTTP.contains(listener.protocol())) {
            throw refused(
                    "UnsupportedProtocol",
                    "Protocol '" + listener.protocolAsString() + "' is not supported by this type of load balancer");
        }
        if (!SECURE.contains(listener.protocol())) {
            return listener.toBuilder()
                    .sslPolicy(null)
                    .certificates(List.of())
                    .alpnPolicy(List.of())
                    .mutualAuthentication((MutualAuthenticationAttributes) null)
                    .build();
        }
        if (listener.certificates().isEmpty()) {
            throw invalid("A certificate must be specified for " + listener.protocolAsString() + " listeners");
        }
        if (listener.certificates().size() > 1) {
            throw refused("TooManyCertificates", "Exactly one default certificate must be specified");
        }
        boolean tls = listener.protocol() == ProtocolEnum.TLS;
        return listener.toBuilder()
                .alpnPolicy(tls ? listener.alpnPolicy() : List.of())
                .mutualAuthentication(tls ? null : mutual(listener.mutualAuthentication()))
                .sslPolicy(Objects.requireNonNullElse(listener.sslPolicy(), DEFAULT_POLICY))
                .build();
    }

    private static MutualAuthenticationAttributes mutual(@Nullable MutualAuthenticationAttributes asked) {
        if (asked == null || asked.mode() == null) {
            return MutualAuthenticationAttributes.builder().mode("off").build();
        }
        if (asked.mode().equals("verify") != (asked.trustStoreArn() != null)) {
            throw invalid("A trust store must be specified with the mode 'verify', and with no other");
        }
        return asked.mode().equals("verify")
                ? asked.copy(
                        m -> m.ignoreClientCertificateExpiry(Boolean.TRUE.equals(asked.ignoreClientCertificateExpiry()))
                                .advertiseTrustStoreCaNames(
                                        Objects.requireNonNullElse(asked.advertiseTrustStoreCaNamesAsString(), "off")))
                : asked;
    }

    @Override
    default ModifyListenerResponse modifyListener(ModifyListenerRequest r) {
        ElbState s = state();
        Listener old = s.listeners.need(r.listenerArn());
        String lb = old.loadBalancerArn();
        if (s.listenersOf(lb)
                .filter(other -> !other.listenerArn().equals(old.listenerArn()))
                .anyMatch(other -> other.port().equals(r.port()))) {
            throw taken(lb);
        }
        Listener made = secured(SdkShapes.copy(r, old.toBuilder())
                .certificates(r.certificates().isEmpty() ? old.certificates() : r.certificates())
                .defaultActions(s.checked(r.defaultActions().isEmpty() ? old.defaultActions() : r.defaultActions(), lb))
                .build());
        return ModifyListenerResponse.builder()
                .listeners(s.listeners.put(made).shape())
                .build();
    }

    @Override
    default DescribeListenersResponse describeListeners(DescribeListenersRequest r) {
        ElbState s = state();
        if (r.loadBalancerArn() == null && r.listenerArns().isEmpty()) {
            throw invalid("You must specify either a load balancer ARN or listener ARNs");
        }
        if (r.loadBalancerArn() != null) {
            s.balancers.need(r.loadBalancerArn());
        }
        return s.listeners.page(
                r,
                DescribeListenersResponse.builder(),
                s.listeners
                        .visible(r.listenerArns())
                        .filter(l -> r.loadBalancerArn() == null
                                || r.loadBalancerArn().equals(l.loadBalancerArn())));
    }

    @Override
    default ModifyListenerAttributesResponse modifyListenerAttributes(ModifyListenerAttributesRequest r) {
        return ModifyListenerAttributesResponse.builder()
                .attributes(SdkShapes.pairs(
                        ElbState.setAttributes(state().listeners.stored(r.listenerArn()), "Listener", r.attributes()),
                        ListenerAttribute::builder))
                .build();
    }

    @Override
    default DescribeListenerAttributesResponse describeListenerAttributes(DescribeListenerAttributesRequest r) {
        return DescribeListenerAttributesResponse.builder()
                .attributes(SdkShapes.pairs(
                        state().listeners.stored(r.listenerArn()).attributes(), ListenerAttribute::builder))
                .build();
    }

    @Override
    default AddListenerCertificatesResponse addListenerCertificates(AddListenerCertificatesRequest r) {
        return state().certificates.add(state().listeners.need(r.listenerArn()), r);
    }

    @Override
    default RemoveListenerCertificatesResponse removeListenerCertificates(RemoveListenerCertificatesRequest r) {
        return state().certificates.remove(state().listeners.need(r.listenerArn()), r);
    }

    @Override
    default DescribeListenerCertificatesResponse describeListenerCertificates(DescribeListenerCertificatesRequest r) {
        return state().certificates.describe(state().listeners.need(r.listenerArn()), r);
    }

    @Override
    default DeleteListenerResponse deleteListener(DeleteListenerRequest r) {
        state().listeners.need(r.listenerArn());
        state().removeListener(r.listenerArn());
        return DeleteListenerResponse.builder().build();
    }
}
