package dev.holdfast.composites;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The certificate of a domain name with its validation record, and the alias records of the name. */
final class DomainParts {
    private static final int PROOF_SECONDS = 300;

    private final Expansion into;
    private final String hostedZoneId;
    private final String prefix;
    private final @Nullable Map<String, String> tags;

    /** @param prefix the prefix of the parts' names within the composite; empty for none */
    DomainParts(Expansion into, String hostedZoneId, String prefix, @Nullable Map<String, String> tags) {
        this.into = into;
        this.hostedZoneId = hostedZoneId;
        this.prefix = prefix;
        this.tags = tags;
    }

    /**
     * Adds a certificate for the name and, with {@code wildcard}, for all names one level below the name, which share
     * one record. ACM renews the certificate as long as the record exists.
     *
     * @see <a href="https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html">validation by DNS</a>
     */
    CompositePart certificate(String name, boolean wildcard) {
        CompositePart certificate = (prefix.isEmpty() ? into.part("Certificate") : into.part("Certificate", prefix))
                .set("domainName", name)
                .set(
                        "subjectAlternativeNames",
                        wildcard ? JsonFields.ordered(name, "*." + name) : JsonFields.ordered(name))
                .set("keyAlgorithm", "RSA_2048")
                .set("certificateTransparencyLoggingPreference", "ENABLED")
                .tags(tags)
                .from("/domainName", "/domain/name")
                .from("/subjectAlternativeNames", "/domain/name");
        into.part("RecordSet", prefix.isEmpty() ? "proof" : prefix + "-proof")
                .set("hostedZoneId", hostedZoneId, "/domain/hostedZoneId")
                .set("name", certificate.ref("validationName"))
                .set("type", "CNAME")
                .set("ttl", PROOF_SECONDS)
                .set("resourceRecords", JsonFields.ordered(certificate.ref("validationValue")));
        return certificate;
    }

    /**
     * Adds an alias record.
     *
     * @param part the part's name within the composite
     */
    void alias(String part, String name, String type, String targetZone, String target, boolean health) {
        into.part("RecordSet", part)
                .set("hostedZoneId", hostedZoneId, "/domain/hostedZoneId")
                .set("name", name, "/domain/name")
                .set("type", type)
                .set(
                        "aliasTarget",
                        JsonFields.of("hostedZoneId", targetZone, "dnsName", target, "evaluateTargetHealth", health));
    }
}
