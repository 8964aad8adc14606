package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.model.Fault.Category.DEPENDENCY;
import static dev.holdfast.model.Fault.Category.EXISTS;
import static dev.holdfast.model.Fault.Category.INVALID;
import static dev.holdfast.model.Fault.Category.QUOTA;

import dev.holdfast.kind.*;
import dev.holdfast.kinds.cloudfront.DistributionBehavior.DefaultBehavior;
import dev.holdfast.model.Phase;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudfront.CloudFrontClient;
import software.amazon.awssdk.services.cloudfront.model.ConnectionMode;
import software.amazon.awssdk.services.cloudfront.model.DistributionConfig;
import software.amazon.awssdk.services.cloudfront.model.DistributionSummary;
import software.amazon.awssdk.services.cloudfront.model.GeoRestrictionType;
import software.amazon.awssdk.services.cloudfront.model.HttpVersion;
import software.amazon.awssdk.services.cloudfront.model.MinimumProtocolVersion;
import software.amazon.awssdk.services.cloudfront.model.NoSuchDistributionException;
import software.amazon.awssdk.services.cloudfront.model.OriginGroupSelectionCriteria;
import software.amazon.awssdk.services.cloudfront.model.PriceClass;
import software.amazon.awssdk.services.cloudfront.model.SSLSupportMethod;

/**
 * A CloudFront distribution.
 *
 * <p>A distribution holds no data: if it disappears, it is created again at once, with an alert, because its site is
 * down until then. But a new distribution has another host name. A distribution is therefore retained when its document
 * is removed, like a log group. It has no immutable fields, so that it is never replaced.
 */
@Singleton
public final class DistributionKind extends DeclaredKind<DistributionKind.Spec> {
    /** https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
    private static final String HOSTED_ZONE = "Z2FDTNDATAQYW2";

    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html">DistributionConfig</a> */
    public record Spec(
            @Doc("Whether the distribution answers requests.") @Required
            Boolean enabled,

            @Doc("The purpose of the distribution; may be empty.") @Required
            String comment,

            @Doc("The host names of the site. The certificate must cover them, and no other distribution may have"
                    + " them.")
            Set<String> aliases,

            @Doc("The origins of the content.") @Required @Key("id")
            List<DistributionOrigin> origins,

            @Doc("Groups of two origins; the second origin answers if the first origin fails.") @Key("id")
            List<OriginGroup> originGroups,

            @Doc("The behavior for requests that match no other behavior.") @Required
            DefaultBehavior defaultCacheBehavior,

            @Doc("The behaviors for other paths; the first behavior that matches a request applies.")
            @Key(value = "pathPattern", ordered = true)
            List<DistributionBehavior> cacheBehaviors,

            @Doc("The certificate for the aliases, and the TLS settings for viewers.")
            DistributionCertificate viewerCertificate,

            @Doc("The object that is returned for /, such as index.html; empty: the origin's answer.") @EmptyIsNone
            String defaultRootObject,

            @Doc("The answers that replace errors of the origin.") @Key("errorCode")
            List<ErrorAnswer> customErrorResponses,

            @Doc("Restrictions by the country of the viewer.")
            CountryRestrictions restrictions,

            @Doc("The ARN of a WAF web ACL of the scope CLOUDFRONT in us-east-1; empty: none. If the field is"
                    + " absent, a web ACL that AWS or another principal added stays.")
            @EmptyIsNone
            String webACLId,

            @Doc("The access logs in a bucket.") AccessLogs logging,

            @Doc("The edge locations that answer: PriceClass_100, PriceClass_200 or PriceClass_All.")
            @Offers({"PriceClass_100", "PriceClass_200", "PriceClass_All"})
            PriceClass priceClass,

            @Doc("The newest HTTP version that viewers can use.")
            HttpVersion httpVersion,

            @Doc("Whether the distribution has IPv6 addresses.")
            Boolean isIPV6Enabled,

            @Doc("Tags.") @TagMap @Slow("tags") Map<String, String> tags) {
        public Spec {
            aliases = aliases == null
                    ? null
                    : aliases.stream()
                            .map(alias -> Unresolved.is(alias) ? alias : alias.toLowerCase(Locale.ROOT))
                            .collect(Collectors.toUnmodifiableSet());
        }
    }

    public record OriginGroup(
            @Doc("The id by which behaviors refer to the group.") @Required
            String id,

            @Doc("The conditions for requests to the second origin.") @Required
            FailoverCriteria failoverCriteria,

            @Doc("The two origins; the first of them receives requests first.") @Required
            List<OriginGroupMember> members,

            @Doc("The rule by which CloudFront selects an origin.")
            OriginGroupSelectionCriteria selectionCriteria) {}

    public record FailoverCriteria(
            @Doc("The HTTP status codes of the first origin that count as failures.") @Required
            Set<Integer> statusCodes) {}

    public record OriginGroupMember(
            @Doc("The id of an origin.") @Required String originId) {}

    /** For its own certificate, CloudFront always returns TLSv1 and vip, regardless of the request. */
    public record DistributionCertificate(
            @Doc("Whether CloudFront's default certificate is used, which covers only the host name under"
                    + " cloudfront.net.")
            @Excludes({"acmCertificateArn", "iamCertificateId"})
            Boolean cloudFrontDefaultCertificate,

            @Doc("The ARN of an issued ACM certificate in us-east-1.")
            @Ref(value = "Certificate", output = "arn")
            @Excludes("iamCertificateId")
            @Needs("sslSupportMethod")
            String acmCertificateArn,

            @Doc("The id of a certificate that was uploaded to IAM.") @Needs("sslSupportMethod")
            String iamCertificateId,

            @Doc("The way in which CloudFront serves HTTPS: sni-only, or vip, which costs 600 USD a month.")
            SSLSupportMethod sslSupportMethod,

            @Doc("The oldest TLS version that viewers may use.")
            MinimumProtocolVersion minimumProtocolVersion) {
        public DistributionCertificate {
            if (Boolean.TRUE.equals(cloudFrontDefaultCertificate)) {
                sslSupportMethod = null;
                minimumProtocolVersion = null;
            } else {
                cloudFrontDefaultCertificate = null;
            }
        }
    }

    public record ErrorAnswer(
            @Doc("The HTTP status code of the origin.") @Required
            Integer errorCode,

            @Doc("The path of the page that is returned; empty: the origin's page.")
            String responsePagePath,

            @Doc("The HTTP status code that is returned; empty: the origin's code.")
            String responseCode,

            @Doc("The time until CloudFront sends the next request to the origin, in seconds; AWS's default is 10.")
            Long errorCachingMinTTL) {
        public ErrorAnswer {
            responsePagePath = responsePagePath == null ? "" : responsePagePath;
            responseCode = responseCode == null ? "" : responseCode;
        }
    }

    public record CountryRestrictions(
            @Doc("The restriction by country.") @Required CountryList geoRestriction) {}

    public record CountryList(
            @Doc("whitelist (only the listed countries), blacklist (all except the listed countries) or none.")
            @Required
            GeoRestrictionType restrictionType,

            @Doc("The countries, as two-letter codes of ISO 3166-1.")
            Set<String> items) {
        public CountryList {
            items = items == null ? Set.of() : items;
        }
    }

    public record AccessLogs(
            @Doc("Whether access logs are written.") @Required
            Boolean enabled,

            @Doc("The host name of the bucket; the bucket must allow access control lists.") @EmptyIsNone
            String bucket,

            @Doc("The prefix of the names of the log files.") @EmptyIsNone
            String prefix,

            @Doc("Whether the logs contain cookies.") Boolean includeCookies) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of("Distribution", Spec.class, CloudFrontClient.class)
                .description("A CloudFront distribution, which delivers the content of a site from locations near its"
                        + " viewers.")
                .lists(
                        cloudFront -> cloudFront.listDistributionsPaginator(r -> r.maxItems("100")).items().stream()
                                .filter(DistributionKind::isOffered)
                                .toList(),
                        PointRead.of(
                                (cloudFront, id) -> Stream.of(
                                                DistributionWrites.summary(cloudFront.getDistribution(r -> r.id(id))))
                                        .filter(DistributionKind::isOffered)
                                        .toList(),
                                NoSuchDistributionException.class))
                .id(DistributionSummary::id)
                .arn(DistributionSummary::arn)
                .place((desired, there) -> desired.aliases() != null
                        && there.aliases() != null
                        && there.aliases().items().stream().anyMatch(desired.aliases()::contains))
                .tags(CloudFrontTags.of("distribution"))
                .detail(DistributionKind::configuration)
                .creates(DistributionWrites::create)
                .rewrites(DistributionConfig.builder(), DistributionWrites::update)
                .deletesObserved((cloudFront, observed) ->
                        DistributionWrites.delete(cloudFront, observed.physicalId(), isDeployed(observed)))
                .state((known, there) -> known.phase("Deployed".equals(there.status()) ? Phase.Steady : Phase.Updating)
                        .fact("Domain", there.domainName())
                        .fact("Deployment", "Deployed".equals(there.status()) ? "deployed" : "in progress")
                        .fact("Enabled", Boolean.TRUE.equals(there.enabled()) ? "yes" : "no")
                        .fact(
                                "Aliases",
                                there.aliases() == null
                                        ? null
                                        : String.join(", ", there.aliases().items())))
                .output("id", "The id of the distribution.", DistributionSummary::id)
                .output("arn", "The ARN of the distribution.", DistributionSummary::arn)
                .output("domainName", "The host name under cloudfront.net.", DistributionSummary::domainName)
                .output(
                        "hostedZoneId",
                        "The hosted zone id for alias records that point to the distribution.",
                        there -> HOSTED_ZONE)
                .output(
                        "status",
                        "Deployed, or InProgress while edge locations do not have the last change yet.",
                        there -> there.status())
                .info(info -> info.global()
                        .statefulButRecreated("its host name under cloudfront.net, which other systems may use"))
                .leavesOut("callerReference", "Holdfast sends the token of the creation")
                .leavesOut(
                        "staging, continuousDeploymentPolicyId", "Holdfast has no kind for staging distributions yet")
                .leavesOut(
                        "tenantConfig, connectionMode",
                        "multi-tenant distributions are a different type of resource, for which Holdfast has no kind")
                .leavesOut("anycastIpListId", "static IP addresses have to be ordered from AWS")
                .leavesOut(
                        "viewerMtlsConfig",
                        "viewer certificates need a trust store, for which Holdfast has no kind yet")
                .leavesOut("connectionFunctionAssociation", "Holdfast has no kind for connection functions yet")
                .leavesOut("cacheTagConfig", "invalidation by cache tags is not offered yet")
                .leavesOut(
                        "defaultCacheBehavior.forwardedValues",
                        "cache policies replace this member and its TTLs; a distribution that has them keeps them")
                .fault("DistributionAlreadyExists", EXISTS)
                .fault("InvalidViewerCertificate", "doesn't exist", DEPENDENCY)
                .fault("InvalidOriginAccessControl", DEPENDENCY)
                .fault("InvalidFunctionAssociation", DEPENDENCY)
                .fault("EntityNotFound", DEPENDENCY)
                .fault("NoSuchOrigin", INVALID)
                .fault("NoSuchCachePolicy", DEPENDENCY)
                .fault("NoSuchOriginRequestPolicy", DEPENDENCY)
                .fault("NoSuchResponseHeadersPolicy", DEPENDENCY)
                .fault("ResourceInUse", DEPENDENCY)
                .fault("TooManyDistributions", QUOTA)
                .permissions(Permissions.on("cloudfront::{account}:distribution/*")
                        .changesAnything("cloudfront:CreateDistribution")
                        .tags("cloudfront:TagResource", "cloudfront:UntagResource"))
                .page("https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistributionWithTags.html");
    }

    /** Multi-tenant and staging distributions are other types of resources, which are never treated as the stack's. */
    private static boolean isOffered(DistributionSummary there) {
        return there.connectionMode() != ConnectionMode.TENANT_ONLY && !Boolean.TRUE.equals(there.staging());
    }

    /**
     * The list returns only a part of the configuration, but also its version: an unchanged configuration is not read
     * again.
     */
    private static Object configuration(Scope<Spec> scope, CloudFrontClient cloudFront, DistributionSummary there) {
        return scope.forever(
                there.id(),
                there.eTag(),
                () -> cloudFront.getDistributionConfig(r -> r.id(there.id())).distributionConfig());
    }

    private static boolean isDeployed(Observed<Spec> observed) {
        return observed.known().phase() == Phase.Steady;
    }

    @Override
    public void check(Spec spec, Findings<Spec> findings) {
        DistributionCertificate certificate = spec.viewerCertificate();
        boolean own = certificate == null || Boolean.TRUE.equals(certificate.cloudFrontDefaultCertificate());
        boolean said = findings.known(Spec::viewerCertificate) || !findings.declares(Spec::viewerCertificate);
        if (spec.aliases() != null && !spec.aliases().isEmpty() && said && own) {
            findings.wrong(
                    Spec::aliases,
                    "aliases need a certificate that covers them",
                    "set viewerCertificate.acmCertificateArn");
        }
        String arn = certificate == null ? null : certificate.acmCertificateArn();
        if (arn != null && !Unresolved.is(arn) && !arn.matches("arn:aws[a-z-]*:acm:us-east-1:.*")) {
            findings.wrong(
                    Spec::viewerCertificate,
                    "expected a certificate in us-east-1, found " + arn,
                    "set metadata.region of the Certificate to us-east-1");
        }
        String acl = spec.webACLId();
        if (acl != null
                && !acl.isEmpty()
                && !Unresolved.is(acl)
                && !acl.matches("arn:[^:]+:wafv2:us-east-1:.*:global/webacl/.*|[0-9a-f-]{36}")) {
            findings.wrong(
                    Spec::webACLId,
                    "expected the ARN of a web ACL of the scope CLOUDFRONT, found " + acl,
                    "set webACLId to an ARN of the form arn:aws:wafv2:us-east-1:…:global/webacl/…");
        }
        if (spec.comment() != null && spec.comment().length() > 128) {
            findings.wrong(Spec::comment, "expected at most 128 characters", "shorten comment");
        }
        if (findings.known(Spec::origins)
                && (findings.known(Spec::originGroups) || !findings.declares(Spec::originGroups))) {
            targets(spec, findings);
        }
    }

    /** The document must contain the members of its origin groups and the targets of its behaviors. */
    private static void targets(Spec spec, Findings<Spec> findings) {
        Set<String> origins = new TreeSet<>();
        all(spec.origins()).forEach(origin -> origins.add(String.valueOf(origin.id())));
        all(spec.originGroups())
                .flatMap(group -> all(group.members()))
                .map(OriginGroupMember::originId)
                .filter(id -> !Unresolved.is(id) && !origins.contains(String.valueOf(id)))
                .findFirst()
                .ifPresent(id -> findings.wrong(
                        Spec::originGroups, "the document declares no origin " + id, "use one of " + origins));
        all(spec.originGroups()).forEach(group -> origins.add(String.valueOf(group.id())));
        Stream.concat(
                        Stream.ofNullable(spec.defaultCacheBehavior()).map(DefaultBehavior::targetOriginId),
                        all(spec.cacheBehaviors()).map(DistributionBehavior::targetOriginId))
                .filter(id -> id != null && !Unresolved.is(id) && !origins.contains(id))
                .findFirst()
                .ifPresent(id -> findings.wrong(
                        Spec::origins, "the document declares no origin " + id, "use one of " + origins));
    }

    private static <E> Stream<E> all(@Nullable Collection<E> some) {
        return some == null ? Stream.of() : some.stream();
    }
}
