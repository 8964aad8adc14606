package dev.holdfast.twin.elbv2;

import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.twin.acm.TwinAcm;
import dev.holdfast.twin.store.TwinContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddListenerCertificatesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.AddListenerCertificatesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Certificate;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerCertificatesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.DescribeListenerCertificatesResponse;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.Listener;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.ProtocolEnum;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveListenerCertificatesRequest;
import software.amazon.awssdk.services.elasticloadbalancingv2.model.RemoveListenerCertificatesResponse;

/**
 * The certificates of listeners in addition to their default ones. A call adds one certificate.
 *
 * @see <a href="https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddListenerCertificates.html">AddListenerCertificates</a>
 */
final class ExtraCertificates {
    private static final int PAGE = 400;

    private final TwinContext context;
    private final Map<String, Set<String>> byListener = new TreeMap<>();

    ExtraCertificates(TwinContext context) {
        this.context = context;
    }

    AddListenerCertificatesResponse add(Listener listener, AddListenerCertificatesRequest r) {
        if (listener.protocol() != ProtocolEnum.HTTPS && listener.protocol() != ProtocolEnum.TLS) {
            throw refused("UnsupportedProtocol", "Certificates can only be added to HTTPS and TLS listeners");
        }
        String arn = one(r.certificates());
        usable(arn);
        byListener
                .computeIfAbsent(listener.listenerArn(), l -> new LinkedHashSet<>())
                .add(arn);
        return AddListenerCertificatesResponse.builder()
                .certificates(c -> c.certificateArn(arn).isDefault(false))
                .build();
    }

    RemoveListenerCertificatesResponse remove(Listener listener, RemoveListenerCertificatesRequest r) {
        String arn = one(r.certificates());
        Set<String> all = byListener.getOrDefault(listener.listenerArn(), Set.of());
        boolean isDefault = listener.certificates().stream().anyMatch(c -> arn.equals(c.certificateArn()));
        if (isDefault && !all.contains(arn)) {
            throw refused("OperationNotPermitted", "Default certificate cannot be removed");
        }
        all.remove(arn);
        return RemoveListenerCertificatesResponse.builder().build();
    }

    /** Refuses a certificate that ACM has not issued yet. */
    void usable(String arn) {
        if (!context.peer(TwinAcm.class).serves(arn)) {
            throw refused(
                    "UnsupportedCertificate",
                    "The certificate '" + arn
                            + "' must have a fully-qualified domain name, a supported signature, and a"
                            + " supported key size.");
        }
    }

    private static String one(List<Certificate> certificates) {
        if (certificates.size() != 1 || certificates.getFirst().certificateArn() == null) {
            throw ElbState.invalid("Exactly one certificate must be specified");
        }
        if (certificates.getFirst().isDefault() != null) {
            throw ElbState.invalid("IsDefault cannot be specified");
        }
        return certificates.getFirst().certificateArn();
    }

    /** The list includes the default certificate. */
    DescribeListenerCertificatesResponse describe(Listener listener, DescribeListenerCertificatesRequest r) {
        List<Certificate> all = new ArrayList<>();
        listener.certificates()
                .forEach(c -> all.add(c.toBuilder().isDefault(true).build()));
        byListener
                .getOrDefault(listener.listenerArn(), Set.of())
                .forEach(arn -> all.add(Certificate.builder()
                        .certificateArn(arn)
                        .isDefault(false)
                        .build()));
        return context.page(r, DescribeListenerCertificatesResponse.builder(), all, PAGE);
    }

    Set<String> of(String listenerArn) {
        return new TreeSet<>(byListener.getOrDefault(listenerArn, Set.of()));
    }

    void end(String listenerArn) {
        byListener.remove(listenerArn);
    }
}
