package dev.holdfast.kinds.cloudfront;

import static dev.holdfast.kind.OwnershipForm.TAG;
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
 * A distribution of CloudFront.
 *
 * <p>It holds no data: one that vanished is made again at once, with an alert, because a site is off the air until then. But it
 * is the site, and a new one has another host name, so that it is retained when its document goes, as a log group is. Nothing of
 * it is immutable: it is never replaced.
 */
@Singleton
public final class DistributionKind extends DeclaredKind<DistributionKind.Spec> {
    /** https://docs.aws.amazon.com/Route53/latest/APIReference/API_AliasTarget.html */
    private static final String HOSTED_ZONE = "Z2FDTNDATAQYW2";

    /** @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_DistributionConfig.html">DistributionConfig</a> */
    public record Spec(
            @Doc("Whether it answers requests.") @Required Boolean enabled,
            @Doc("What it is for; may be empty.") @Required String comment,

            @Doc("The site's own host names. The certificate covers them, and no other distribution has them.")
            Set<String> aliases,

            @Doc("Where the content comes from.") @Required @Key("id")
            List<DistributionOrigin> origins,

            @Doc("Groups of origins, of which the second one answers where the first one fails.") @Key("id")
            List<OriginGroup> originGroups,

            @Doc("What is done with requests that no other behavior is for.") @Required
            DefaultBehavior defaultCacheBehavior,

            @Doc("What is done with requests for other paths; the first one that fits counts.")
            @Key(value = "pathPattern", ordered = true)
            List<DistributionBehavior> cacheBehaviors,

            @Doc("The certificate for the aliases, and how viewers have to speak TLS.")
            DistributionCertificate viewerCertificate,

            @Doc("What is answered for /, such as index.html; empty: what the origin answers.")
            String defaultRootObject,

            @Doc("What is answered in place of the origin's errors.") @Key("errorCode")
            List<ErrorAnswer> customErrorResponses,

            @Doc("Countries that are served, or are not.") CountryRestrictions restrictions,

            @Doc("The ARN of a web ACL of WAF, of the scope CLOUDFRONT in us-east-1; empty: none. AWS may add one for"
                    + " somebody: it is left alone where no document says any.")
            String webACLId,

            @Doc("Access logs in a bucket.") AccessLogs logging,

            @Doc("In which regions it answers: PriceClass_100, PriceClass_200 or PriceClass_All.")
            @Offers({"PriceClass_100", "PriceClass_200", "PriceClass_All"})
            PriceClass priceClass,

            @Doc("The newest version of HTTP for viewers.") HttpVersion httpVersion,
            @Doc("Whether it has IPv6 addresses.") Boolean isIPV6Enabled,
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
            @Doc("How behaviors name it.") @Required String id,

            @Doc("When the second origin is asked.") @Required
            FailoverCriteria failoverCriteria,

            @Doc("The two origins, the one that is asked first before the other.") @Required
            List<OriginGroupMember> members,

            @Doc("How CloudFront chooses between them.") OriginGroupSelectionCriteria selectionCriteria) {}

    public record FailoverCriteria(
            @Doc("The statuses that count as failures.") @Required
            Set<Integer> statusCodes) {}

    public record OriginGroupMember(
            @Doc("The id of an origin.") @Required String originId) {}

    /** CloudFront answers TLSv1 and vip for its own certificate, whatever it was told. */
    public record DistributionCertificate(
            @Doc("The distribution's own, for its own host name only.")
            @Excludes({"acmCertificateArn", "iamCertificateId"})
            Boolean cloudFrontDefaultCertificate,

            @Doc("A certificate of ACM in us-east-1, which is issued.")
            @Ref(value = "Certificate", output = "arn")
            @Excludes("iamCertificateId")
            @Needs("sslSupportMethod")
            String acmCertificateArn,

            @Doc("A certificate that was uploaded to IAM.") @Needs("sslSupportMethod")
            String iamCertificateId,

            @Doc("sni-only; vip costs 600 USD a month.") SSLSupportMethod sslSupportMethod,

            @Doc("The oldest version of TLS that viewers may speak.")
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
            @Doc("The origin's status.") @Required Integer errorCode,

            @Doc("The path of the page that is answered; empty: the origin's page.")
            String responsePagePath,

            @Doc("The status that is answered with it; empty: the origin's.")
            String responseCode,

            @Doc("Seconds after which the origin is asked again; AWS's default is 10.")
            Long errorCachingMinTTL) {
        public ErrorAnswer {
            responsePagePath = responsePagePath == null ? "" : responsePagePath;
            responseCode = responseCode == null ? "" : responseCode;
        }
    }

    public record CountryRestrictions(
            @Doc("By country.") @Required CountryList geoRestriction) {}

    public record CountryList(
            @Doc("whitelist: only these; blacklist: all but these; none.") @Required
            GeoRestrictionType restrictionType,

            @Doc("Two letters for each country, as in ISO 3166-1.")
            Set<String> items) {
        public CountryList {
            items = items == null ? Set.of() : items;
        }
    }

    public record AccessLogs(
            @Doc("Whether they are written.") @Required Boolean enabled,

            @Doc("The bucket's host name; the bucket takes access control lists.")
            String bucket,

            @Doc("What their names begin with.") String prefix,
            @Doc("Whether they contain cookies.") Boolean includeCookies) {}

    @Override
    protected Recipe<?, ?, Spec> recipe() {
        return Recipe.of(
                        "Distribution",
                        Spec.class,
                        CloudFrontClient.class,
                        TAG,
                        "A distribution of CloudFront: a site's content near its viewers.")
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
                        .fact("Deployment", "Deployed".equals(there.status()) ? "deployed" : "on the way to the edge")
                        .fact("Enabled", Boolean.TRUE.equals(there.enabled()) ? "yes" : "no")
                        .fact(
                                "Aliases",
                                there.aliases() == null
                                        ? null
                                        : String.join(", ", there.aliases().items())))
                .output("id", "Its id.", DistributionSummary::id)
                .output("arn", "Its ARN.", DistributionSummary::arn)
                .output("domainName", "Its own host name.", DistributionSummary::domainName)
                .output("hostedZoneId", "The zone of an alias record for it.", there -> HOSTED_ZONE)
                .output(
                        "status",
                        "Deployed, or InProgress: the edge does not have the last change yet.",
                        there -> there.status())
                .info(info -> info.global().statefulButRecreated("its name under cloudfront.net, which others may use"))
                .leavesOut("callerReference", "the token of the creation")
                .leavesOut("staging, continuousDeploymentPolicyId", "a second distribution for tests is no kind yet")
                .leavesOut(
                        "tenantConfig, connectionMode", "distributions of many tenants are another thing, and no kind")
                .leavesOut("anycastIpListId", "fixed addresses have to be ordered from AWS")
                .leavesOut("viewerMtlsConfig", "certificates of viewers need a trust store, which is no kind yet")
                .leavesOut("connectionFunctionAssociation", "functions for connections are no kind yet")
                .leavesOut("cacheTagConfig", "invalidation by tags of content is not offered yet")
                .leavesOut(
                        "defaultCacheBehavior.forwardedValues",
                        "with its TTLs, what cache policies have replaced; a distribution that has them keeps them")
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

    /** A distribution of many tenants, and one that stages another, is another thing: it is never taken for the stack's. */
    private static boolean isOffered(DistributionSummary there) {
        return there.connectionMode() != ConnectionMode.TENANT_ONLY && !Boolean.TRUE.equals(there.staging());
    }

    /** The list does not say all of a configuration, but its version: what has not changed since is not read again. */
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
            findings.wrong(Spec::aliases, "expected a certificate for them", "add viewerCertificate.acmCertificateArn");
        }
        String arn = certificate == null ? null : certificate.acmCertificateArn();
        if (arn != null && !Unresolved.is(arn) && !arn.matches("arn:aws[a-z-]*:acm:us-east-1:.*")) {
            findings.wrong(
                    Spec::viewerCertificate,
                    "expected a certificate in us-east-1, found " + arn,
                    "give the Certificate metadata.region us-east-1");
        }
        String acl = spec.webACLId();
        if (acl != null
                && !acl.isEmpty()
                && !Unresolved.is(acl)
                && !acl.matches("arn:[^:]+:wafv2:us-east-1:.*:global/webacl/.*|[0-9a-f-]{36}")) {
            findings.wrong(
                    Spec::webACLId,
                    "expected the ARN of a web ACL of the scope CLOUDFRONT, found " + acl,
                    "arn:aws:wafv2:us-east-1:…:global/webacl/…");
        }
        if (spec.comment() != null && spec.comment().length() > 128) {
            findings.wrong(Spec::comment, "expected at most 128 characters", "shorten it");
        }
        if (findings.known(Spec::origins)
                && (findings.known(Spec::originGroups) || !findings.declares(Spec::originGroups))) {
            targets(spec, findings);
        }
    }

    /** The members of a group and the targets of the behaviors are in the same document. */
    private static void targets(Spec spec, Findings<Spec> findings) {
        Set<String> origins = new TreeSet<>();
        all(spec.origins()).forEach(origin -> origins.add(String.valueOf(origin.id())));
        all(spec.originGroups())
                .flatMap(group -> all(group.members()))
                .map(OriginGroupMember::originId)
                .filter(id -> !Unresolved.is(id) && !origins.contains(String.valueOf(id)))
                .findFirst()
                .ifPresent(id -> findings.wrong(Spec::originGroups, "there is no origin " + id, "one of " + origins));
        all(spec.originGroups()).forEach(group -> origins.add(String.valueOf(group.id())));
        Stream.concat(
                        Stream.ofNullable(spec.defaultCacheBehavior()).map(DefaultBehavior::targetOriginId),
                        all(spec.cacheBehaviors()).map(DistributionBehavior::targetOriginId))
                .filter(id -> id != null && !Unresolved.is(id) && !origins.contains(id))
                .findFirst()
                .ifPresent(id -> findings.wrong(Spec::origins, "there is no origin " + id, "one of " + origins));
    }

    private static <E> Stream<E> all(@Nullable Collection<E> some) {
        return some == null ? Stream.of() : some.stream();
    }
}
