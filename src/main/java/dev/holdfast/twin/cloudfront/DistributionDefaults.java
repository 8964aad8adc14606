package dev.holdfast.twin.cloudfront;

import dev.holdfast.aws.SdkShapes;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.cloudfront.model.*;

/**
 * A distribution's configuration as CloudFront returns it, with the defaults that CloudFront sets.
 *
 * @see <a href="https://docs.aws.amazon.com/cli/latest/reference/cloudfront/create-distribution.html#examples">an
 *     example of the answer to CreateDistribution</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/DownloadDistValuesOrigin.html">values of
 *     origins</a>
 */
final class DistributionDefaults {
    private static final DistributionConfig DISTRIBUTION = DistributionConfig.builder()
            .aliases(a -> a.quantity(0))
            .defaultRootObject("")
            .originGroups(g -> g.quantity(0))
            .cacheBehaviors(b -> b.quantity(0))
            .customErrorResponses(c -> c.quantity(0))
            .logging(l -> l.enabled(false).includeCookies(false).bucket("").prefix(""))
            .priceClass(PriceClass.PRICE_CLASS_ALL)
            .viewerCertificate(v -> v.cloudFrontDefaultCertificate(true))
            .restrictions(r -> r.geoRestriction(
                    g -> g.restrictionType(GeoRestrictionType.NONE).quantity(0)))
            .webACLId("")
            .httpVersion(HttpVersion.HTTP2)
            .isIPV6Enabled(false)
            .staging(false)
            .build();

    private static final Origin ORIGIN = Origin.builder()
            .originPath("")
            .customHeaders(h -> h.quantity(0))
            .connectionAttempts(3)
            .connectionTimeout(10)
            .originShield(s -> s.enabled(false))
            .originAccessControlId("")
            .build();

    private static final CustomOriginConfig CUSTOM = CustomOriginConfig.builder()
            .originSslProtocols(p -> p.quantity(2).items(SslProtocol.TLS_V1, SslProtocol.SSL_V3))
            .originReadTimeout(30)
            .originKeepaliveTimeout(5)
            .build();

    private static final VpcOriginConfig PRIVATE = VpcOriginConfig.builder()
            .originReadTimeout(30)
            .originKeepaliveTimeout(5)
            .build();

    private static final S3OriginConfig BUCKET =
            S3OriginConfig.builder().originReadTimeout(30).build();

    private static final CacheBehavior BEHAVIOR = CacheBehavior.builder()
            .trustedSigners(t -> t.enabled(false).quantity(0))
            .trustedKeyGroups(t -> t.enabled(false).quantity(0))
            .allowedMethods(m -> m.quantity(2)
                    .items(Method.HEAD, Method.GET)
                    .cachedMethods(c -> c.quantity(2).items(Method.HEAD, Method.GET)))
            .smoothStreaming(false)
            .compress(false)
            .lambdaFunctionAssociations(l -> l.quantity(0))
            .functionAssociations(f -> f.quantity(0))
            .fieldLevelEncryptionId("")
            .grpcConfig(g -> g.enabled(false))
            .build();

    private static final List<String> POLICIES =
            List.of("CachePolicyId", "OriginRequestPolicyId", "ResponseHeadersPolicyId");

    private DistributionDefaults() {}

    static DistributionConfig filled(DistributionConfig asked) {
        DistributionConfig.Builder whole = fill(asked, asked.toBuilder(), DISTRIBUTION)
                .origins(o -> o.quantity(asked.origins().quantity())
                        .items(asked.origins().items().stream()
                                .map(DistributionDefaults::origin)
                                .toList()))
                .defaultCacheBehavior(behavior(asked.defaultCacheBehavior(), asked.defaultCacheBehavior().toBuilder())
                        .allowedMethods(methods(asked.defaultCacheBehavior().allowedMethods()))
                        .build());
        if (asked.cacheBehaviors() != null && asked.cacheBehaviors().hasItems()) {
            whole.cacheBehaviors(b -> b.quantity(asked.cacheBehaviors().quantity())
                    .items(asked.cacheBehaviors().items().stream()
                            .map(one -> behavior(one, one.toBuilder())
                                    .allowedMethods(methods(one.allowedMethods()))
                                    .build())
                            .toList()));
        }
        LoggingConfig logging = asked.logging();
        if (logging != null) {
            whole.logging(
                    fill(logging, logging.toBuilder(), DISTRIBUTION.logging()).build());
        }
        certificate(asked.viewerCertificate(), whole);
        return whole.build();
    }

    /** Sets the members that the request lacks and the template has. */
    private static <B extends SdkPojo> B fill(SdkPojo asked, B whole, SdkPojo template) {
        for (SdkField<?> field : template.sdkFields()) {
            Object value = SdkShapes.get(template, field.memberName());
            if (value != null && SdkShapes.get(asked, field.memberName()) == null) {
                SdkField<?> member = SdkShapes.member(whole, field.memberName());
                if (member != null) {
                    member.set(whole, value);
                }
            }
        }
        return whole;
    }

    /** CloudFront shows no policy that a behavior does not have, also if the request named it with an empty text. */
    private static <B extends SdkPojo> B behavior(SdkPojo asked, B whole) {
        fill(asked, whole, BEHAVIOR);
        for (String name : POLICIES) {
            SdkField<?> member = Objects.requireNonNull(SdkShapes.member(whole, name), name);
            if ("".equals(SdkShapes.get(asked, name))) {
                member.set(whole, null);
            }
        }
        return whole;
    }

    private static Origin origin(Origin asked) {
        Origin.Builder whole = fill(asked, asked.toBuilder(), ORIGIN);
        CustomOriginConfig custom = asked.customOriginConfig();
        VpcOriginConfig inner = asked.vpcOriginConfig();
        S3OriginConfig bucket = asked.s3OriginConfig();
        if (custom != null) {
            whole.customOriginConfig(fill(custom, custom.toBuilder(), CUSTOM).build());
        }
        if (inner != null) {
            whole.vpcOriginConfig(fill(inner, inner.toBuilder(), PRIVATE).build());
        }
        if (bucket != null) {
            whole.s3OriginConfig(fill(bucket, bucket.toBuilder(), BUCKET).build());
        }
        return whole.build();
    }

    private static @Nullable AllowedMethods methods(@Nullable AllowedMethods asked) {
        return asked == null
                ? BEHAVIOR.allowedMethods()
                : fill(asked, asked.toBuilder(), Objects.requireNonNull(BEHAVIOR.allowedMethods()))
                        .build();
    }

    /** Also sets the deprecated members, which CloudFront returns too. */
    private static void certificate(@Nullable ViewerCertificate asked, DistributionConfig.Builder whole) {
        if (asked == null || Boolean.TRUE.equals(asked.cloudFrontDefaultCertificate())) {
            whole.viewerCertificate(v -> v.cloudFrontDefaultCertificate(true)
                    .sslSupportMethod(SSLSupportMethod.VIP)
                    .minimumProtocolVersion(MinimumProtocolVersion.TLS_V1)
                    .certificateSource(CertificateSource.CLOUDFRONT));
            return;
        }
        boolean acm = asked.acmCertificateArn() != null;
        ViewerCertificate.Builder named = asked.toBuilder()
                .cloudFrontDefaultCertificate(false)
                .certificate(acm ? asked.acmCertificateArn() : asked.iamCertificateId())
                .certificateSource(acm ? CertificateSource.ACM : CertificateSource.IAM);
        if (asked.minimumProtocolVersion() == null) {
            named.minimumProtocolVersion(MinimumProtocolVersion.TLS_V1);
        }
        whole.viewerCertificate(named.build());
    }
}
