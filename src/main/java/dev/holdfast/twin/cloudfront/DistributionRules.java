package dev.holdfast.twin.cloudfront;

import static dev.holdfast.twin.cloudfront.CloudFrontState.behaviors;
import static dev.holdfast.twin.cloudfront.CloudFrontState.conflict;
import static dev.holdfast.twin.cloudfront.CloudFrontState.invalid;
import static dev.holdfast.twin.store.TwinErrors.error;
import static dev.holdfast.twin.store.TwinErrors.refused;

import dev.holdfast.aws.SdkShapes;
import dev.holdfast.twin.acm.TwinAcm;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.*;

/**
 * CloudFront's rules for the configuration of a distribution.
 *
 * @see <a href="https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateDistributionWithTags.html#API_CreateDistributionWithTags_Errors">errors</a>
 */
final class DistributionRules {
    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html">quotas</a> */
    private static final int MOST_ALIASES = 100;

    private static final int MOST_BEHAVIORS = 75;
    private static final int MOST_ORIGINS = 100;

    /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/distribution-overview-required-fields.html */
    private static final List<String> OF_UPDATES = List.of(
            "Aliases",
            "DefaultRootObject",
            "CacheBehaviors",
            "CustomErrorResponses",
            "Comment",
            "Logging",
            "PriceClass",
            "ViewerCertificate",
            "Restrictions",
            "WebACLId",
            "HttpVersion");

    private static final List<String> OF_BEHAVIORS = List.of(
            "AllowedMethods", "SmoothStreaming", "Compress", "LambdaFunctionAssociations", "FieldLevelEncryptionId");
    private static final List<String> OF_ORIGINS = List.of("OriginPath", "CustomHeaders");
    private static final List<String> OF_CUSTOM_ORIGINS =
            List.of("OriginSslProtocols", "OriginReadTimeout", "OriginKeepaliveTimeout");

    /** https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/creating-custom-error-pages.html */
    private static final Set<Integer> ERROR_CODES = Set.of(400, 403, 404, 405, 414, 416, 500, 501, 502, 503, 504);

    private static final List<Set<Method>> METHODS = List.of(
            Set.of(Method.GET, Method.HEAD),
            Set.of(Method.GET, Method.HEAD, Method.OPTIONS),
            Set.copyOf(Method.knownValues()));

    private final CloudFrontState state;
    private final @Nullable Distribution old;

    /** @param old the distribution that the request changes; null if the distribution is new */
    DistributionRules(CloudFrontState state, @Nullable Distribution old) {
        this.state = state;
        this.old = old;
    }

    /** An update must contain more members than a create call. */
    void whole(DistributionConfig config) {
        present(config, OF_UPDATES);
        present(config.defaultCacheBehavior(), OF_BEHAVIORS);
        config.cacheBehaviors().items().forEach(one -> present(one, OF_BEHAVIORS));
        for (Origin origin : config.origins().items()) {
            present(origin, OF_ORIGINS);
            if (origin.customOriginConfig() != null) {
                present(origin.customOriginConfig(), OF_CUSTOM_ORIGINS);
            }
        }
        if (!config.callerReference()
                .equals(Objects.requireNonNull(old).distributionConfig().callerReference())) {
            throw refused("IllegalUpdate", "The caller reference cannot be updated.");
        }
    }

    private static void present(SdkPojo shape, List<String> members) {
        for (String member : members) {
            if (SdkShapes.get(shape, member) == null) {
                throw refused("IllegalUpdate", member + " is missing");
            }
        }
    }

    /** @param config a configuration with the defaults that CloudFront sets */
    void check(DistributionConfig config) {
        CloudFrontState.counted(config);
        origins(config);
        behaviors(config).forEach(this::behavior);
        targets(config);
        aliases(config);
        errors(config);
        String acl = config.webACLId();
        if (!acl.isEmpty()
                && !acl.matches("arn:aws:wafv2:us-east-1:\\d{12}:global/webacl/[^/]+/[^/]+")
                && !acl.matches("[0-9a-f-]{36}")) {
            throw refused(
                    "InvalidWebACLId",
                    "The web ACL is not accessible by the requester, or is not in the scope CLOUDFRONT: " + acl);
        }
    }

    private void origins(DistributionConfig config) {
        List<Origin> all = config.origins().items();
        if (all.isEmpty()) {
            throw invalid("The parameter Origins is required.");
        }
        if (all.size() > MOST_ORIGINS) {
            throw refused("TooManyOrigins", "Your request contains more origins than are allowed per distribution.");
        }
        Set<String> ids = new HashSet<>();
        for (Origin origin : all) {
            if (!ids.add(origin.id())) {
                throw invalid("The parameter Origin Id is not unique: " + origin.id());
            }
            origin(origin);
        }
    }

    private void origin(Origin origin) {
        long kinds = Stream.of(origin.s3OriginConfig(), origin.customOriginConfig(), origin.vpcOriginConfig())
                .filter(Objects::nonNull)
                .count();
        if (kinds != 1) {
            throw invalid("An origin has exactly one of S3OriginConfig, CustomOriginConfig and VpcOriginConfig: "
                    + origin.id());
        }
        if (!origin.domainName().matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")
                || !origin.domainName().contains(".")) {
            throw invalid("The parameter origin name must be a domain name: " + origin.domainName());
        }
        if (!origin.originPath().isEmpty()
                && (!origin.originPath().startsWith("/") || origin.originPath().endsWith("/"))) {
            throw invalid("The parameter OriginPath is not valid: it begins with / and does not end with it.");
        }
        if (origin.vpcOriginConfig() != null
                && !state.vpcOrigins.has(origin.vpcOriginConfig().vpcOriginId())) {
            throw error(
                    404,
                    "EntityNotFound",
                    "The VPC origin does not exist: " + origin.vpcOriginConfig().vpcOriginId());
        }
        String control = Objects.requireNonNullElse(origin.originAccessControlId(), "");
        S3OriginConfig s3 = origin.s3OriginConfig();
        if (!control.isEmpty() && s3 != null && !s3.originAccessIdentity().isEmpty()) {
            throw refused(
                    "IllegalOriginAccessConfiguration",
                    "An origin cannot contain both an origin access control (OAC) and an origin access identity (OAI).");
        }
        if (!control.isEmpty() && !state.originAccessControls.has(control)) {
            throw refused("InvalidOriginAccessControl", "The specified origin access control does not exist.");
        }
    }

    private void behavior(SdkPojo one) {
        boolean legacy = SdkShapes.get(one, "ForwardedValues") != null;
        boolean policy = SdkShapes.get(one, "CachePolicyId") != null;
        if (legacy && policy) {
            throw invalid("The parameter ForwardedValues cannot be used when a cache policy is associated to the cache"
                    + " behavior.");
        }
        if (!legacy && !policy) {
            throw invalid("The parameter ForwardedValues is required.");
        }
        for (String ttl : List.of("MinTTL", "DefaultTTL", "MaxTTL")) {
            if (policy && SdkShapes.get(one, ttl) != null) {
                throw invalid("The parameter " + ttl
                        + " cannot be used when a cache policy is associated to the cache behavior.");
            }
        }
        AllowedMethods methods = (AllowedMethods) Objects.requireNonNull(SdkShapes.get(one, "AllowedMethods"));
        if (!METHODS.contains(Set.copyOf(methods.items()))) {
            throw invalid("The parameter AllowedMethods contains methods that are not supported together.");
        }
        if (!METHODS.subList(0, 2).contains(Set.copyOf(methods.cachedMethods().items()))) {
            throw invalid("The parameter CachedMethods contains methods that are not supported together.");
        }
        state.policies(one);
        functions(one).forEach(DistributionRules::ofViewers);
        if (functions(one).stream()
                        .map(FunctionAssociation::eventType)
                        .distinct()
                        .count()
                < functions(one).size()) {
            throw refused("InvalidFunctionAssociation", "A behavior has one function for each event type.");
        }
        state.functions(one);
    }

    static List<FunctionAssociation> functions(SdkPojo behavior) {
        return SdkShapes.get(behavior, "FunctionAssociations") instanceof FunctionAssociations all
                ? all.items()
                : List.of();
    }

    /** @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-functions-choosing.html">events</a> */
    private static void ofViewers(FunctionAssociation association) {
        if (association.eventType() != EventType.VIEWER_REQUEST
                && association.eventType() != EventType.VIEWER_RESPONSE) {
            throw refused(
                    "InvalidFunctionAssociation",
                    "A function can be associated with viewer-request and viewer-response only.");
        }
    }

    private void targets(DistributionConfig config) {
        Set<String> targets = new TreeSet<>();
        config.origins().items().forEach(origin -> targets.add(origin.id()));
        for (OriginGroup group : config.originGroups().items()) {
            group.members().items().forEach(member -> known(targets, member.originId()));
        }
        config.originGroups().items().forEach(group -> targets.add(group.id()));
        behaviors(config).forEach(one -> known(targets, String.valueOf(SdkShapes.get(one, "TargetOriginId"))));
        List<CacheBehavior> ordered = config.cacheBehaviors().items();
        if (ordered.size() > MOST_BEHAVIORS) {
            throw refused("TooManyCacheBehaviors", "You cannot create more cache behaviors for the distribution.");
        }
        if (ordered.stream().map(CacheBehavior::pathPattern).distinct().count() < ordered.size()) {
            throw invalid("The parameter PathPattern is not unique.");
        }
    }

    private static void known(Set<String> targets, String id) {
        if (!targets.contains(id)) {
            throw error(404, "NoSuchOrigin", "One or more of your origins or origin groups do not exist.");
        }
    }

    private void aliases(DistributionConfig config) {
        List<String> aliases = config.aliases().items();
        if (aliases.size() > MOST_ALIASES) {
            throw refused(
                    "TooManyDistributionCNAMEs",
                    "Your request contains more CNAMEs than are allowed per distribution.");
        }
        state.distributions.stream()
                .filter(other -> old == null || !other.id().equals(old.id()))
                .flatMap(other -> other.distributionConfig().aliases().items().stream())
                .filter(taken -> aliases.stream().anyMatch(taken::equalsIgnoreCase))
                .findFirst()
                .ifPresent(taken -> {
                    throw conflict(
                            "CNAMEAlreadyExists",
                            "One or more of the CNAMEs you provided are already associated with a different resource.");
                });
        ViewerCertificate certificate = config.viewerCertificate();
        if (certificate.acmCertificateArn() != null) {
            Collection<String> names = names(certificate.acmCertificateArn());
            if (!aliases.stream().allMatch(alias -> names.stream().anyMatch(name -> covers(name, alias)))) {
                throw uncertified("The certificate that is attached to your distribution doesn't cover the alternate"
                        + " domain name (CNAME) that you're trying to add.");
            }
        } else if (!aliases.isEmpty() && certificate.iamCertificateId() == null) {
            throw uncertified("To add an alternate domain name (CNAME) to a CloudFront distribution, you must attach a"
                    + " trusted certificate that validates your authorization to use the domain name.");
        }
    }

    /** CloudFront answers only for an alias that the certificate of the distribution covers. */
    void certified(DistributionConfig config, String alias) {
        ViewerCertificate certificate = config.viewerCertificate();
        boolean covered = certificate.acmCertificateArn() == null
                ? certificate.iamCertificateId() != null
                : names(certificate.acmCertificateArn()).stream().anyMatch(name -> covers(name, alias));
        if (!covered) {
            throw invalid("The distribution has no certificate that covers the alias " + alias + ".");
        }
    }

    static boolean overlap(String one, String other) {
        return covers(one, other) || covers(other, one);
    }

    private Collection<String> names(String arn) {
        Collection<String> names = arn.startsWith("arn:aws:acm:us-east-1:")
                ? state.context.peerIn("us-east-1", TwinAcm.class).servedNames(arn)
                : List.of();
        if (names.isEmpty()) {
            throw uncertified("The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or"
                    + " doesn't include a valid certificate chain.");
        }
        return names;
    }

    private static RuntimeException uncertified(String message) {
        return refused("InvalidViewerCertificate", message);
    }

    private static boolean covers(String name, String alias) {
        return name.equalsIgnoreCase(alias)
                || (name.startsWith("*.")
                        && alias.contains(".")
                        && alias.substring(alias.indexOf('.')).equalsIgnoreCase(name.substring(1)));
    }

    private static void errors(DistributionConfig config) {
        for (CustomErrorResponse one : config.customErrorResponses().items()) {
            if (!ERROR_CODES.contains(one.errorCode())) {
                throw refused("InvalidErrorCode", "The error code is not valid: " + one.errorCode());
            }
            boolean page =
                    one.responsePagePath() != null && !one.responsePagePath().isEmpty();
            boolean code = one.responseCode() != null && !one.responseCode().isEmpty();
            if (page != code) {
                throw refused("InvalidResponseCode", "ResponseCode and ResponsePagePath must be specified together.");
            }
        }
        GeoRestriction geo = config.restrictions().geoRestriction();
        if ((geo.restrictionType() == GeoRestrictionType.NONE) != geo.items().isEmpty()) {
            throw refused("InvalidGeoRestrictionParameter", "The specified geo restriction parameter is not valid.");
        }
    }
}
