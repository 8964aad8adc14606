package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.store.TwinErrors.refused;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.model.CertificateSource;
import software.amazon.awssdk.services.cloudfront.model.MinimumProtocolVersion;
import software.amazon.awssdk.services.cloudfront.model.SSLSupportMethod;
import software.amazon.awssdk.services.cloudfront.model.ViewerCertificate;

/**
 * CloudFront's rules for the certificate of a distribution, as a request names it. CloudFront returns the deprecated
 * members {@code Certificate} and {@code CertificateSource} too, and refuses a request in which they contradict the
 * certificate.
 *
 * @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ViewerCertificate.html">ViewerCertificate</a>
 * @see <a href="https://github.com/dlapiduz/certbot-s3front/issues/12">messages of the refusals</a>
 */
final class ViewerCertificateRules {
    private ViewerCertificateRules() {}

    static void check(@Nullable ViewerCertificate asked) {
        if (asked == null) {
            return;
        }
        boolean own = Boolean.TRUE.equals(asked.cloudFrontDefaultCertificate());
        if (Stream.of(own ? "own" : null, asked.acmCertificateArn(), asked.iamCertificateId())
                        .filter(Objects::nonNull)
                        .count()
                > 1) {
            throw wrong("Specify only one of CloudFrontDefaultCertificate, ACMCertificateArn and IAMCertificateId.");
        }
        if (own) {
            source("CloudFrontDefaultCertificate", asked, CertificateSource.CLOUDFRONT);
        }
        if (asked.acmCertificateArn() != null) {
            source("ACMCertificateArn", asked, CertificateSource.ACM);
            same("ACMCertificateArn", asked.acmCertificateArn(), asked);
        }
        if (asked.iamCertificateId() != null) {
            source("IAMCertificateId", asked, CertificateSource.IAM);
            same("IAMCertificateId", asked.iamCertificateId(), asked);
        }
        if (!own && identity(asked) != null) {
            protocols(asked);
        }
    }

    private static void protocols(ViewerCertificate asked) {
        if (asked.sslSupportMethod() == null) {
            throw wrong("The parameter SSLSupportMethod is required for a certificate of ACM or IAM.");
        }
        if (asked.sslSupportMethod() == SSLSupportMethod.SNI_ONLY
                && asked.minimumProtocolVersion() == MinimumProtocolVersion.SSL_V3) {
            throw refused(
                    "InvalidMinimumProtocolVersion",
                    "The minimum protocol version for SNI is TLSv1. Specify TLSv1 or later.");
        }
    }

    private static void source(String member, ViewerCertificate asked, CertificateSource expected) {
        if (asked.certificateSource() != null && asked.certificateSource() != expected) {
            throw wrong("Cannot specify " + member + " and a CertificateSource not equal to \"" + expected + "\".");
        }
    }

    private static void same(String member, String value, ViewerCertificate asked) {
        if (asked.certificate() != null && !asked.certificate().equals(value)) {
            throw wrong("Your " + member + " does not match the given Certificate field.");
        }
    }

    /** The certificate that the members name; null for CloudFront's own. */
    static @Nullable String identity(ViewerCertificate certificate) {
        return certificate.acmCertificateArn() != null
                ? certificate.acmCertificateArn()
                : certificate.iamCertificateId();
    }

    private static RuntimeException wrong(String message) {
        return refused("InvalidViewerCertificate", message);
    }
}
