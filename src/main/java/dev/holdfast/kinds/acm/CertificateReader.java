package dev.holdfast.kinds.acm;

import dev.holdfast.kind.Observation.Known;
import dev.holdfast.kind.Scope;
import dev.holdfast.kind.Values;
import dev.holdfast.model.Health;
import dev.holdfast.model.Outlook;
import dev.holdfast.model.Phase;
import dev.holdfast.model.SupportEnd;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.CertificateDetail;
import software.amazon.awssdk.services.acm.model.CertificateStatus;
import software.amazon.awssdk.services.acm.model.CertificateSummary;
import software.amazon.awssdk.services.acm.model.RenewalEligibility;
import software.amazon.awssdk.services.acm.model.RenewalSummary;
import software.amazon.awssdk.services.acm.model.ResourceRecord;

/**
 * Reads the parts of a certificate that the list does not return: its options, its validation records, and the reason
 * why ACM did not issue it.
 */
final class CertificateReader {
    private CertificateReader() {}

    /**
     * Read in every pass while ACM waits for the validation, because the validation records appear some seconds after
     * the request.
     */
    static Object detail(Scope<CertificateKind.Spec> scope, AcmClient acm, CertificateSummary certificate) {
        String arn = certificate.certificateArn();
        Supplier<Map<String, @Nullable Object>> read =
                () -> values(acm.describeCertificate(r -> r.certificateArn(arn)).certificate());
        return certificate.status() == CertificateStatus.PENDING_VALIDATION
                ? read.get()
                : scope.slow(arn, "certificate", read);
    }

    private static Map<String, @Nullable Object> values(CertificateDetail certificate) {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("subjectAlternativeNames", Set.copyOf(certificate.subjectAlternativeNames()));
        values.put("certificateAuthorityArn", certificate.certificateAuthorityArn());
        if (certificate.options() != null) {
            values.put(
                    "certificateTransparencyLoggingPreference",
                    certificate.options().certificateTransparencyLoggingPreference());
        }
        Map<String, String> records = new TreeMap<>();
        certificate.domainValidationOptions().forEach(validation -> {
            ResourceRecord record = validation.resourceRecord();
            if (record != null) {
                records.put(record.name().toLowerCase(Locale.ROOT), record.value());
                if (validation.domainName().equals(certificate.domainName())) {
                    values.put("validationName", record.name());
                    values.put("validationValue", record.value());
                }
            }
        });
        values.put("validationRecords", records.isEmpty() ? null : records);
        values.put("failure", certificate.failureReasonAsString());
        values.put("renewal", Values.of(certificate.renewalSummary(), RenewalSummary::renewalStatusAsString));
        return values;
    }

    /**
     * A certificate is in creation until ACM issues it, for up to 72 hours. A certificate that ACM gave up is never
     * issued, and no service accepts it.
     *
     * @see <a href="https://docs.aws.amazon.com/acm/latest/userguide/troubleshooting-timed-out.html">Timed out</a>
     */
    static Known<CertificateKind.Spec> state(Known<CertificateKind.Spec> known, CertificateSummary certificate) {
        Known<CertificateKind.Spec> dated = known.createdAt(certificate.createdAt());
        return switch (certificate.status()) {
            case PENDING_VALIDATION ->
                dated.phase(Phase.Creating)
                        .health(Health.notReady(
                                "PendingValidation", "ACM waits for the validation records: " + records(known)));
            case ISSUED -> dated.outlook(Outlook.NONE.support(end(dated, certificate)));
            case FAILED, VALIDATION_TIMED_OUT ->
                dated.phase(Phase.Abandoned)
                        .health(Health.notReady(
                                certificate.statusAsString(),
                                "ACM gave up the validation; a new certificate is requested: " + reason(known)));
            case EXPIRED, REVOKED, INACTIVE ->
                dated.health(Health.notReady(
                        certificate.statusAsString(),
                        "delete the certificate; Holdfast then requests a new certificate"));
            default -> dated.health(Health.unknown(certificate.statusAsString(), null));
        };
    }

    /**
     * The time at which the certificate expires, if ACM will not renew it; null if ACM renews it, or may begin up to 60
     * days before the end.
     *
     * @see <a href="https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html">Managed renewal</a>
     */
    private static @Nullable SupportEnd end(Known<?> known, CertificateSummary certificate) {
        Instant at = certificate.notAfter();
        String why = notRenewed(known, certificate);
        return at == null || why == null
                ? null
                : new SupportEnd(
                        "certificate of " + certificate.domainName(),
                        "the certificate of " + certificate.domainName(),
                        at,
                        why);
    }

    private static @Nullable String notRenewed(Known<?> known, CertificateSummary certificate) {
        return switch (String.valueOf(known.outputs().get("renewal"))) {
            case "PENDING_VALIDATION" ->
                "ACM cannot renew the certificate before its validation records exist: " + records(known);
            case "FAILED" -> "ACM failed to renew the certificate: request another certificate";
            default ->
                certificate.renewalEligibility() == RenewalEligibility.INELIGIBLE
                        ? "ACM does not renew the certificate, because no load balancer and no distribution uses it"
                        : null;
        };
    }

    private static String reason(Known<?> known) {
        Object failure = known.outputs().get("failure");
        return failure == null ? "its validation records are " + records(known) : String.valueOf(failure);
    }

    private static String records(Known<?> known) {
        return known.outputs().get("validationRecords") instanceof Map<?, ?> records
                ? String.join(
                        ", ", records.keySet().stream().map(String::valueOf).toList())
                : "ACM has not named them yet";
    }
}
