package dev.holdfast.twin.acm;

import static dev.holdfast.twin.store.TwinErrors.named;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.route53.TwinRoute53;
import dev.holdfast.twin.store.CertificateUsers;
import dev.holdfast.twin.store.Delay;
import dev.holdfast.twin.store.ResourceStore;
import dev.holdfast.twin.store.StoredResource;
import dev.holdfast.twin.store.TagRules;
import dev.holdfast.twin.store.TwinContext;
import dev.holdfast.twin.store.TwinItem;
import dev.holdfast.twin.store.TwinService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.acm.AcmClient;
import software.amazon.awssdk.services.acm.model.*;

/**
 * The twin of ACM. It issues a certificate once its validation records exist in the twin of Route 53. It generates no
 * keys.
 *
 * @see <a href="https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html">DNS validation</a>
 */
public final class TwinAcm implements AcmClient, TwinService {
    private static final Pattern DOMAIN =
            Pattern.compile("(\\*\\.)?(((?!-)[A-Za-z0-9-]{0,62}[A-Za-z0-9])\\.)+((?!-)[A-Za-z0-9-]{1,62}[A-Za-z0-9])");
    private static final Set<String> LISTED_BY_DEFAULT = Set.of("RSA-1024", "RSA-2048");
    private static final Duration GIVES_UP = Duration.ofHours(72);
    private static final Duration SAME_REQUEST = Duration.ofHours(1);
    private static final Duration VALID = Duration.ofDays(198);
    private static final Duration RENEWS_BEFORE = Duration.ofDays(60);
    private static final int PAGE = 1000;

    private final TwinContext context;
    private final ResourceStore<CertificateDetail, CertificateDetail.Builder> certificates;
    /** The ARN that each request has returned, by the token and the domain of the request. */
    private final Map<String, String> requests = new HashMap<>();

    public TwinAcm(TwinContext context) {
        this.context = context;
        this.certificates = context.store(CertificateDetail::builder, CertificateDetail::certificateArn)
                .type("acm:certificate")
                .missing(arn -> named(
                        ResourceNotFoundException.builder(),
                        "Could not find certificate " + arn + " in account " + context.account() + "."))
                .pages(PAGE)
                .shows(this::show)
                .tagRules(TagRules.of(
                        () -> named(TooManyTagsException.builder(), "The maximum number of tags is 50"),
                        key -> named(InvalidTagException.builder(), "Tag keys that begin with aws: are reserved")));
    }

    /** Whether the certificate can be used. An unknown ARN counts as an imported certificate, which can be used. */
    public boolean serves(String arn) {
        return !certificates.has(arn) || certificates.shown(arn).status() == CertificateStatus.ISSUED;
    }

    /** The domain names of an issued certificate; empty if the twin has no such certificate. */
    public Collection<String> servedNames(String arn) {
        return certificates.has(arn) && serves(arn) ? certificates.need(arn).subjectAlternativeNames() : List.of();
    }

    private Collection<String> usersOf(String arn) {
        return context.peers(CertificateUsers.class).stream()
                .flatMap(service -> service.usersOf(arn).stream())
                .toList();
    }

    private void show(StoredResource<CertificateDetail> certificate, CertificateDetail.Builder shown) {
        Instant issued = issuedAt(certificate);
        CertificateDetail shape = certificate.shape();
        boolean named = context.passed(Delay.CERTIFICATE_RECORDS, certificate.createdAt());
        boolean late = issued == null
                && !context.now().isBefore(certificate.createdAt().plus(GIVES_UP));
        List<String> users = List.copyOf(usersOf(certificate.id()));
        shown.inUseBy(users)
                .status(
                        issued != null
                                ? CertificateStatus.ISSUED
                                : late ? CertificateStatus.VALIDATION_TIMED_OUT : CertificateStatus.PENDING_VALIDATION)
                .renewalEligibility(
                        issued == null || users.isEmpty() ? RenewalEligibility.INELIGIBLE : RenewalEligibility.ELIGIBLE)
                .domainValidationOptions(shape.domainValidationOptions().stream()
                        .map(one -> one.toBuilder()
                                .resourceRecord(named ? one.resourceRecord() : null)
                                .validationStatus(
                                        issued != null ? DomainStatus.SUCCESS : DomainStatus.PENDING_VALIDATION)
                                .build())
                        .toList());
        if (issued != null) {
            renew(certificate, issued, !users.isEmpty(), shown);
        }
    }

    /**
     * ACM renews a certificate that is in use 60 days before its end, or later, once its records exist again.
     *
     * @see <a href="https://docs.aws.amazon.com/acm/latest/userguide/managed-renewal.html">Managed renewal</a>
     */
    private void renew(
            StoredResource<CertificateDetail> certificate,
            Instant issued,
            boolean used,
            CertificateDetail.Builder shown) {
        Instant term = issued;
        Instant due = term.plus(VALID).minus(RENEWS_BEFORE);
        Instant proven = proven(certificate);
        while (used && proven != null && !due.isAfter(context.now()) && proven.isBefore(term.plus(VALID))) {
            term = proven.isAfter(due) ? proven : due;
            due = term.plus(VALID).minus(RENEWS_BEFORE);
            certificate.attributes().put("issuedAt", term.toString());
            certificate.attributes().put("renewed", "SUCCESS");
        }
        Instant end = term.plus(VALID);
        boolean waits = used && !due.isAfter(context.now());
        String renewal = waits ? "PENDING_VALIDATION" : certificate.attributes().get("renewed");
        Instant since = waits ? due : term;
        shown.issuedAt(term).notBefore(term).notAfter(end);
        if (!end.isAfter(context.now())) {
            shown.status(CertificateStatus.EXPIRED).renewalEligibility(RenewalEligibility.INELIGIBLE);
        }
        if (renewal != null) {
            shown.renewalSummary(s -> s.renewalStatus(renewal)
                    .updatedAt(since)
                    .domainValidationOptions(certificate.shape().domainValidationOptions()));
        }
    }

    /** An issued certificate stays valid until it expires, even if its records are deleted. */
    private @Nullable Instant issuedAt(StoredResource<CertificateDetail> certificate) {
        String known = certificate.attributes().get("issuedAt");
        if (known != null) {
            return Instant.parse(known);
        }
        Instant proven = proven(certificate);
        if (proven == null || !context.passed(Delay.CERTIFICATE, proven)) {
            return null;
        }
        Instant at = proven.plus(context.settings().delay(Delay.CERTIFICATE));
        certificate.attributes().put("issuedAt", at.toString());
        return at;
    }

    private @Nullable Instant proven(StoredResource<CertificateDetail> certificate) {
        Instant last = certificate.createdAt();
        for (DomainValidation one : certificate.shape().domainValidationOptions()) {
            ResourceRecord record = one.resourceRecord();
            Instant since = context.peer(TwinRoute53.class).answeredSince(record.name(), record.value());
            if (since == null) {
                return null;
            }
            last = since.isAfter(last) ? since : last;
        }
        return last;
    }

    @Override
    public RequestCertificateResponse requestCertificate(RequestCertificateRequest r) {
        Set<String> names =
                new LinkedHashSet<>(List.of(String.valueOf(r.domainName()).toLowerCase(Locale.ROOT)));
        r.subjectAlternativeNames().forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
        names.stream()
                .filter(name -> !DOMAIN.matcher(name).matches())
                .findFirst()
                .ifPresent(name -> {
                    throw refused(
                            "ValidationException",
                            "1 validation error detected: Value '" + name
                                    + "' at 'domainName' failed to satisfy constraint");
                });
        boolean isPrivate = r.certificateAuthorityArn() != null;
        if (!isPrivate && r.validationMethod() != ValidationMethod.DNS) {
            throw refused("ValidationException", "the twin validates domains by DNS only");
        }
        String before = sameRequest(r);
        if (before != null) {
            return RequestCertificateResponse.builder().certificateArn(before).build();
        }
        String key =
                Objects.requireNonNullElse(r.keyAlgorithmAsString(), "RSA_2048").replace('_', '-');
        CertificateOptions options = options(r.options());
        CertificateDetail made = certificates.create(
                r,
                c -> c.certificateArn(context.arn("acm", "certificate/" + context.uuid()))
                        .domainName(names.iterator().next())
                        .subjectAlternativeNames(names)
                        .domainValidationOptions(
                                isPrivate
                                        ? List.of()
                                        : names.stream().map(this::validation).toList())
                        .createdAt(context.now())
                        .subject("CN=" + names.iterator().next())
                        .issuer(isPrivate ? null : "Amazon")
                        .type(isPrivate ? CertificateType.PRIVATE : CertificateType.AMAZON_ISSUED)
                        .keyAlgorithm(key)
                        .signatureAlgorithm(key.startsWith("EC") ? "SHA256WITHECDSA" : "SHA256WITHRSA")
                        .options(options));
        if (r.idempotencyToken() != null) {
            requests.put(r.idempotencyToken() + " " + r.domainName(), made.certificateArn());
        }
        return RequestCertificateResponse.builder()
                .certificateArn(made.certificateArn())
                .build();
    }

    /** ACM recognises a repeated request by its token for an hour. */
    private @Nullable String sameRequest(RequestCertificateRequest r) {
        String arn = requests.get(r.idempotencyToken() + " " + r.domainName());
        return arn != null
                        && certificates.has(arn)
                        && context.now()
                                .isBefore(certificates.stored(arn).createdAt().plus(SAME_REQUEST))
                ? arn
                : null;
    }

    private static CertificateOptions options(@Nullable CertificateOptions asked) {
        return CertificateOptions.builder()
                .certificateTransparencyLoggingPreference(
                        asked == null || asked.certificateTransparencyLoggingPreference() == null
                                ? CertificateTransparencyLoggingPreference.ENABLED
                                : asked.certificateTransparencyLoggingPreference())
                .export(asked == null || asked.export() == null ? CertificateExport.DISABLED : asked.export())
                .build();
    }

    /** A domain and its wildcard have the same record, in all regions of an account. */
    private DomainValidation validation(String name) {
        String domain = name.startsWith("*.") ? name.substring(2) : name;
        return DomainValidation.builder()
                .domainName(name)
                .validationDomain(name)
                .validationMethod(ValidationMethod.DNS)
                .resourceRecord(record -> record.type(RecordType.CNAME)
                        .name("_" + digits(domain) + "." + domain + ".")
                        .value("_" + digits("value of " + domain) + "."
                                + digits(context.account()).substring(0, 10) + ".acm-validations.aws."))
                .build();
    }

    private String digits(String text) {
        return UUID.nameUUIDFromBytes((context.account() + text).getBytes(StandardCharsets.UTF_8))
                .toString()
                .replace("-", "");
    }

    @Override
    public DescribeCertificateResponse describeCertificate(DescribeCertificateRequest r) {
        return DescribeCertificateResponse.builder()
                .certificate(
                        certificates.shown(certificates.seen(r.certificateArn()).shape()))
                .build();
    }

    @Override
    public ListCertificatesResponse listCertificates(ListCertificatesRequest r) {
        Collection<String> keys =
                r.includes() == null || r.includes().keyTypes().isEmpty()
                        ? LISTED_BY_DEFAULT
                        : r.includes().keyTypesAsStrings().stream()
                                .map(key -> key.replace('_', '-'))
                                .collect(Collectors.toSet());
        return certificates.page(
                r,
                ListCertificatesResponse.builder(),
                certificates
                        .visible()
                        .filter(c -> keys.contains(c.keyAlgorithmAsString()))
                        .filter(c -> r.certificateStatuses().isEmpty()
                                || r.certificateStatuses().contains(c.status()))
                        .map(TwinAcm::summary));
    }

    private static CertificateSummary summary(CertificateDetail c) {
        return SdkShapes.copy(c, CertificateSummary.builder())
                .subjectAlternativeNameSummaries(
                        c.subjectAlternativeNames().stream().limit(100).toList())
                .hasAdditionalSubjectAlternativeNames(
                        c.subjectAlternativeNames().size() > 100)
                .exportOption(c.options().exportAsString())
                .inUse(!c.inUseBy().isEmpty())
                .build();
    }

    @Override
    public DeleteCertificateResponse deleteCertificate(DeleteCertificateRequest r) {
        Collection<String> users = usersOf(r.certificateArn());
        if (!users.isEmpty()) {
            throw named(
                    ResourceInUseException.builder(),
                    "Certificate " + r.certificateArn() + " in account " + context.account() + " is in use.");
        }
        certificates.delete(r.certificateArn());
        return DeleteCertificateResponse.builder().build();
    }

    @Override
    public UpdateCertificateOptionsResponse updateCertificateOptions(UpdateCertificateOptionsRequest r) {
        CertificateDetail shown =
                certificates.shown(certificates.seen(r.certificateArn()).shape());
        if (shown.status() != CertificateStatus.ISSUED) {
            throw named(InvalidStateException.builder(), "The certificate is not issued.");
        }
        if (r.options().export() != null
                && r.options().export() != shown.options().export()) {
            throw refused("ValidationException", "The value of Export cannot be updated.");
        }
        certificates.change(
                r.certificateArn(),
                c -> c.options(o -> o.export(shown.options().export())
                        .certificateTransparencyLoggingPreference(
                                r.options().certificateTransparencyLoggingPreference())));
        return UpdateCertificateOptionsResponse.builder().build();
    }

    @Override
    public ListTagsForCertificateResponse listTagsForCertificate(ListTagsForCertificateRequest r) {
        return certificates.seen(r.certificateArn()).showTags(ListTagsForCertificateResponse.builder());
    }

    @Override
    public AddTagsToCertificateResponse addTagsToCertificate(AddTagsToCertificateRequest r) {
        return certificates.stored(r.certificateArn()).tag(r, AddTagsToCertificateResponse.builder());
    }

    @Override
    public RemoveTagsFromCertificateResponse removeTagsFromCertificate(RemoveTagsFromCertificateRequest r) {
        certificates.untag(r.certificateArn(), r.tags().stream().map(Tag::key).toList());
        return RemoveTagsFromCertificateResponse.builder().build();
    }

    @Override
    public List<TwinItem> inventory() {
        return certificates.items();
    }
}
