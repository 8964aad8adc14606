package dev.holdfast.kinds.acm;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.QUOTA;
import static dev.holdfast.model.Fault.Category.TRANSIENT;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.kind.*;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateExport;
import software.amazon.awssdk.services.acm.model.CertificateOptions;
import software.amazon.awssdk.services.acm.model.CertificateSummary;
import software.amazon.awssdk.services.acm.model.CertificateTransparencyLoggingPreference;
import software.amazon.awssdk.services.acm.model.KeyAlgorithm;
import software.amazon.awssdk.services.acm.model.RequestCertificateRequest;
import software.amazon.awssdk.services.acm.model.ResourceNotFoundException;
import software.amazon.awssdk.services.acm.model.Tag;

/**
 * An ACM certificate, validated by DNS. It is created in the region of its document; a certificate for CloudFront needs
 * {@code metadata.region} us-east-1.
 */
@Singleton
public final class CertificateKind extends DeclaredKind<CertificateKind.Spec> {
    private static final int PAGE = 1000;
    /**
     * ListCertificates returns only certificates with RSA keys of 2,048 bits, unless the request names other key types.
     */
    private static final Set<KeyAlgorithm> ALL_KEYS = KeyAlgorithm.knownValues();

    private static final Tagging<AcmClient> TAGGING = Tagging.indexed(
            "acm:certificate",
            (acm, arn) -> SdkShapes.map(
                    acm.listTagsForCertificate(r -> r.certificateArn(arn)).tags()),
            arn -> arn,
            (acm, arn, tags) ->
                    acm.addTagsToCertificate(r -> r.certificateArn(arn).tags(SdkShapes.pairs(tags, Tag::builder))),
            (acm, arn, keys) -> acm.removeTagsFromCertificate(r -> r.certificateArn(arn)
                    .tags(keys.stream()
                            .map(key -> Tag.builder().key(key).build())
                            .toList())));

    /** @see <a href="https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html">RequestCertificate</a> */
    public record Spec(
            @Doc("The domain name of the certificate; *.example.com covers one level of names below example.com.")
            @Required
            @Immutable
            String domainName,

            @Doc("All domain names of the certificate; AWS adds domainName.") @Immutable
            Set<String> subjectAlternativeNames,

            @Doc("The algorithm and size of the key. Default: RSA_2048. CloudFront and load balancers accept"
                    + " RSA_2048 and EC_prime256v1 everywhere.")
            @Immutable
            @Offers({"RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"})
            KeyAlgorithm keyAlgorithm,

            @Doc("The ARN of the private certificate authority that issues the certificate; absent: Amazon issues"
                    + " a public certificate.")
            @Immutable
            @Slow("certificate")
            String certificateAuthorityArn,

            @Doc("Whether the certificate is recorded in public transparency logs; browsers do not trust a"
                    + " certificate that is not recorded.")
            @Slow("certificate")
            CertificateTransparencyLoggingPreference certificateTransparencyLoggingPreference,

            @Doc("Whether the certificate and its key may be exported, for a fee.") @Immutable
            CertificateExport certificateExport,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            domainName = domainName == null ? null : domainName.toLowerCase(Locale.ROOT);
            if (subjectAlternativeNames != null) {
                Set<String> names = new TreeSet<>();
                subjectAlternativeNames.forEach(
                        name -> names.add(Unresolved.is(name) ? name : name.toLowerCase(Locale.ROOT)));
                if (domainName != null) {
                    names.add(domainName);
                }
                subjectAlternativeNames = Set.copyOf(names);
            }
        }
    }

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Certificate", Spec.class, AcmClient.class)
                .description("A TLS certificate, validated by DNS.")
                .lists(
                        acm -> acm.listCertificatesPaginator(
                                        r -> r.maxItems(PAGE).includes(f -> f.keyTypes(ALL_KEYS)))
                                .certificateSummaryList(),
                        PointRead.of(
                                (acm, arn) -> List.of(summary(acm.describeCertificate(r -> r.certificateArn(arn))
                                        .certificate())),
                                ResourceNotFoundException.class))
                .id(CertificateSummary::certificateArn)
                .place((desired, certificate) -> certificate.domainName().equals(desired.domainName()))
                .tags(TAGGING)
                .reads(
                        Spec::keyAlgorithm,
                        // Requests contain RSA_2048, answers RSA-2048.
                        certificate -> KeyAlgorithm.fromValue(
                                certificate.keyAlgorithmAsString().replace('-', '_')))
                .reads(Spec::certificateExport, CertificateSummary::exportOption)
                .detail(CertificateReader::detail)
                .state(CertificateReader::state)
                .creates(RequestCertificateRequest::builder, CertificateKind::complete, AcmClient::requestCertificate)
                .updates(
                        (acm, change) -> acm.updateCertificateOptions(r -> r.certificateArn(change.physicalId())
                                .options(o -> o.certificateTransparencyLoggingPreference(
                                        change.spec().certificateTransparencyLoggingPreference()))),
                        Spec::certificateTransparencyLoggingPreference)
                .deletes((acm, arn) -> acm.deleteCertificate(r -> r.certificateArn(arn)))
                .output("arn", "The ARN of the certificate.", CertificateSummary::certificateArn)
                .output("domainName", "The domain name.", CertificateSummary::domainName)
                .output("validationName", "The name of the record that proves the control of domainName.")
                .output("validationValue", "The value of that record, a CNAME.")
                .output("validationRecords", "The value of the CNAME by its name, for all names of the certificate.")
                .output("status", "ACM's status: PENDING_VALIDATION, ISSUED and others.", c -> c.statusAsString())
                .output("notAfter", "The time at which an issued certificate expires.", c -> text(c.notAfter()))
                .output(
                        "renewal",
                        "ACM's status of the renewal, once it has begun: SUCCESS, PENDING_VALIDATION and others.")
                // The certificate is issued only after these records exist.
                .info(info -> info.early("validationName", "validationValue", "validationRecords", "domainName"))
                .leavesOut(
                        "validationMethod",
                        "always DNS: validation by email needs an answer for each renewal, and validation by HTTP is"
                                + " for certificates that CloudFront requests itself")
                .leavesOut("domainValidationOptions", "only for validation by email")
                .leavesOut("managedBy", "CloudFront sets this member on certificates that it requests itself")
                .fault("ResourceInUseException", DEPENDENCY)
                .fault("RequestInProgressException", TRANSIENT)
                .fault("InvalidStateException", TRANSIENT)
                .fault("LimitExceededException", QUOTA)
                .permissions(Permissions.on("acm:{region}:{account}:certificate/*")
                        .createsAnywhere("acm:RequestCertificate"))
                .page("https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html");
    }

    private static CertificateSummary summary(CertificateDetail certificate) {
        return SdkShapes.copy(certificate, CertificateSummary.builder())
                .exportOption(Values.of(certificate.options(), CertificateOptions::exportAsString))
                .build();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static void complete(RequestCertificateRequest.Builder request, Desired<Spec> desired) {
        Spec spec = desired.spec();
        if (spec.certificateAuthorityArn() == null) {
            request.validationMethod("DNS");
        }
        if (spec.certificateTransparencyLoggingPreference() != null || spec.certificateExport() != null) {
            request.options(o -> o.export(spec.certificateExport())
                    .certificateTransparencyLoggingPreference(spec.certificateTransparencyLoggingPreference()));
        }
    }
}
